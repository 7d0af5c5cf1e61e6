/** The images and networks that ship: accepted, right about as often as their cards say, and run for real. */
import { expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { computeYardsticks, prepareInputs } from '../../server/runs/coordinator.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import type { OwnerTask } from '../../server/runs/messages.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { readDetail } from '../../server/runs/views.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();

const specOf = (model: string, samples: number): RunSpec => ({
  ...smallSpec,
  model,
  dataset: { id: 'fashion-mnist-test', samples },
  sequenceLength: 50,
  approximations: { gelu: 'even', softmax: 'exponential' },
  protocol: { variant: 'additive/fast', ring: { bits: 64, fractionBits: 18 } },
  measurement: { batchSize: 2, repeats: 1 },
});

test.each(['vit-micro-fmnist', 'vit-micro-fmnist-relu', 'vit-micro-fmnist-scale'])(
  '%s names most of 40 images, in float64 and in fixed point',
  async (model) => {
    const { spec, issues } = await checkSpec(specOf(model, 40));
    expect(issues).toEqual([]);
    if (spec === null) throw new Error('no spec');
    const plan = planOfSpec(spec, await modelConfigOf(model));
    const { dataset } = spec;
    const task = { model, dataset, batchSize: 10, plan, dataFolder: dataFolder() } as OwnerTask;
    const inputs = await prepareInputs(task);
    const { samples } = await computeYardsticks(inputs, plan, loadKernels(), () => undefined);
    const right = (logits: readonly number[], label: number): boolean =>
      logits.indexOf(Math.max(...logits)) === label;
    const count = (read: (sample: (typeof samples)[number]) => readonly number[]): number =>
      samples.filter((sample) => right(read(sample), sample.label)).length;
    expect(count(({ plaintextLogits }) => plaintextLogits)).toBeGreaterThan(28);
    expect(count(({ clearLogits }) => clearLogits)).toBeGreaterThan(28);
  },
);

test('a real run on two of them', async () => {
  const spec = specOf('vit-micro-fmnist', 2);
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  expect(run.prediction?.agrees).toBe(true);
  expect(run.headline?.maxLogitError.protocol).toBeLessThan(0.05);
  expect(run.samples).toHaveLength(2);
  expect(run.labels).toHaveLength(10);
});
