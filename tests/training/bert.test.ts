/** The training graph's BERT is the zoo's float reference, and a student is what the engine will run. */
import { expect, test } from 'vitest';
import { executeClear } from '../../server/engine/execute.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { tokenFeeds } from '../../server/training/data.ts';
import { Judge } from '../../server/training/distillation/judge.ts';
import { classifyFloat, prepareFloatModel } from '../../server/zoo/float-bert.ts';
import { tinyConfig, tinyRows, tinyTeacher } from './tiny-task.ts';

const weights = tinyTeacher();
const rows = tinyRows(6, 'bert');
const chosen = [0, 1, 2, 3, 4, 5];

async function logitsOf(
  gelu: 'exact' | 'quad',
  softmax: 'exact' | '2quad' | '2relu',
  frozen = false,
): Promise<number[]> {
  const student = { config: tinyConfig, gelu, softmax, isFrozen: () => frozen };
  // A batch of 4 leaves a ragged rest of 2.
  const judge = await Judge.open(student, weights, 4, 1);
  const logits = await judge.logits(weights, rows, chosen);
  await judge.close();
  return [...logits];
}

test.each([false, true])(
  'exact functions: the float64 reference, weights frozen %s',
  async (frozen) => {
    const logits = await logitsOf('exact', 'exact', frozen);
    const model = prepareFloatModel(tinyConfig, weights);
    chosen.forEach((row) => {
      const { ids, keep } = tokenFeeds(rows, [row]);
      const expected = classifyFloat(
        model,
        Int32Array.from(ids, Number),
        Uint8Array.from(keep),
      ).logits;
      expected.forEach((value, label) => expect(logits[2 * row + label]).toBeCloseTo(value, 5));
    });
  },
);

test.each([
  ['quad', '2quad'],
  ['quad', '2relu'],
] as const)(
  '%s and %s: the float64 reference, and what the engine computes in the clear',
  async (gelu, softmax) => {
    const logits = await logitsOf(gelu, softmax);
    const plan: Plan = {
      variant: 'clear',
      ring: { bits: 64, fractionBits: 18 },
      model: { ...tinyConfig, architecture: 'bert', labels: 2 },
      approximations: { gelu, softmax },
      length: tinyConfig.maxLength,
    };
    const reference = prepareFloatModel({ ...tinyConfig, madeFor: { gelu, softmax } }, weights);
    chosen.forEach((row) => {
      const feeds = tokenFeeds(rows, [row]);
      const found = classifyFloat(
        reference,
        Int32Array.from(feeds.ids, Number),
        Uint8Array.from(feeds.keep),
      ).logits;
      found.forEach((value, label) => expect(logits[2 * row + label]).toBeCloseTo(value, 4));
    });
    const { ids, keep } = tokenFeeds(rows, chosen);
    const batch = {
      size: chosen.length,
      ids: Int32Array.from(ids, Number),
      mask: Uint8Array.from(keep),
    };
    const [clear] = await executeClear({ plan, kernels: loadKernels(), weights, batches: [batch] });
    const errors = [...clear!].map((value, index) => Math.abs(value - logits[index]!));
    // 18 fraction bits, and a reciprocal of small row sums in 2ReLU.
    expect(Math.max(...errors)).toBeLessThan(0.01);
    // And not the exact functions' logits, which lie much further away.
    const exact = await logitsOf('exact', 'exact');
    expect(
      Math.max(...logits.map((value, index) => Math.abs(value - exact[index]!))),
    ).toBeGreaterThan(0.05);
  },
);
