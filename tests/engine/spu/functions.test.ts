/**
 * Error of SPU's functions in fixed point against the exact ones, in the clear and under SEMI2K, over
 * their stated domains and at the edges: zero, negative values, the ends of the domain and beyond.
 */
import { describe, expect, test } from 'vitest';
import { erf as exactErf, gelu } from '../../../server/engine/approximations/erf.ts';
import { siluPuma } from '../../../server/engine/approximations/silu-puma.ts';
import { divide, reciprocal } from '../../../server/engine/approximations/spu/division.ts';
import { exp } from '../../../server/engine/approximations/spu/exp.ts';
import { erf, geluErf } from '../../../server/engine/approximations/spu/gelu-erf.ts';
import { reciprocalSqrt, sqrt } from '../../../server/engine/approximations/spu/root.ts';
import { rowMax } from '../../../server/engine/approximations/spu/row-max.ts';
import { sigmoid } from '../../../server/engine/approximations/spu/sigmoid.ts';
import { tanh } from '../../../server/engine/approximations/spu/tanh.ts';
import { clamp, relu } from '../../../server/engine/circuits/compare.ts';
import type { AShare, Protocol } from '../../../server/engine/protocol.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import type { Shape } from '../../../server/engine/ring/tensor.ts';
import { ringTensor, runClear, simulate } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const unit = 2 ** -ring.fractionBits;

type Program = (mpc: Protocol, inputs: readonly AShare[]) => Promise<AShare>;

const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
/** Both signs of a geometric progression. */
const bothSigns = (from: number, to: number, count: number) => {
  const positive = grid(Math.log(from), Math.log(to), count).map(Math.exp);
  return [...positive, ...positive.map((value) => -value)];
};
const encoded = (value: number) => Math.round(value / unit) * unit;

function tensor(values: readonly number[], shape: Shape = [values.length]) {
  return ringTensor(
    64,
    shape,
    values.map((value) => BigInt(Math.round(value / unit))),
  );
}

const runs: Readonly<
  Record<string, (inputs: ReturnType<typeof tensor>[], program: Program) => Promise<bigint[]>>
> = {
  clear: (inputs, program) => runClear(kernels, ring, inputs, program),
  'additive/semi2k': async (inputs, program) =>
    (await simulate('additive/semi2k', kernels, ring, inputs, program)).values,
};

