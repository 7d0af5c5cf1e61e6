/** Fixed-point building blocks: products that keep the scale, and polynomials. */
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, Protocol } from '../protocol.ts';

/** x * y, both in fixed point. */
export async function mulFixed(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return mpc.mulTruncate(x, y, mpc.ring.fractionBits);
}

/** x * constant. */
export async function mulConstant(mpc: Protocol, x: AShare, constant: number): Promise<AShare> {
  return mpc.truncate(mpc.scale(x, encodeScalar(mpc.ring, constant)), mpc.ring.fractionBits);
}

/** Joins shares of equal shape along a new first axis, so that one operation serves them all. */
export function stack(mpc: Protocol, xs: readonly AShare[]): AShare {
  return mpc.concat(
    xs.map((x) => mpc.view(x, { reshape: [1, ...x.shape] })),
    0,
  );
}

/** Entry `index` of a stack. */
export function unstack(mpc: Protocol, stacked: AShare, index: number): AShare {
  return mpc.view(mpc.view(stacked, { slice: { axis: 0, start: index, end: index + 1 } }), {
    reshape: stacked.shape.slice(1),
  });
}

/** sum of coefficient * power + constant, with one truncation of the sum. */
export async function combineOnce(
  mpc: Protocol,
  terms: readonly { readonly power: AShare; readonly coefficient: number }[],
  constant: number,
): Promise<AShare> {
  const [first, ...rest] = terms.map(({ power, coefficient }) =>
    mpc.scale(power, encodeScalar(mpc.ring, coefficient)),
  );
  if (first === undefined) throw new RangeError('combineOnce: no terms');
  const total = rest.reduce((sum, term) => mpc.add(sum, term), first);
  return mpc.addFixed(await mpc.truncate(total, mpc.ring.fractionBits), constant);
}

/**
 * x [..., n] times a column [..., 1], both in fixed point. As products of a 1 x 1 matrix with a row:
 * where factors are opened, a column's elements are opened once and not n times. SPU multiplies
 * element by element, which is part of what PUMA published.
 */
export async function scaleRows(mpc: Protocol, x: AShare, column: AShare): Promise<AShare> {
  const columns = x.shape.at(-1) ?? 1;
  if (mpc.framework !== null) return mulFixed(mpc, x, spread(mpc, column, columns));
  const rows = column.shape.reduce((product, length) => product * length, 1);
  const scaled = await mpc.matmulTruncate(
    mpc.view(column, { reshape: [rows, 1, 1] }),
    mpc.view(x, { reshape: [rows, 1, columns] }),
    mpc.ring.fractionBits,
  );
  return mpc.view(scaled, { reshape: x.shape });
}

/** Sums over the last axis, kept with length 1. */
export function rowSum(mpc: Protocol, x: AShare): AShare {
  const axis = x.shape.length - 1;
  return mpc.view(mpc.sum(x, axis), { reshape: x.shape.with(axis, 1) });
}

/** Repeats a column (last axis 1) over `columns` columns. */
export function spread(mpc: Protocol, column: AShare, columns: number): AShare {
  return mpc.view(column, { expand: column.shape.with(-1, columns) });
}
