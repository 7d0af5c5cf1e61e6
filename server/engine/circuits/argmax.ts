/** Index of the largest value of a row, by a tree of comparisons that carries indices along. */
import { less, requireElements, select } from './compare.ts';
import type { AShare, BShare, Protocol } from '../protocol.ts';
import { zeros, type Tensor } from '../ring/tensor.ts';

interface Entries {
  readonly values: AShare;
  /** Ring integers. */
  readonly indices: AShare;
}

/** Which of two entries, left before right in the row, goes on. */
type Choice = (mpc: Protocol, left: Entries, right: Entries) => Promise<Entries>;

/** Ring integers: x [rows, n] to [rows]. Of equal values the first wins. */
export function argmax(mpc: Protocol, x: AShare): Promise<AShare> {
  return reduced(mpc, x, async (at, left, right) => {
    const isRight = await less(at, left.values, right.values);
    return {
      values: await select(at, isRight, right.values, left.values),
      indices: await select(at, isRight, right.indices, left.indices),
    };
  });
}

/**
 * The same by the comparison that JAX's argmax is made of, as SPU 0.5.0 runs it: greater, or not equal
 * to itself (a test for NaN, which fixed point does not have), or equal with a smaller index. Three
 * times the bytes of `argmax` for the same result; for the cost of programs written in JAX.
 */
export function argmaxOfJax(mpc: Protocol, x: AShare): Promise<AShare> {
  return reduced(mpc, x, async (at, left, right) => {
    const greater = await less(at, right.values, left.values);
    const isNumber = await at.isZero(at.sub(left.values, left.values));
    const takeValue = await either(at, greater, at.xorPublic(isNumber, 1n));
    const equal = await at.isZero(at.sub(left.values, right.values));
    const earlier = await less(at, left.indices, right.indices);
    const takeIndex = await either(at, takeValue, await at.and(equal, earlier));
    return {
      values: await select(at, takeValue, left.values, right.values),
      indices: await select(at, takeIndex, left.indices, right.indices),
    };
  });
}

async function either(mpc: Protocol, x: BShare, y: BShare): Promise<BShare> {
  return mpc.xor(mpc.xor(x, y), await mpc.and(x, y));
}

async function reduced(mpc: Protocol, x: AShare, choose: Choice): Promise<AShare> {
  requireElements('argmax', x.shape);
  const [rows = 0, columns = 0] = x.shape;
  const nothing = mpc.sub(x, x);
  let entries: Entries = {
    values: x,
    indices: mpc.addPublic(nothing, countUp(mpc.ring.bits, columns)),
  };
  for (let length = columns; length > 1; length = entries.values.shape[1] ?? 1) {
    const pairs = Math.floor(length / 2);
    // Neighbours meet, so that the order of the row is kept.
    const side = (of: AShare, which: 0 | 1): AShare => {
      const even = mpc.view(of, { slice: { axis: 1, start: 0, end: 2 * pairs } });
      const paired = mpc.view(even, { reshape: [rows, pairs, 2] });
      const one = mpc.view(paired, { slice: { axis: 2, start: which, end: which + 1 } });
      return mpc.view(one, { reshape: [rows, pairs] });
    };
    const both = (which: 0 | 1): Entries => ({
      values: side(entries.values, which),
      indices: side(entries.indices, which),
    });
    const chosen = await choose(mpc, both(0), both(1));
    const rest = (of: AShare) =>
      mpc.view(of, { slice: { axis: 1, start: length - 1, end: length } });
    entries =
      length % 2 === 0
        ? chosen
        : {
            values: mpc.concat([chosen.values, rest(entries.values)], 1),
            indices: mpc.concat([chosen.indices, rest(entries.indices)], 1),
          };
  }
  return mpc.view(entries.indices, { reshape: [rows] });
}

/** Ring integers 0, 1, 2, ... */
function countUp(bits: 32 | 64, length: number): Tensor {
  const row = zeros(bits, [length]);
  const view = new DataView(row.bytes.buffer, row.bytes.byteOffset);
  for (let index = 0; index < length; index++) {
    if (bits === 64) view.setBigInt64(index * 8, BigInt(index), true);
    else view.setInt32(index * 4, index, true);
  }
  return row;
}