describe.each(Object.entries(runs))('in %s', (_, run) => {
  const floats = async (inputs: ReturnType<typeof tensor>[], program: Program) =>
    (await run(inputs, program)).map((value) => Number(value) * unit);

  /** Largest excess of the error over what is allowed at that input; negative where all is well. */
  async function excess(
    x: readonly number[],
    program: (mpc: Protocol, x: AShare) => Promise<AShare>,
    exact: (x: number) => number,
    allowed: (x: number) => number,
  ): Promise<number> {
    const y = await floats([tensor(x)], (mpc, [a]) => program(mpc, a!));
    return Math.max(
      ...y.map((value, index) => {
        const at = encoded(x[index] ?? NaN);
        return Math.abs(value - exact(at)) - allowed(at);
      }),
    );
  }

  test('reciprocal: relative 1e-4 and four units, both signs, up to 2^18', async () => {
    const x = [...bothSigns(1e-3, 2.6e5, 800), unit, -unit, 1, -1, 2 ** 18 - unit];
    expect(
      await excess(
        x,
        reciprocal,
        (v) => 1 / v,
        (v) => 1e-4 / Math.abs(v) + 4 * unit,
      ),
    ).toBeLessThan(0);
  });

  test('division: relative 1e-4, and rounding that grows as the divisor shrinks', async () => {
    const a = grid(-10, 10, 1600);
    const b = bothSigns(0.01, 1e5, 800).toSorted((left, right) => Math.sin(left) - Math.sin(right));
    const y = await floats([tensor(a), tensor(b)], (mpc, [p, q]) => divide(mpc, p!, q!));
    y.forEach((value, index) => {
      const quotient = encoded(a[index]!) / encoded(b[index]!);
      const allowed = 1e-4 * Math.abs(quotient) + (4 * unit) / Math.abs(b[index]!) + 3 * unit;
      expect(Math.abs(value - quotient), `${a[index]} / ${b[index]}`).toBeLessThan(allowed);
    });
  });

  test('division at the ends of its domain', async () => {
    const a = [2 ** 24, -(2 ** 24), 2 ** 24, 1];
    const b = [2 ** 17, 2 ** 17, -1, unit];
    const y = await floats([tensor(a), tensor(b)], (mpc, [p, q]) => divide(mpc, p!, q!));
    a.forEach((value, index) => {
      const quotient = value / b[index]!;
      // Against the smallest divisor, a unit of r a is the divisor itself.
      const relative = index === 3 ? 1e-3 : 1e-4;
      expect(Math.abs(y[index]! / quotient - 1), `${value} / ${b[index]}`).toBeLessThan(relative);
    });
  });

  test('nothing, and more than 2^18, divided by gives nothing', async () => {
    const [a, b] = [tensor([5, -5, 0, 7]), tensor([0, 0, 0, 2 ** 18])];
    expect(await floats([a, b], (mpc, [p, q]) => divide(mpc, p!, q!))).toEqual([0, 0, 0, 0]);
    expect(await floats([b], (mpc, [q]) => reciprocal(mpc, q!))).toEqual([0, 0, 0, 0]);
    expect(
      (await floats([tensor([0])], (mpc, [p]) => divide(mpc, p!, mpc.addFixed(p!, 3))))[0],
    ).toBeCloseTo(0, 4);
  });

  test('1 / sqrt(x): relative 2e-3 up to 2^17, zero gives zero', async () => {
    const x = grid(Math.log(1e-4), Math.log(2 ** 17 - 1), 1500).map(Math.exp);
    const allowed = (v: number) => 2e-3 / Math.sqrt(v) + 4 * unit + (40 * unit) / v;
    expect(await excess(x, reciprocalSqrt, (v) => 1 / Math.sqrt(v), allowed)).toBeLessThan(0);
    expect(await floats([tensor([0, 0])], (mpc, [a]) => reciprocalSqrt(mpc, a!))).toEqual([0, 0]);
  });

  test('sqrt(x): relative 1e-3 up to 2^17, zero gives zero', async () => {
    const x = grid(Math.log(1e-4), Math.log(2 ** 17 - 1), 1500).map(Math.exp);
    const allowed = (v: number) => 1e-3 * Math.sqrt(v) + 8 * unit;
    expect(await excess(x, sqrt, Math.sqrt, allowed)).toBeLessThan(0);
    const [zero] = await floats([tensor([0])], (mpc, [a]) => sqrt(mpc, a!));
    expect(Math.abs(zero ?? NaN)).toBeLessThanOrEqual(2 * unit);
  });

  test('exp: within .0015 for every x from -500 to 0, relative x^2 / 500 above', async () => {
    const below = [...grid(-500, -20, 200), ...grid(-20, 0, 2001)];
    expect(await excess(below, exp, Math.exp, () => 0.0015)).toBeLessThan(0);
    const above = (v: number) => Math.exp(v) * (v ** 2 / 500 + 3e-3);
    expect(await excess(grid(0, 8.9, 500), exp, Math.exp, above)).toBeLessThan(0);
  });

  test('tanh: within .006 everywhere', async () => {
    const x = [...grid(-12, 12, 2001), 0, 5, -5, 1000, -1000];
    expect(await excess(x, tanh, Math.tanh, () => 0.006)).toBeLessThan(0);
  });

  test('sigmoid: within .002 from -7.9 to 500', async () => {
    const x = [...grid(-7.9, 30, 1000), 0, 100, 500];
    expect(
      await excess(
        x,
        sigmoid,
        (v) => 1 / (1 + Math.exp(-v)),
        () => 0.002,
      ),
    ).toBeLessThan(0);
  });

  test('erf: within .01 everywhere, .001 up to 2', async () => {
    const wide = [...grid(-6, 6, 1501), 0, 100, -100];
    expect(await excess(wide, erf, exactErf, () => 0.01)).toBeLessThan(0);
    expect(await excess(grid(-2, 2, 1001), erf, exactErf, () => 0.001)).toBeLessThan(0);
  });

  test('GeLU by erf: within .002 up to 2, then half a percent of x', async () => {
    const x = [...grid(-12, 12, 1501), 0, 100, -100];
    const allowed = (v: number) => 0.002 + (Math.abs(v) > 2 ? 0.005 * Math.abs(v) : 0);
    expect(await excess(x, geluErf.evaluate.bind(geluErf), gelu, allowed)).toBeLessThan(0);
  });

  test('ReLU and clip are exact, at their bounds and at the ends of the ring', async () => {
    const edge = 2 ** 43;
    const x = [-edge, -3, -1 - unit, -1, -unit, 0, unit, 1, 1 + unit, 3, edge];
    expect(await floats([tensor(x)], (mpc, [a]) => relu(mpc, a!))).toEqual(
      x.map((v) => Math.max(0, v)),
    );
    expect(await floats([tensor(x)], (mpc, [a]) => clamp(mpc, a!, -1, 1))).toEqual(
      x.map((v) => Math.min(1, Math.max(-1, v))),
    );
  });

  test.each([1, 2, 3, 5, 7, 8, 13])('row maximum of %i', async (n) => {
    const rows = [
      grid(-3, -1, Math.max(2, n)).slice(0, n),
      grid(4, -4, Math.max(2, n)).slice(0, n),
      Array<number>(n).fill(-7),
    ];
    const y = await floats([tensor(rows.flat(), [3, n])], (mpc, [a]) => rowMax(mpc, a!));
    expect(y).toEqual(rows.map((row) => Math.max(...row.map(encoded))));
  });
});

