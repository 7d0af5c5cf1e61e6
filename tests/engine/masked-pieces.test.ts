/**
 * What the fast variants evaluate as one operation under masks, against the function itself in float:
 * the pieces of GeLU and SiLU, the exponential, repeated squaring, powers of two by comparisons.
 */
import { describe, expect, test } from 'vitest';
import { geluEven } from '../../server/engine/approximations/gelu-even.ts';
import { geluPuma } from '../../server/engine/approximations/gelu-puma.ts';
import { reciprocal, reciprocalSqrt } from '../../server/engine/approximations/normalise.ts';
import { siluPuma } from '../../server/engine/approximations/silu-puma.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { ringTensor, simulate } from '../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const scale = 2 ** ring.fractionBits;

const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

/** Largest distance from `expected` over the values. */
async function worst(
  id: 'additive/fast' | 'replicated/fast',
  values: readonly number[],
  program: (mpc: Protocol, x: AShare) => Promise<AShare>,
  expected: (x: number) => number,
  relative = false,
): Promise<number> {
  const words = values.map((value) => BigInt(Math.round(value * scale)));
  const input = ringTensor(64, [values.length], words);
  const { values: found } = await simulate(id, kernels, ring, [input], (mpc, [x]) =>
    program(mpc, x as AShare),
  );
  const errors = words.map((word, index) => {
    const wanted = expected(Number(word) / scale);
    const got = Number(BigInt.asIntN(64, found[index] ?? 0n)) / scale;
    return Math.abs(got - wanted) / (relative ? wanted : 1);
  });
  return Math.max(...errors);
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/** Constants as published (Dong et al. 2023, Algorithm 1; AntCPLab/puma_benchmarks). */
function gelu(x: number): number {
  if (x < -4) return 0;
  // As the ring holds it.
  if (x < Math.round(-1.95 * scale) / scale) {
    return polynomial(
      x,
      [-0.5054031199708174, -0.42226581151983866, -0.11807612951181953, -0.011034134030615728],
    );
  }
  return x <= 3
    ? polynomial(
        x,
        [
          0.008526321541038084, 0.5, 0.3603292692789629, 0, -0.037688200365904236, 0,
          0.0018067462606141187,
        ],
      )
    : x;
}

function even(x: number): number {
  if (Math.abs(x) > 2.8) return Math.max(x, 0);
  const coefficients = [0.00656184, 0.36638267, -0.04021415, 0.00205896];
  return x / 2 + polynomial(x * x, coefficients);
}

function silu(x: number): number {
  if (x < -8) return 0;
  if (x < -4) return polynomial(x, [-0.3067541139982155, -0.0819767021525476, -0.0055465625580307]);
  return x <= 4
    ? polynomial(
        x,
        [0.0085064025895951, 0.5, 0.228143084172827, 0, -0.011113046708173, 0, 0.0002743776353465],
      )
    : x;
}

describe.each(['additive/fast', 'replicated/fast'] as const)('%s', (id) => {
  const far = [-4, -1.95, 3, 4, -8, 2 ** 12, -(2 ** 12), 1e7, -1e7, 0];

  test('GeLU is its pieces within 2^-11, and exact outside', async () => {
    const values = [...grid(-6, 6, 4001), ...far];
    const run = (mpc: Protocol, x: AShare) => geluPuma.evaluate(mpc, x);
    expect(await worst(id, values, run, gelu)).toBeLessThan(2 ** -11);
    expect(await worst(id, [...grid(3.001, 90, 999), -4.001, -90, 1e7], run, gelu)).toBe(0);
  });

  test('the even GeLU is its polynomial within 2^-11, and exact outside', async () => {
    const values = [...grid(-2.79, 2.79, 4001), ...far];
    const run = (mpc: Protocol, x: AShare) => geluEven.evaluate(mpc, x);
    expect(await worst(id, values, run, even)).toBeLessThan(2 ** -11);
    expect(await worst(id, [...grid(2.801, 90, 999), -2.801, -90, 1e7], run, even)).toBe(0);
  });

  test('the exponential is right to 2e-6 of itself and two units, 0 below -14', async () => {
    const run = (mpc: Protocol, x: AShare) => {
      if (mpc.exponential === null) throw new Error('composed');
      return mpc.exponential(x);
    };
    const values = [...grid(-14, 1.9999, 20_001), 0, -1 / scale, 1 / scale, -14];
    const bound = 2 / scale + 2e-6 * Math.exp(2);
    expect(await worst(id, values, run, Math.exp)).toBeLessThan(bound);
    const below = [...grid(-40, -14.0001, 2000), -16, -18, -30, -256, -(2 ** 20), -(2 ** 39)];
    expect(await worst(id, below, run, () => 0)).toBe(0);
  });

  test('SiLU is its pieces within 2^-10', async () => {
    const values = [...grid(-10, 10, 4001), ...far];
    const run = (mpc: Protocol, x: AShare) => siluPuma.evaluate(mpc, x);
    expect(await worst(id, values, run, silu)).toBeLessThan(2 ** -10);
  });

  test('five squarings give the 32nd power, an error of one unit growing 32 times', async () => {
    const values = [...grid(-1.05, 1.05, 4001), 0, 1, -1];
    const run = (mpc: Protocol, x: AShare) => mpc.squareTimes(x, 5, ring.fractionBits);
    expect(await worst(id, values, run, (x) => x ** 32)).toBeLessThan((64 * 1.05 ** 32) / scale);
  });

  test('reciprocals and roots over the whole domain', async () => {
    const values = Array.from({ length: 400 }, (_, index) => 2 ** (-10 + index / 20));
    const inverse = (mpc: Protocol, x: AShare) => reciprocal(mpc, x);
    const small = values.filter((x) => x >= 2 ** -8 && x < 16);
    expect(await worst(id, small, inverse, (x) => 1 / x, true)).toBeLessThan(2e-4);
    const root = (mpc: Protocol, x: AShare) => reciprocalSqrt(mpc, x);
    const inside = values.filter((x) => x < 2 ** 8);
    expect(await worst(id, inside, root, (x) => 1 / Math.sqrt(x), true)).toBeLessThan(1e-3);
    // Above its domain a root stays what it is at the end.
    const above = [2 ** 17, 3 * 2 ** 16, 5e5, 8e6];
    expect(await worst(id, above, root, () => 2 ** -8.5, true)).toBeLessThan(1e-2);
  });
});
