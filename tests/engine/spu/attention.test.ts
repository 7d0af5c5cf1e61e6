/**
 * The attention normalisers of MPCViT: what they compute, in all three ways of dividing by a row's sum,
 * and what whole networks send for them. The table is that of the paper's fact sheet, one party's sends:
 * bytes per score, and megabytes for the CIFAR and Tiny ImageNet networks.
 */
import { describe, expect, test } from 'vitest';
import {
  reluSoftmax,
  scaleAttention,
  softmax,
  softmaxSpu,
  squareAttention,
  type AttentionWeights,
  type Quotient,
} from '../../../server/engine/approximations/spu/attention.ts';
import { priceProgram } from '../../../server/engine/cost/price-program.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { measuredLinks, ringTensor, runClear, simulate } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const unit = 2 ** -ring.fractionBits;

const quotients: readonly Quotient[] = ['perScore', 'inverseByDivision', 'inverse'];

const rows = [
  [0, 0, 0, 0, 0],
  [-30, -31, -29, -30.5, -30],
  [1, 2, 3, 4, 5],
  [10, -10, 9.5, 0, -3],
  [0.01, -0.02, 0.03, 0, -0.01],
];
const scores = ringTensor(
  64,
  [5, 5],
  rows.flat().map((value) => BigInt(Math.round(value / unit))),
);

const normalised = (row: readonly number[], power: (value: number) => number, epsilon: number) => {
  const powers = row.map(power);
  const total = powers.reduce((sum, value) => sum + value, epsilon);
  return powers.map((value) => value / total);
};
const exact: Readonly<Record<string, (row: readonly number[]) => number[]>> = {
  softmax: (row) => normalised(row, (v) => Math.exp(v - Math.max(...row)), 0),
  rsattn: (row) => normalised(row, (v) => Math.max(0, v), 1e-5),
  '2quad': (row) => normalised(row, (v) => v * v, 1e-5),
  scaleattn: (row) => row.map((v) => v / row.length),
};
/** Small squares and small sums keep few digits in fixed point. */
const bounds = { softmax: 0.002, rsattn: 0.001, '2quad': 0.01, scaleattn: 1e-4 } as const;

describe.each([softmax, reluSoftmax, squareAttention, scaleAttention])('$title', (weights) => {
  test.each(quotients)('is itself within its bound, divided %s', async (quotient) => {
    const expected = rows.flatMap((row) => exact[weights.id]!(row));
    const open = await runClear(kernels, ring, [scores], (mpc, [x]) =>
      weights.evaluate(mpc, x!, quotient),
    );
    const secret = await simulate('additive/semi2k', kernels, ring, [scores], (mpc, [x]) =>
      weights.evaluate(mpc, x!, quotient),
    );
    for (const values of [open, secret.values]) {
      values.forEach((value, index) =>
        expect(Math.abs(Number(value) * unit - expected[index]!), `score ${index}`).toBeLessThan(
          bounds[weights.id],
        ),
      );
    }
  });
});

test('a row without a positive score gets no weight from RSAttn, whichever way it is divided', async () => {
  for (const quotient of quotients) {
    const run = await simulate('additive/semi2k', kernels, ring, [scores], (mpc, [x]) =>
      reluSoftmax.evaluate(mpc, x!, quotient),
    );
    for (const value of run.values.slice(0, 10)) {
      expect(value >= -1n && value <= 1n, `${quotient}: ${value}`).toBe(true);
    }
  }
});

test("as a plan's softmax it gives padding no weight", async () => {
  const keep = ringTensor(
    64,
    [5, 5],
    rows.flatMap((_, row) => rows.map((__, column) => (column > row ? 0n : 1n))),
  );
  const y = await runClear(kernels, ring, [scores, keep], (mpc, [x, k]) =>
    softmaxSpu.evaluate(mpc, x!, k!),
  );
  rows.forEach((row, index) => {
    const weights = y.slice(index * 5, index * 5 + 5).map((value) => Number(value) * unit);
    const expected = [
      ...exact['softmax']!(row.slice(0, index + 1)),
      ...Array<number>(4 - index).fill(0),
    ];
    weights.forEach((value, column) =>
      expect(Math.abs(value - expected[column]!)).toBeLessThan(0.004),
    );
  });
});

/** `[id, quotient, bytes per score at n = 65, CIFAR MB, Tiny MB]` of the fact sheet, section 4.2. */
const table: readonly (readonly [AttentionWeights, Quotient, number, number, number])[] = [
  [softmax, 'perScore', 855, 101.12, 6103.88],
  [softmax, 'inverseByDivision', 312, 36.87, 2182.29],
  [reluSoftmax, 'perScore', 656, 77.6, 4679.44],
  [reluSoftmax, 'inverseByDivision', 113, 13.35, 757.85],
  [squareAttention, 'perScore', 600, 70.98, 4279.98],
  [squareAttention, 'inverseByDivision', 57, 6.73, 358.39],
  [scaleAttention, 'perScore', 8, 0.95, 57.07],
];
/** Rows of scores in a whole network, and their length: 7 layers x 4 heads x 65, 9 x 12 x 257. */
const networks = { cifar: [1820, 65], tiny: [27_756, 257] } as const;

async function bytesOf(weights: AttentionWeights, quotient: Quotient, shape: readonly number[]) {
  const cost = await priceProgram({
    variant: 'additive/semi2k',
    ring,
    correlations: 'insecureFirstParty',
    turn: 0,
    inputs: [shape],
    run: (mpc, [x]) => weights.evaluate(mpc, x!, quotient),
  });
  return cost.bytesSentPerParty;
}

test("what whole networks send for attention is the fact sheet's table", async () => {
  const lines: string[] = [];
  for (const [weights, quotient, perScore, cifarMb, tinyMb] of table) {
    const cifar = await bytesOf(weights, quotient, networks.cifar);
    const tiny = await bytesOf(weights, quotient, networks.tiny);
    const each = cifar / (networks.cifar[0] * networks.cifar[1]);
    lines.push(
      `${weights.title}, ${quotient}: ${each.toFixed(2)} B per score, ` +
        `CIFAR ${(cifar / 1e6).toFixed(2)} MB, Tiny ${(tiny / 1e6).toFixed(2)} MB`,
    );
    expect(Math.round(each), weights.title).toBe(perScore);
    expect((cifar / 1e6).toFixed(2), `${weights.title}, CIFAR`).toBe(cifarMb.toFixed(2));
    expect((tiny / 1e6).toFixed(2), `${weights.title}, Tiny`).toBe(tinyMb.toFixed(2));
  }
  console.info(lines.join('\n'));
});

test("with SPU's own reciprocal, 24 bytes a row less than with a division", async () => {
  for (const weights of [softmax, reluSoftmax, squareAttention]) {
    const divided = await bytesOf(weights, 'inverseByDivision', networks.cifar);
    const inverted = await bytesOf(weights, 'inverse', networks.cifar);
    expect(divided - inverted, weights.title).toBe(24 * networks.cifar[0]);
  }
});

test('both parties send what was priced', async () => {
  for (const weights of [softmax, reluSoftmax, squareAttention, scaleAttention]) {
    for (const quotient of quotients) {
      const run = await simulate('additive/semi2k', kernels, ring, [scores], (mpc, [x]) =>
        weights.evaluate(mpc, x!, quotient),
      );
      const bytes = await bytesOf(weights, quotient, [5, 5]);
      expect(measuredLinks(run.parties), `${weights.title}, ${quotient}`).toEqual({
        '0>1': bytes,
        '1>0': bytes,
      });
    }
  }
});
