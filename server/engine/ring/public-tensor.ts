/** Public tensors that a model makes itself: masks, angles, indices. They cost nothing. */
import type { RingBits } from './kernels.ts';
import { zeros, type Tensor } from './tensor.ts';

/** [rows, columns] of ring integers, negative ones mod 2^bits. */
export function publicMatrix(
  bits: RingBits,
  rows: number,
  columns: number,
  valueAt: (row: number, column: number) => bigint,
): Tensor {
  const out = zeros(bits, [rows, columns]);
  const view = new DataView(out.bytes.buffer, out.bytes.byteOffset);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const value = BigInt.asUintN(bits, valueAt(row, column));
      if (bits === 64) view.setBigUint64(at * 8, value, true);
      else view.setUint32(at * 4, Number(value), true);
    }
  }
  return out;
}

/** [columns] of the same. */
export function publicRow(
  bits: RingBits,
  columns: number,
  valueAt: (column: number) => bigint,
): Tensor {
  return { ...publicMatrix(bits, 1, columns, (_, column) => valueAt(column)), shape: [columns] };
}
