/** Comparison, selection and row maximum, written on `msb` and `bitMul` of any protocol. */
import { EngineError } from '../errors.ts';
import type { AShare, BShare, Protocol } from '../protocol.ts';
import { showShape, type Shape } from '../ring/tensor.ts';

/** 1 where x < y. Valid for |x - y| < 2^(k-1). */
export function less(mpc: Protocol, x: AShare, y: AShare): Promise<BShare> {
  return mpc.msb(mpc.sub(x, y));
}

/** x - t for each public t, along a new first axis: what `Protocol.below` takes the sign of. */
export function differences(
  mpc: Pick<Protocol, 'addFixed' | 'view' | 'concat'>,
  x: AShare,
  thresholds: readonly number[],
): AShare {
  return mpc.concat(
    thresholds.map((t) => mpc.view(mpc.addFixed(x, -t), { reshape: [1, ...x.shape] })),
    0,
  );
}

/** bit ? ifOne : ifZero = ifZero + bit (ifOne - ifZero). */
export async function select(
  mpc: Protocol,
  bit: BShare,
  ifOne: AShare,
  ifZero: AShare,
): Promise<AShare> {
  return mpc.add(ifZero, await mpc.bitMul(bit, mpc.sub(ifOne, ifZero)));
}

/** max(x, 0) for |x| < 2^(k-1): one comparison, one selection. */
export async function relu(mpc: Protocol, x: AShare): Promise<AShare> {
  // 0 < x is the sign of -x.
  return mpc.bitMul(await mpc.msb(mpc.negate(x)), x);
}

/**
 * x held between two public values, the lower bound first: twice a comparison and a selection. Needs
 * x - low and x - high below 2^(k-1) in size.
 */
export async function clamp(mpc: Protocol, x: AShare, low: number, high: number): Promise<AShare> {
  const belowLow = await mpc.msb(mpc.addFixed(x, -low));
  const raised = mpc.add(x, await mpc.bitMul(belowLow, mpc.addFixed(mpc.negate(x), low)));
  const excess = mpc.addFixed(raised, -high);
  const belowHigh = await mpc.msb(excess);
  return mpc.addFixed(await mpc.bitMul(belowHigh, excess), high);
}

/**
 * Maximum over the last axis, kept with length 1: a tree of ceil(log2 n) comparisons. Throws
 * `EngineError('shape')` for rows without an element.
 */
export async function rowMax(mpc: Protocol, x: AShare): Promise<AShare> {
  const axis = x.shape.length - 1;
  requireElements('rowMax', x.shape);
  let current = x;
  for (let length = x.shape[axis] ?? 1; length > 1; length = current.shape[axis] ?? 1) {
    const half = Math.floor(length / 2);
    const part = (start: number, end: number) => mpc.view(current, { slice: { axis, start, end } });
    const left = part(0, half);
    const right = part(half, 2 * half);
    const winner = await select(mpc, await less(mpc, left, right), right, left);
    current = length % 2 === 0 ? winner : mpc.concat([winner, part(length - 1, length)], axis);
  }
  return current;
}

/** Rows without an element have no largest one. */
export function requireElements(op: string, shape: Shape): void {
  if ((shape.at(-1) ?? 1) < 1) {
    throw new EngineError('shape', `${op}: rows of ${showShape(shape)} have no element`);
  }
}
