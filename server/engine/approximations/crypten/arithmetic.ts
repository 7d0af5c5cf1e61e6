/**
 * Fixed-point steps as CrypTen 0.4.0 takes them (crypten/encoder.py, mpc/primitives/arithmetic.py):
 * constants are cut off toward zero, each product with a public number is truncated by itself, and
 * a product of unequal shapes opens each factor in its own size.
 */
import { EngineError } from '../../errors.ts';
import type { AShare, Protocol } from '../../protocol.ts';
import { elementCount, type Shape } from '../../ring/tensor.ts';
import { mulFixed } from '../fixed.ts';

export { mulFixed };

/** Ring integer of a public number, cut off toward zero. */
export function encoded(mpc: Protocol, value: number): bigint {
  return BigInt(Math.trunc(value * 2 ** mpc.ring.fractionBits));
}

/** x + value, the value cut off to the ring's fraction bits. */
export function addConstant(mpc: Protocol, x: AShare, value: number): AShare {
  return mpc.addFixed(x, Number(encoded(mpc, value)) / 2 ** mpc.ring.fractionBits);
}

/** x + n for ring integers: bits and counts, which carry no fraction. */
function addInteger(mpc: Protocol, x: AShare, n: number): AShare {
  return mpc.addFixed(x, n / 2 ** mpc.ring.fractionBits);
}

/** n - x for ring integers. */
export function integerMinus(mpc: Protocol, n: number, x: AShare): AShare {
  return addInteger(mpc, mpc.negate(x), n);
}

/** x * value, truncated. */
export function mulPublic(mpc: Protocol, x: AShare, value: number): Promise<AShare> {
  return mpc.truncate(mpc.scale(x, encoded(mpc, value)), mpc.ring.fractionBits);
}

/**
 * x / n for a public whole number. CrypTen divides shares by any integer; here the power of two in
 * n is cut off and the odd rest multiplied by its inverse.
 */
export async function divideBy(mpc: Protocol, x: AShare, n: number): Promise<AShare> {
  if (!Number.isInteger(n) || n < 1) {
    throw new EngineError('range', `divideBy: ${n} is no positive whole number`);
  }
  let twos = 0;
  while (n % 2 ** (twos + 1) === 0) twos += 1;
  const odd = n / 2 ** twos;
  const halved = twos === 0 ? x : await mpc.truncate(x, twos);
  if (odd === 1) return halved;
  const bits = mpc.ring.fractionBits + Math.ceil(Math.log2(odd));
  return mpc.truncate(mpc.scale(halved, BigInt(Math.round(2 ** bits / odd))), bits);
}

/** x [..., n] times column [..., 1]; opens n + 1 words a row. */
export async function mulColumn(mpc: Protocol, x: AShare, column: AShare): Promise<AShare> {
  const columns = x.shape.at(-1) ?? 1;
  const rows = elementCount(column.shape);
  return outer(mpc, x, [rows, columns, 1], column);
}

/** x [..., n] times row [n]; opens the row once for all. */
export async function mulRow(mpc: Protocol, x: AShare, row: AShare): Promise<AShare> {
  const columns = elementCount(row.shape);
  const rows = columns === 0 ? 0 : elementCount(x.shape) / columns;
  const turned = turn(mpc, x, rows, columns);
  const product = await outer(mpc, turned, [columns, rows, 1], row);
  return reshape(mpc, turn(mpc, product, columns, rows), x.shape);
}

/** terms [k, ...s] times y [...s]; opens k + 1 words an element. */
export async function mulEach(mpc: Protocol, terms: AShare, y: AShare): Promise<AShare> {
  const elements = elementCount(y.shape);
  const count = terms.shape[0] ?? 0;
  const turned = turn(mpc, terms, count, elements);
  const product = await outer(mpc, turned, [elements, count, 1], y);
  return reshape(mpc, turn(mpc, product, elements, count), terms.shape);
}

export function reshape(mpc: Protocol, x: AShare, shape: Shape): AShare {
  return mpc.view(x, { reshape: shape });
}

/** Columns `start` to `end` of the last axis. */
export function columns(mpc: Protocol, x: AShare, start: number, end: number): AShare {
  return mpc.view(x, { slice: { axis: x.shape.length - 1, start, end } });
}

/** x, read as [rows, columns], with the axes exchanged. */
function turn(mpc: Protocol, x: AShare, rows: number, count: number): AShare {
  return mpc.view(reshape(mpc, x, [rows, count]), { transpose: [1, 0] });
}

/** Column vectors times single numbers: a matrix product, since that opens no element twice. */
async function outer(mpc: Protocol, x: AShare, vectors: Shape, y: AShare): Promise<AShare> {
  const numbers = reshape(mpc, y, [vectors[0] ?? 0, 1, 1]);
  const product = await mpc.matmulTruncate(
    reshape(mpc, x, vectors),
    numbers,
    mpc.ring.fractionBits,
  );
  return reshape(mpc, product, x.shape);
}
