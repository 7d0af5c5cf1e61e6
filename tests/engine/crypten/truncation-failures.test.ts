/** The expected failures of local truncation: counted from shapes, and against what happens. */
import { expect, test } from 'vitest';
import { predictCost } from '../../../server/engine/cost/predict.ts';
import { expectedTruncationFailures } from '../../../server/engine/cost/truncation-failures.ts';
import type { Plan } from '../../../server/engine/plan.ts';
import { ringTensor, simulate } from '../../support/simulate.ts';
import { kernels, ring } from './support.ts';

const bertBase: Plan = {
  variant: 'additive/crypten',
  ring: { bits: 64, fractionBits: 18 },
  model: {
    architecture: 'bert',
    layers: 12,
    hidden: 768,
    heads: 12,
    ffn: 3072,
    vocabularySize: 30_522,
    maxPositions: 512,
    typeVocabularySize: 2,
    labels: 2,
    layerNormEpsilon: 1e-12,
    pooling: 'cls',
  },
  approximations: { gelu: 'crypten-tanh', softmax: 'crypten' },
  length: 128,
};

test('every truncated element is counted, once, with the bits that it loses', async () => {
  const { truncated, expected } = await expectedTruncationFailures(bertBase, 1);
  const { rows } = await predictCost(bertBase, 1);
  const elements = rows
    .filter(({ op }) => op === 'truncate')
    .reduce((n, row) => n + row.elements, 0);
  expect(truncated.reduce((n, part) => n + part.elements, 0)).toBe(elements);
  const byHand = truncated.reduce(
    (sum, part) => sum + part.elements * 2 ** (18 + part.bits - 64),
    0,
  );
  expect(expected).toBe(byHand);
  // The exponential alone: one truncation by 8 bits of 12 layers' 12 x 128 x 128 scores, at least.
  expect(truncated.find(({ bits }) => bits === 8)?.elements).toBeGreaterThanOrEqual(
    12 * 12 * 128 * 128,
  );
});

test('BERT-base at 18 bits: between 0.1 and 1 failure per unit of mean size', async () => {
  const one = await expectedTruncationFailures(bertBase, 1, 1);
  expect(one.expected).toBeGreaterThan(0.1);
  expect(one.expected).toBeLessThan(1);
  const half = await expectedTruncationFailures(bertBase, 1, 0.5);
  expect(half.expected).toBeCloseTo(one.expected / 2, 12);
  const batch = await expectedTruncationFailures(bertBase, 3, 1);
  expect(batch.expected / one.expected).toBeCloseTo(3, 6);
});

test('a truncation with a message never wraps', async () => {
  const semi2k = await expectedTruncationFailures({ ...bertBase, variant: 'additive/semi2k' }, 1);
  expect(semi2k.expected).toBe(0);
  expect(semi2k.truncated.length).toBeGreaterThan(0);
});

test('a size that is none is refused', async () => {
  await expect(expectedTruncationFailures(bertBase, 1, -1)).rejects.toThrow('meanMagnitude: -1');
  await expect(expectedTruncationFailures(bertBase, 1, Infinity)).rejects.toThrow('meanMagnitude');
});

test('200,000 truncations of 2^52 fail about as often as |z| / 2^64 says', async () => {
  const count = 200_000;
  const z = 1n << 52n;
  const run = await simulate(
    'additive/crypten',
    kernels,
    ring,
    [ringTensor(64, [count], Array<bigint>(count).fill(z))],
    (mpc, [x]) => mpc.truncate(x!, 16),
  );
  const failed = run.values.filter((value) => {
    const off = value - (z >> 16n);
    return off > 1n || off < -1n;
  }).length;
  // Mean 48.8, standard deviation 7.0.
  expect(failed).toBeGreaterThan(20);
  expect(failed).toBeLessThan(85);
});
