/**
 * Rotary positions (Su et al. 2021) in Hugging Face's arrangement: entry i of a head turns together
 * with entry i + width / 2, by the position times base^(-2i / width). The angles are public, so this
 * is one truncation and no product of shares.
 */
import { encodeScalar } from '../fixed-point.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { publicMatrix } from '../ring/public-tensor.ts';

/** x [batch, heads, length, width] to the same shape; position 0 stays as it is. */
export async function rotary(mpc: Protocol, x: AShare, base: number): Promise<AShare> {
  const [, , length = 0, width = 0] = x.shape;
  const half = width / 2;
  const part = (start: number, end: number) => mpc.view(x, { slice: { axis: 3, start, end } });
  const turned = mpc.concat([mpc.negate(part(half, width)), part(0, half)], 3);
  const angle = (position: number, entry: number) =>
    position * base ** ((-2 * (entry % half)) / width);
  const table = (of: (angle: number) => number) =>
    publicMatrix(mpc.ring.bits, length, width, (position, entry) =>
      encodeScalar(mpc.ring, of(angle(position, entry))),
    );
  const sum = mpc.add(mpc.scaleRow(x, table(Math.cos)), mpc.scaleRow(turned, table(Math.sin)));
  return mpc.truncate(sum, mpc.ring.fractionBits);
}
