/** The pieces that only decoders use, each against its formula in the clear. */
import { describe, expect, test } from 'vitest';
import { rmsNorm } from '../../../server/engine/approximations/rmsnorm.ts';
import { siluPuma } from '../../../server/engine/approximations/silu-puma.ts';
import { argmax, argmaxOfJax } from '../../../server/engine/circuits/argmax.ts';
import { rotary } from '../../../server/engine/models/rotary.ts';
import type { AShare, Protocol } from '../../../server/engine/protocol.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { seededRandom } from '../../support/random.ts';
import { ringTensor, runClear, simulate } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const one = 2 ** 18;
const fixed = (shape: readonly number[], values: readonly number[]) =>
  ringTensor(
    64,
    shape,
    values.map((value) => BigInt(Math.round(value * one))),
  );

async function run(
  shape: readonly number[],
  values: readonly number[],
  program: (mpc: Protocol, x: AShare) => Promise<AShare>,
): Promise<number[]> {
  const words = await runClear(kernels, ring, [fixed(shape, values)], (mpc, [x]) =>
    program(mpc, x!),
  );
  return words.map((word) => Number(word) / one);
}

describe('PUMA SiLU', () => {
  const exact = (x: number) => x / (1 + Math.exp(-x));
  const grid = (from: number, to: number) =>
    Array.from({ length: 4001 }, (_, i) => from + ((to - from) * i) / 4000);

  test.each([
    ['below the pieces', -40, -8.001, 0.003],
    ['in the pieces', -8, 3.999, 0.017],
    ['above them, worst just above 4', 4.001, 60, 0.072],
  ] as const)('%s', async (_, from, to, bound) => {
    const xs = grid(from, to);
    const ys = await run([xs.length], xs, (mpc, x) => siluPuma.evaluate(mpc, x));
    const errors = ys.map((y, i) => Math.abs(y - exact(xs[i]!)));
    expect(Math.max(...errors)).toBeLessThan(bound);
  });
});

describe('RMSNorm', () => {
  test.each([0.05, 1, 30])('of rows of size %d', async (size) => {
    const random = seededRandom(`rms ${size}`);
    const xs = Array.from({ length: 4 * 24 }, () => size * (2 * random() - 1));
    const gammas = Array.from({ length: 24 }, () => 0.5 + random());
    const words = await runClear(
      kernels,
      ring,
      [fixed([4, 24], xs), fixed([24], gammas)],
      (mpc, [x, gamma]) => rmsNorm(mpc, x!, gamma!, 1e-6),
    );
    words.forEach((word, at) => {
      const row = xs.slice(24 * Math.floor(at / 24), 24 * (Math.floor(at / 24) + 1));
      const square = row.reduce((sum, x) => sum + x * x, 0) / 24;
      const expected = (xs[at]! / Math.sqrt(square + 1e-6)) * gammas[at % 24]!;
      expect(Math.abs(Number(word) / one - expected)).toBeLessThan(0.02);
    });
  });
});

test('rotary positions turn pairs of entries, and keep their length', async () => {
  const random = seededRandom('rotary');
  const width = 6;
  const xs = Array.from({ length: 2 * 3 * width }, () => 4 * random() - 2);
  const ys = await run([1, 2, 3, width], xs, (mpc, x) => rotary(mpc, x, 10_000));
  for (let row = 0; row < 6; row++) {
    for (let i = 0; i < width / 2; i++) {
      const angle = (row % 3) * 10_000 ** (-2 * (i / width));
      const at = row * width + i;
      const [a, b] = [xs[at]!, xs[at + width / 2]!];
      expect(ys[at]).toBeCloseTo(a * Math.cos(angle) - b * Math.sin(angle), 4);
      expect(ys[at + width / 2]).toBeCloseTo(a * Math.sin(angle) + b * Math.cos(angle), 4);
    }
  }
});

describe.each([
  ['argmax', argmax],
  ['argmax of JAX', argmaxOfJax],
] as const)('%s', (_, find) => {
  const rows = [
    [3, 1, 2],
    [-5, -1, -2],
    [7, 7, 7],
    [-1, 4, 4],
  ];
  test.each([1, 2, 3, 5, 8, 13])('rows of %d: the first of the largest', async (length) => {
    const random = seededRandom(`argmax ${length}`);
    const own = Array.from({ length: 6 }, (_row, row) =>
      Array.from({ length }, (_column, column) =>
        row < rows.length && length === 3 ? rows[row]![column]! : Math.floor(5 * random()) - 2,
      ),
    );
    const words = await runClear(kernels, ring, [fixed([6, length], own.flat())], (mpc, [x]) =>
      find(mpc, x!),
    );
    expect(words.map(Number)).toEqual(own.map((row) => row.indexOf(Math.max(...row))));
  });

  test('the same among three parties', async () => {
    const { values } = await simulate(
      'replicated/aby3',
      kernels,
      ring,
      [fixed([4, 3], rows.flat())],
      (mpc, [x]) => find(mpc, x!),
    );
    expect(values.map(Number)).toEqual([0, 1, 0, 1]);
  });
});
