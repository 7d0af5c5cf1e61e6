/**
 * Powers of e for numbers in a window of 16, as ring elements of 64 bits: of public numbers, and, for
 * whoever deals, of masks. Two tables a width, one for the upper bits and one for the lower; all parties
 * must find the same numbers, so the entries are rounded to far fewer bits than `Math.exp` has.
 */
import { EngineError } from '../errors.ts';
import { allocateBytes } from './tensor.ts';

/** Fraction bits of a mask's power: 19 of them are left of the smallest, e^-16. */
export const hiddenBits = 42;
/** Fraction bits of a public power. */
export const publicBits = 17;
/** Length of the window. */
const windowSize = 16;
const upperBits = 12;
const entryScale = 2 ** 28;

interface Tables {
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  readonly lowerBits: number;
}

/** Whose products are e^(sign v) for the numbers v in [0, 16) that `width` bits stand for. */
function tablesOf(width: number, sign: 1 | -1): Tables {
  if (width < upperBits || width > 31) {
    throw new EngineError('range', `exponential: a window of ${width} bits, allowed 12 to 31`);
  }
  const table = (count: number, step: number): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => {
      const power = Math.round(Math.exp(index * step) * entryScale) / entryScale;
      // Powers below 1 would lose digits to the rounding: their inverse does not.
      return sign === 1 ? power : 1 / power;
    });
  const lowerBits = width - upperBits;
  return {
    upper: table(2 ** upperBits, windowSize / 2 ** upperBits),
    lower: table(2 ** lowerBits, windowSize / 2 ** width),
    lowerBits,
  };
}

/** e^-m for the low `width` bits m of every mask, `hiddenBits` fraction bits. */
export function hiddenPowers(width: number, masks: Uint8Array): Uint8Array {
  return scaledPowers(tablesOf(width, -1), width, masks, [2 ** hiddenBits])[0] as Uint8Array;
}

/**
 * For the low `width` bits c of every opened number: factor e^c, for where the mask's are above, and
 * factor e^(c - 16), for where they are not; `publicBits` fraction bits. `factor` at most 8.
 */
export function publicPowers(
  width: number,
  opened: Uint8Array,
  factor: number,
): { readonly above: Uint8Array; readonly notAbove: Uint8Array } {
  const [above, notAbove] = scaledPowers(tablesOf(width, 1), width, opened, [
    factor * 2 ** publicBits,
    factor * Math.exp(-windowSize) * 2 ** publicBits,
  ]) as [Uint8Array, Uint8Array];
  return { above, notAbove };
}

/** The powers times each scale, rounded; below 2^53. */
function scaledPowers(
  { upper, lower, lowerBits }: Tables,
  width: number,
  words: Uint8Array,
  scales: readonly number[],
): Uint8Array[] {
  const mask = 2 ** width - 1;
  const lowerMask = 2 ** lowerBits - 1;
  // Halves of words; a copy where the bytes are not aligned.
  const from = words.byteOffset % 4 === 0 ? words : words.slice();
  const halves = new Uint32Array(from.buffer, from.byteOffset, from.length / 4);
  return scales.map((scale) => {
    const out = allocateBytes(words.length);
    const result = new Uint32Array(out.buffer, out.byteOffset, out.length / 4);
    for (let at = 0; at < result.length; at += 2) {
      const value = (halves[at] as number) & mask;
      const power = (upper[value >>> lowerBits] as number) * (lower[value & lowerMask] as number);
      const rounded = power * scale + 0.5;
      // An element keeps a number modulo 2^32.
      result[at] = rounded;
      result[at + 1] = rounded / 2 ** 32;
    }
    return out;
  });
}
