/**
 * Rotary positions (Su et al. 2021) in Hugging Face's arrangement: entry i of a head turns together
 * with entry i + width / 2, by the position times base^(-2i / width). The angles are public, so this
 * is one truncation and no product of shares.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { zeros, type Tensor } from '../ring/tensor.ts';

/** x [batch, heads, length, width] to the same shape; position 0 stays as it is. */
export async function rotary(mpc: Protocol, x: AShare, base: number): Promise<AShare> {
  const [, , length = 0, width = 0] = x.shape;
  const half = width / 2;
  const part = (start: number, end: number) => mpc.view(x, { slice: { axis: 3, start, end } });
  const turned = mpc.concat([mpc.negate(part(half, width)), part(0, half)], 3);
  const angle = (position: number, entry: number) =>
    position * base ** ((-2 * (entry % half)) / width);
  const cosine = table(mpc, length, width, (p, i) => Math.cos(angle(p, i)));
  const sine = table(mpc, length, width, (p, i) => Math.sin(angle(p, i)));
  const sum = mpc.add(mpc.scaleRow(x, cosine), mpc.scaleRow(turned, sine));
  return mpc.truncate(sum, mpc.ring.fractionBits);
}

/** Public numbers in fixed point, [rows, columns]. */
function table(
  mpc: Protocol,
  rows: number,
  columns: number,
  valueAt: (row: number, column: number) => number,
): Tensor {
  const { bits } = mpc.ring;
  const out = zeros(bits, [rows, columns]);
  const view = new DataView(out.bytes.buffer, out.bytes.byteOffset);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const value = encodeScalar(mpc.ring, valueAt(row, column));
      if (bits === 64) view.setBigUint64(at * 8, value, true);
      else view.setUint32(at * 4, Number(value), true);
    }
  }
  return out;
}
