/**
 * A worker in the middle of a real run: tells all its processes when they compute, and is killed then.
 * Arguments: the network of the run, as JSON, and a folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import type { NetworkSpec } from '../../server/api/schemas/network-spec.ts';
import { launch } from '../../server/runs/launcher.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { smallAdditiveSpec } from '../support/specs.ts';

/** Everything that was started from here, by parents; Linux. */
function descendants(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name in brackets may hold anything; the state and the parent follow it.
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [[Number(name), Number(parent)]];
      } catch {
        return [];
      }
    });
  const below = (pid: number): number[] =>
    parents.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

const [network = '', folder = ''] = process.argv.slice(2);
const spec = { ...smallAdditiveSpec, network: JSON.parse(network) as NetworkSpec };
const { dataset, measurement } = spec;
const batchSizes = batchSizesOf(dataset.samples, measurement.batchSize);
const plan = planOfSpec(spec, await modelConfigOf(spec.model));
await launch({
  session: sessionOf(spec, plan, batchSizes),
  owner: {
    model: spec.model,
    dataset,
    batchSize: measurement.batchSize,
    repeats: measurement.repeats,
    dataFolder: folder,
  },
  folder,
  signal: new AbortController().signal,
  onStage: (stage) => {
    if (stage.name === 'running') process.send?.({ pids: descendants(process.pid) });
    return Promise.resolve();
  },
});
