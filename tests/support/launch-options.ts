/** Launch options for fake roles: short limits, and the plan of the small spec. */
import { join } from 'node:path';
import type { LaunchLimits, LaunchOptions } from '../../server/runs/launch-types.ts';
import { modelConfigOf } from '../../server/runs/check-spec.ts';
import { linkOfSpec } from '../../server/runs/link-of-spec.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import type { Behaviour } from './roles/fake-role.ts';
import { smallSpec } from './specs.ts';

export const shortLimits: LaunchLimits = {
  startMs: 8000,
  probeMs: 3000,
  silenceMs: 1500,
  graceMs: 300,
};

const fake = (name: string): string => join(import.meta.dirname, 'roles', `${name}.ts`);

/** Entries of a run in which the parties behave so, and the owner well. */
export const fakeEntries = (party: Behaviour | 'missing') => ({
  party: fake(party),
  owner: fake('good'),
});

export async function fakeLaunch(
  party: Behaviour | 'missing',
  folder: string,
  signal: AbortSignal,
): Promise<LaunchOptions> {
  const { dataset, measurement, model } = smallSpec;
  return {
    session: {
      parties: 3,
      link: linkOfSpec(smallSpec.network),
      plan: planOfSpec(smallSpec, await modelConfigOf(model)),
      insecureSeed: null,
    },
    batchSizes: batchSizesOf(dataset.samples, measurement.batchSize),
    owner: { model, dataset, batchSize: measurement.batchSize, repeats: 1, dataFolder: folder },
    folder,
    signal,
    onStage: async () => {},
    limits: shortLimits,
    entries: fakeEntries(party),
  };
}
