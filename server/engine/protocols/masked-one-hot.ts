/**
 * One-hot rows of secret indices between two parties: the index minus a mask r is opened, and the
 * dealt one-hot row of r, rotated by it, is the index's. One round, one word per index sent by each
 * party; what is dealt is as long as the result.
 */
import type { Correlation } from '../correlations/correlation.ts';
import { allocateBytes } from '../ring/tensor.ts';
import { Words } from '../ring/words.ts';
import { dealtPart, type TwoParties } from './two-parties.ts';

/** The correlation that `indices` rows of `size` use up: rows are dealt in lengths of powers of two. */
export function oneHotFor(indices: number, size: number): Correlation {
  return { kind: 'oneHot', elements: indices, width: Math.ceil(Math.log2(size)) };
}

/** Halves of the rows [indices, size], ring integers, for indices in [0, size). */
export async function oneHotMasked(
  two: TwoParties,
  indices: Uint8Array,
  size: number,
): Promise<Uint8Array> {
  const words = new Words(two.kernels, two.bits);
  const mask = dealtPart(two.masks, 0);
  const opened = await two.openSum(words.sub(indices, mask), mask);
  const dealt = dealtPart(await two.products(), 0);
  const wordBytes = two.bits / 8;
  const count = words.count(indices);
  const [dealtRow, row] = [dealt.length / count, size * wordBytes];
  const out = allocateBytes(count * row);
  const shifts = new DataView(opened.buffer, opened.byteOffset, opened.length);
  for (let index = 0; index < count; index++) {
    // Entry j of the row is entry j - shift of the mask's, round the end.
    const shift = (shifts.getUint32(index * wordBytes, true) * wordBytes) % dealtRow;
    const from = dealt.subarray(index * dealtRow, (index + 1) * dealtRow);
    const end = from.subarray(dealtRow - shift).subarray(0, row);
    out.set(end, index * row);
    out.set(from.subarray(0, row - end.length), index * row + end.length);
  }
  return out;
}
