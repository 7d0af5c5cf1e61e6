/** Launch options for fake roles: short limits, and the plan of a small spec. */
import { join } from 'node:path';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { LaunchLimits, LaunchOptions } from '../../server/runs/launch-types.ts';
import { linkOfSpec } from '../../server/runs/link-of-spec.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import type { Behaviour } from './roles/fake-role.ts';
import { smallSpec } from './specs.ts';

export const shortLimits: LaunchLimits = {
  startMs: 8000,
  probeMs: 3000,
  silenceMs: 1500,
  graceMs: 300,
};

const fake = (name: string): string => join(import.meta.dirname, 'roles', `${name}.ts`);

/** Entries of a run in which the parties behave so, and dealer and owner (or whoever is named) well. */
export const fakeEntries = (
  party: Behaviour | 'missing',
  dealer: Behaviour | 'missing' = 'good',
) => ({
  party: fake(party),
  dealer: fake(dealer),
  owner: fake('good'),
});

export async function fakeLaunch(
  party: Behaviour | 'missing',
  folder: string,
  signal: AbortSignal,
  spec: RunSpec = smallSpec,
): Promise<LaunchOptions> {
  const { dataset, measurement, model, network } = spec;
  return {
    session: {
      link: linkOfSpec(network),
      plan: planOfSpec(spec, await modelConfigOf(model)),
      batchSizes: batchSizesOf(dataset.samples, measurement.batchSize),
      insecureSeed: null,
    },
    owner: { model, dataset, batchSize: measurement.batchSize, repeats: 1, dataFolder: folder },
    folder,
    signal,
    onStage: async () => {},
    limits: shortLimits,
    entries: fakeEntries(party),
  };
}
