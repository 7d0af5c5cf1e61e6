/**
 * The error of a stand-in against the function that it replaces: both on the same inputs, the stand-in
 * in fixed point in the clear. Inputs are a fixed grid, so the answer is the same every time.
 *
 * Functions of one number: every grid point, |stand-in - function|. Softmax: for every size s of the grid
 * rows of 32 scores between -s and s; a point's error is the largest over its rows.
 */
import { encodeTensor } from '../fixed-point.ts';
import { clearProtocol } from '../protocols/registry.ts';
import type { Kernels } from '../ring/kernels.ts';
import type { Approximation } from './catalogue.ts';
import { gelu } from './erf.ts';
import type { ReplacedFunction } from './facts.ts';

export const errorRing = { bits: 64, fractionBits: 18 } as const;
/** Scores of a row. */
export const rowLength = 32;
const rowsPerSize = 8;
/** Inputs of a curve: -12 to 12 in tenths; sizes of scores: 0.5 to 12 in halves. */
const widest = 12;

export interface ErrorCurve {
  /** Inputs, ascending; of softmax, sizes of scores. */
  readonly x: readonly number[];
  /** Largest |error| at each of them. */
  readonly error: readonly number[];
}

export interface MeasuredError {
  /** Over the points inside of the domain. */
  readonly max: number;
  readonly mean: number;
  readonly curve: ErrorCurve;
}

const functions: Readonly<Record<Exclude<ReplacedFunction, 'softmax'>, (x: number) => number>> = {
  gelu,
  silu: (x) => x / (1 + Math.exp(-x)),
};

function softmaxOf(row: readonly number[]): number[] {
  const max = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - max));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** `count` numbers spread evenly over [-1, 1), the same on every call: multiples of the golden ratio. */
function spreadNumbers(count: number): number[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: count }, (_, index) => 2 * (((index + 1) * golden) % 1) - 1);
}

async function inTheClear(
  kernels: Kernels,
  values: readonly number[],
  shape: readonly number[],
  run: Approximation['run'],
): Promise<Float64Array> {
  const ends = {
    nextInput: () => encodeTensor(kernels, errorRing, values, shape),
    revealed: () => undefined,
  };
  const mpc = clearProtocol(kernels, errorRing, ends);
  const result = await run(mpc, await mpc.input(shape));
  let decoded = new Float64Array(0);
  // The clear protocol has it: it is what decodes.
  mpc.float?.(result, (numbers) => {
    decoded = Float64Array.from(numbers);
    return numbers;
  });
  return decoded;
}

/** Encoded inputs are what both sides are given. */
const onGrid = (value: number): number =>
  Math.round(value * 2 ** errorRing.fractionBits) / 2 ** errorRing.fractionBits;

/** @returns error everywhere on the grid, and its largest and mean inside of the domain */
export async function measureError(
  kernels: Kernels,
  approximation: Approximation,
): Promise<MeasuredError> {
  const curve =
    approximation.replaces === 'softmax'
      ? await rowsCurve(kernels, approximation)
      : await elementCurve(kernels, approximation, functions[approximation.replaces]);
  const [from, to] = approximation.domain;
  // A row's scores lie on both sides of 0: a size is inside where the domain's farther end is not passed.
  const isInside =
    approximation.replaces === 'softmax'
      ? (x: number) => x <= Math.max(Math.abs(from), Math.abs(to))
      : (x: number) => x >= from && x <= to;
  const inside = curve.error.filter((_, index) => isInside(curve.x[index] ?? Infinity));
  return {
    max: Math.max(...inside),
    mean: inside.reduce((sum, error) => sum + error, 0) / inside.length,
    curve,
  };
}

async function elementCurve(
  kernels: Kernels,
  { run }: Approximation,
  exact: (x: number) => number,
): Promise<ErrorCurve> {
  const x = Array.from({ length: 20 * widest + 1 }, (_, index) => (index - 10 * widest) / 10);
  const given = x.map(onGrid);
  const y = await inTheClear(kernels, given, [given.length], run);
  return { x, error: given.map((value, index) => Math.abs((y[index] ?? NaN) - exact(value))) };
}

async function rowsCurve(kernels: Kernels, { run }: Approximation): Promise<ErrorCurve> {
  const sizes = Array.from({ length: 2 * widest }, (_, index) => (index + 1) / 2);
  const unit = spreadNumbers(rowsPerSize * rowLength);
  const scores = sizes.flatMap((size) => unit.map((value) => onGrid(size * value)));
  const y = await inTheClear(kernels, scores, [sizes.length * rowsPerSize, rowLength], run);
  const errors = Array.from({ length: sizes.length * rowsPerSize }, (_, row) => {
    const start = row * rowLength;
    const exact = softmaxOf(scores.slice(start, start + rowLength));
    return Math.max(...exact.map((value, i) => Math.abs((y[start + i] ?? NaN) - value)));
  });
  const error = sizes.map((_, index) =>
    Math.max(...errors.slice(index * rowsPerSize, (index + 1) * rowsPerSize)),
  );
  return { x: sizes, error };
}
