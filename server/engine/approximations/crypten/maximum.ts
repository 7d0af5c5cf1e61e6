/**
 * Row maximum as CrypTen 0.4.0 finds it by default (crypten/common/functions/maximum.py, method
 * log_reduction; sampling.py): floor(ln n) halvings, all pairs of the rest, and a random choice among
 * equals, even where only the value is wanted. Rows are the last axis.
 */
import { EngineError } from '../../errors.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { elementCount, showShape } from '../../ring/tensor.ts';
import { rowSum, stack, unstack } from '../fixed.ts';
import { columns, reshape } from './arithmetic.ts';
import { atLeast, isNegative, isZero, where } from './compare.ts';

/** CrypTen multiplies the bits of all pairs up to this length, and counts them above. */
const longestProduct = 128;

/** Row maximum of x [..., n] as [..., 1]. 10,736 B and 51 rounds for a row of 32. */
export async function maxValue(mpc: Protocol, x: AShare): Promise<AShare> {
  const rows = asRows(mpc, x);
  const reduced = await halved(mpc.at('halving'), rows);
  const chosen = await choose(mpc.at('choice'), await pairwiseWinners(mpc.at('pairs'), reduced));
  const best = rowSum(mpc, await mpc.mul(reduced, chosen));
  return reshape(mpc, best, x.shape.with(-1, 1));
}

/** Also one 1 per row, at a largest element; the others 0, without fraction. */
export async function maxAndArgmax(
  mpc: Protocol,
  x: AShare,
): Promise<{ readonly max: AShare; readonly argmax: AShare }> {
  const max = await maxValue(mpc, x);
  const equal = await isZero(mpc.at('equal'), mpc.sub(x, max));
  const chosen = await choose(mpc.at('choice'), asRows(mpc, equal));
  return { max, argmax: reshape(mpc, chosen, x.shape) };
}

function asRows(mpc: Protocol, x: AShare): AShare {
  const length = x.shape.at(-1) ?? 0;
  if (length === 0)
    throw new EngineError('shape', `max: no entries in rows of ${showShape(x.shape)}`);
  return reshape(mpc, x, [elementCount(x.shape) / length, length]);
}

/** Left half against right half, floor(ln n) times; a last odd column stays. */
async function halved(mpc: Protocol, x: AShare): Promise<AShare> {
  let current = x;
  for (let step = Math.floor(Math.log(x.shape[1] ?? 1)); step > 0; step--) {
    const length = current.shape[1] ?? 1;
    const half = Math.floor(length / 2);
    const left = columns(mpc, current, 0, half);
    const right = columns(mpc, current, half, 2 * half);
    const winner = await where(mpc, await atLeast(mpc, left, right), left, right);
    current =
      length % 2 === 0
        ? winner
        : mpc.concat([winner, columns(mpc, current, length - 1, length)], 1);
  }
  return current;
}

/** 1 where an entry is at least as large as every other of its row: n (n - 1) comparisons. */
async function pairwiseWinners(mpc: Protocol, x: AShare): Promise<AShare> {
  const length = x.shape[1] ?? 1;
  const turns = Math.max(length, 2) - 1;
  const others = Array.from({ length: turns }, (_, index) => rolled(mpc, x, (index + 1) % length));
  const wins = await atLeast(mpc, mpc.view(x, { expand: [turns, ...x.shape] }), stack(mpc, others));
  if (turns >= longestProduct) {
    const losses = mpc.addFixed(mpc.sum(wins, 0), -turns / 2 ** mpc.ring.fractionBits);
    return atLeast(mpc, losses, mpc.sub(losses, losses));
  }
  return unstack(mpc, await productOverFirst(mpc, wins), 0);
}

/** Entry j is x's entry j - by, counted around the row. */
function rolled(mpc: Protocol, x: AShare, by: number): AShare {
  if (by === 0) return x;
  const length = x.shape[1] ?? 1;
  return mpc.concat([columns(mpc, x, length - by, length), columns(mpc, x, 0, length - by)], 1);
}

/** Product of bits over the first axis, as a tree. */
async function productOverFirst(mpc: Protocol, bits: AShare): Promise<AShare> {
  let current = bits;
  for (let count = bits.shape[0] ?? 1; count > 1; count = current.shape[0] ?? 1) {
    const half = Math.floor(count / 2);
    const part = (start: number, end: number) =>
      mpc.view(current, { slice: { axis: 0, start, end } });
    const product = await mpc.mul(part(0, half), part(half, 2 * half));
    current = count % 2 === 0 ? product : mpc.concat([product, part(count - 1, count)], 0);
  }
  return current;
}

/**
 * One of each row's ones, at random, from 0/1 weights [rows, n]: the first entry at which the
 * running sum passes a random share of the total.
 */
async function choose(mpc: Protocol, weights: AShare): Promise<AShare> {
  const length = weights.shape[1] ?? 1;
  const running = runningSum(mpc, weights);
  const total = columns(mpc, running, length - 1, length);
  const threshold = await mpc.mul(await randomFractions(mpc, total), total);
  const scaled = mpc.scale(running, 1n << BigInt(mpc.ring.fractionBits));
  const passed = await isNegative(mpc, mpc.add(mpc.negate(scaled), threshold));
  if (length === 1) return passed;
  const rise = mpc.sub(columns(mpc, passed, 1, length), columns(mpc, passed, 0, length - 1));
  return mpc.concat([columns(mpc, passed, 0, 1), rise], 1);
}

function runningSum(mpc: Protocol, x: AShare): AShare {
  const length = x.shape[1] ?? 1;
  let sums = x;
  for (let step = 1; step < length; step *= 2) {
    const later = mpc.add(columns(mpc, sums, step, length), columns(mpc, sums, 0, length - step));
    sums = mpc.concat([columns(mpc, sums, 0, step), later], 1);
  }
  return sums;
}

/** Uniform in [0, 1) with every fraction bit random, one per element of `like`; nobody knows them. */
async function randomFractions(mpc: Protocol, like: AShare): Promise<AShare> {
  const count = mpc.ring.fractionBits;
  const word = mpc.randomBits([1, ...like.shape], count);
  const bits = Array.from({ length: count }, (_, bit) =>
    mpc.resizeLanes(mpc.maskBits(bit === 0 ? word : mpc.shiftBits(word, 'right', bit), 1n), 8),
  );
  const numbers = await mpc.b2a(mpc.concat(bits, 0), 'bit');
  let total = unstack(mpc, numbers, count - 1);
  for (let bit = count - 2; bit >= 0; bit--) {
    total = mpc.add(mpc.scale(total, 2n), unstack(mpc, numbers, bit));
  }
  return total;
}
