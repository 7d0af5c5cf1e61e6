/**
 * The error of a stand-in against the function that it replaces: both on the same inputs, the stand-in
 * in fixed point in the clear. Inputs are a fixed grid, so the answer is the same every time.
 *
 * Functions of one number: every grid point, |stand-in - function|. Softmax and LayerNorm: for every size s of
 * the grid rows of 32 numbers between -s and s; a point's error is the largest over its rows.
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

const functions: Readonly<Record<'gelu' | 'silu', (x: number) => number>> = {
  gelu,
  silu: (x) => x / (1 + Math.exp(-x)),
};

function softmaxOf(row: readonly number[]): number[] {
  const max = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - max));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** A row less its mean over its deviation. */
function normalisedRow(row: readonly number[]): number[] {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map((value) => (value - mean) / Math.sqrt(variance));
}

type RowFunction = (row: readonly number[]) => number[];

/** Of the function replaced; null for one of single numbers. */
const rowFunctionOf = (replaces: ReplacedFunction): RowFunction | null =>
  replaces === 'softmax' ? softmaxOf : replaces === 'layernorm' ? normalisedRow : null;

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
  const { replaces } = approximation;
  const rows = rowFunctionOf(replaces);
  const curve =
    replaces === 'gelu' || replaces === 'silu'
      ? await elementCurve(kernels, approximation, functions[replaces])
      : await rowsCurve(kernels, approximation, rows ?? softmaxOf);
  const [from, to] = approximation.domain;
  // A row's scores lie on both sides of 0: a size is inside where the domain's farther end is not passed.
  const isInside =
    rows !== null
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

async function rowsCurve(
  kernels: Kernels,
  { run }: Approximation,
  exactly: RowFunction,
): Promise<ErrorCurve> {
  const sizes = Array.from({ length: 2 * widest }, (_, index) => (index + 1) / 2);
  const unit = spreadNumbers(rowsPerSize * rowLength);
  const scores = sizes.flatMap((size) => unit.map((value) => onGrid(size * value)));
  const y = await inTheClear(kernels, scores, [sizes.length * rowsPerSize, rowLength], run);
  const errors = Array.from({ length: sizes.length * rowsPerSize }, (_, row) => {
    const start = row * rowLength;
    const exact = exactly(scores.slice(start, start + rowLength));
    return Math.max(...exact.map((value, i) => Math.abs((y[start + i] ?? NaN) - value)));
  });
  const error = sizes.map((_, index) =>
    Math.max(...errors.slice(index * rowsPerSize, (index + 1) * rowsPerSize)),
  );
  return { x: sizes, error };
}
