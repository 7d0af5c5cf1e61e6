/**
 * A truncated value whose mask is known to whoever dealt it: c = z + 2^(k-2) + r is opened, and
 * z >> cut, or one more, is a public number plus S = (1 - 2 t) top 2^(k-1-cut) - low for the opened top
 * bit t and the parts top, low of r (ring/masked-truncation.ts). Powers of S are linear in (1 - 2 t), so
 * with a few dealt products of the parts, powers of the truncated value are local.
 */
import type { Words } from '../ring/words.ts';
import type { RingBits } from '../ring/kernels.ts';

export interface Truncated {
  /** The public number. */
  readonly known: Uint8Array;
  /** 1 - 2 t, public, as ring elements. */
  readonly sign: Uint8Array;
  /** This party's half of S. */
  readonly hidden: Uint8Array;
}

export function truncatedOf(
  words: Words,
  bits: RingBits,
  cut: number,
  { opened, low, top }: Readonly<Record<'opened' | 'low' | 'top', Uint8Array>>,
): Truncated {
  const openedTop = words.shift(opened, 'logical', bits - 1);
  const sign = words.addScalar(words.negate(words.shift(openedTop, 'left', 1)), 1n);
  const rest = words.shift(words.shift(opened, 'left', 1), 'logical', cut + 1);
  const known = words.addScalar(
    words.add(rest, words.shift(openedTop, 'left', bits - 1 - cut)),
    -(1n << BigInt(bits - 2 - cut)),
  );
  const hidden = words.sub(words.mul(sign, words.shift(top, 'left', bits - 1 - cut)), low);
  return { known, sign, hidden };
}
