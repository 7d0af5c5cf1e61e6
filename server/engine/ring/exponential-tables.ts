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

/** e^(sign v) for the numbers v in [0, 16) that `width` bits stand for. */
class Powers {
  readonly #upper: Float64Array;
  readonly #lower: Float64Array;
  readonly #lowerBits: number;

  constructor(width: number, sign: 1 | -1) {
    if (width < upperBits || width > 31) {
      throw new EngineError('range', `exponential: a window of ${width} bits, allowed 12 to 31`);
    }
    this.#lowerBits = width - upperBits;
    const table = (count: number, step: number): Float64Array =>
      // Entries below 1 keep their digits: their inverse is rounded.
      Float64Array.from({ length: count }, (_, index) => {
        const power = Math.round(Math.exp(index * step) * entryScale) / entryScale;
        return sign === 1 ? power : 1 / power;
      });
    this.#upper = table(2 ** upperBits, windowSize / 2 ** upperBits);
    this.#lower = table(2 ** this.#lowerBits, windowSize / 2 ** width);
  }

  of(value: number): number {
    const lower = value & (2 ** this.#lowerBits - 1);
    return (this.#upper[value >>> this.#lowerBits] ?? 0) * (this.#lower[lower] ?? 0);
  }
}

/** e^-m for the low `width` bits m of every mask, `hiddenBits` fraction bits. */
export function hiddenPowers(width: number, masks: Uint8Array): Uint8Array {
  const powers = new Powers(width, -1);
  const out = allocateBytes(masks.length);
  const write = writer(out);
  eachLow(width, masks, (value, at) => write(at, powers.of(value) * 2 ** hiddenBits));
  return out;
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
  const powers = new Powers(width, 1);
  const [above, notAbove] = [allocateBytes(opened.length), allocateBytes(opened.length)];
  const [writeAbove, writeNotAbove] = [writer(above), writer(notAbove)];
  const [high, low] = [factor * 2 ** publicBits, factor * Math.exp(-windowSize) * 2 ** publicBits];
  eachLow(width, opened, (value, at) => {
    const power = powers.of(value);
    writeAbove(at, power * high);
    writeNotAbove(at, power * low);
  });
  return { above, notAbove };
}

function eachLow(
  width: number,
  words: Uint8Array,
  step: (value: number, at: number) => void,
): void {
  const view = new DataView(words.buffer, words.byteOffset, words.length);
  const mask = 2 ** width - 1;
  for (let at = 0; at < words.length; at += 8) step(view.getUint32(at, true) & mask, at);
}

/** Of non-negative numbers below 2^53, rounded. */
function writer(out: Uint8Array): (at: number, value: number) => void {
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  return (at, value) => {
    const whole = Math.round(value);
    view.setUint32(at, whole % 2 ** 32, true);
    view.setUint32(at + 4, Math.floor(whole / 2 ** 32), true);
  };
}