test('PUMA SiLU: within .073 everywhere, within .017 up to 4', async () => {
  const silu = (v: number) => v / (1 + Math.exp(-v));
  const errors = async (x: readonly number[]) => {
    const y = await runClear(kernels, ring, [tensor(x)], (mpc, [a]) => siluPuma.evaluate(mpc, a!));
    return Math.max(...y.map((v, i) => Math.abs(Number(v) * unit - silu(encoded(x[i]!)))));
  };
  expect(await errors(grid(-20, 20, 4001))).toBeLessThan(0.073);
  expect(await errors(grid(-20, 20, 4001))).toBeGreaterThan(0.06);
  expect(await errors(grid(-20, 4, 4001))).toBeLessThan(0.017);
});

test('odd fraction bits and a ring of 32 bits: roots and quotients keep their scale', async () => {
  for (const other of [
    { bits: 64, fractionBits: 17 },
    { bits: 32, fractionBits: 9 },
  ] as const) {
    const step = 2 ** -other.fractionBits;
    const x = [0.25, 0.5, 1, 2, 3, 10, 50];
    const input = ringTensor(
      other.bits,
      [7],
      x.map((v) => BigInt(Math.round(v / step))),
    );
    const roots = await runClear(kernels, other, [input], (mpc, [a]) => reciprocalSqrt(mpc, a!));
    const inverses = await runClear(kernels, other, [input], (mpc, [a]) => reciprocal(mpc, a!));
    x.forEach((v, index) => {
      expect(
        Math.abs(Number(roots[index]) * step - 1 / Math.sqrt(v)),
        `1 / sqrt(${v})`,
      ).toBeLessThan(60 * step + 0.005);
      expect(Math.abs(Number(inverses[index]) * step - 1 / v), `1 / ${v}`).toBeLessThan(
        4 * step + 1e-3,
      );
    });
  }
});
