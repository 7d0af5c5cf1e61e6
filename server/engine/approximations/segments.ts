/**
 * Functions of one number per row by segments: x is compared with all boundaries at once, the answers
 * choose the coefficients of a polynomial, which are public combinations of them. Pays where comparisons
 * with public numbers cost little, and where rows are long and columns are few.
 */
import { EngineError } from '../errors.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { publicRow } from '../ring/public-tensor.ts';

/** A polynomial c + b x, or c + b x + a x^2, that stands for a function between two boundaries. */
export interface Segment {
  readonly constant: number;
  readonly linear: number;
  readonly square: number;
}

/** Boundaries from `from` to `to`, so many to a doubling. */
export function doublings(from: number, to: number, each: number): number[] {
  const count = Math.ceil(Math.log2(to / from) * each);
  return Array.from({ length: count + 1 }, (_, index) => from * 2 ** (index / each));
}

/** Line through which `f` is off by the same at both ends and, the other way, near the middle. */
export function lineFor(f: (x: number) => number, from: number, to: number): Segment {
  const linear = (f(to) - f(from)) / (to - from);
  const middle = Math.sqrt(from * to);
  const constant = (f(from) + f(middle) - linear * (from + middle)) / 2;
  return { constant, linear, square: 0 };
}

/** Parabola through three Chebyshev points of the interval. */
export function parabolaFor(f: (x: number) => number, from: number, to: number): Segment {
  const [centre, half] = [(from + to) / 2, (to - from) / 2];
  const reach = half * Math.cos(Math.PI / 6);
  const [low, mid, high] = [f(centre - reach), f(centre), f(centre + reach)];
  const square = (low - 2 * mid + high) / (2 * reach * reach);
  const slope = (high - low) / (2 * reach);
  return {
    square,
    linear: slope - 2 * square * centre,
    constant: mid - slope * centre + square * centre * centre,
  };
}

/** The index of the segment as answers [boundaries between segments, count] in ring integers 0 and 1. */
export async function whichSegment(
  mpc: Protocol,
  x: AShare,
  boundaries: readonly number[],
): Promise<AShare> {
  const inner = boundaries.slice(1, -1);
  const flat = mpc.view(x, { reshape: [x.shape.reduce((product, length) => product * length, 1)] });
  const answers = await mpc.b2a(await mpc.below(flat, inner), 'bit');
  return mpc.view(answers, { transpose: [1, 0] });
}

/**
 * Value that `table` has for the segment, as ring integers of x's shape: the last one's, and for each
 * boundary that x is below the step from the segment above it to the one under it.
 */
export function chosenFrom(
  mpc: Protocol,
  answers: AShare,
  shape: AShare['shape'],
  table: readonly bigint[],
): AShare {
  const last = table.at(-1);
  if (last === undefined || table.length !== (answers.shape[1] ?? 0) + 1) {
    throw new EngineError(
      'shape',
      `segments: ${table.length} values for [${answers.shape.join()}]`,
    );
  }
  const steps = publicRow(
    mpc.ring.bits,
    table.length - 1,
    (index) => (table[index] ?? 0n) - (table[index + 1] ?? 0n),
  );
  const sum = mpc.sum(mpc.scaleRow(answers, steps), 1);
  const constant = publicRow(mpc.ring.bits, answers.shape[0] ?? 0, () => last);
  return mpc.view(mpc.addPublic(sum, constant), { reshape: shape });
}
