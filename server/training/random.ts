/**
 * Random numbers that depend on the seed and on where they are used, not on what was drawn before: a
 * training resumed at step 700 draws what an unbroken one drew there.
 *
 * For shuffling, dropout and first weights only; never for secrets.
 */

/** A stream of numbers in [0, 1): SFC32, its state mixed from a text. */
export function randomStream(...place: readonly (string | number)[]): () => number {
  const state = hashWords(place.join('/'));
  let [a, b, c, counter] = state;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 12; warm += 1) next();
  return next;
}

/** Four words of FNV-1a over the text, each from another start. */
function hashWords(text: string): [number, number, number, number] {
  const word = (start: number): number => {
    let hash = 0x811c9dc5 ^ start;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    return hash | 0;
  };
  return [word(1), word(0x9e3779b9), word(0x85ebca6b), word(0xc2b2ae35)];
}

/** 0 to count - 1 in a random order (Fisher-Yates). */
export function shuffledOrder(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}

/** Normal numbers (Box-Muller) of a standard deviation, cut at two of it. */
export function truncatedNormal(
  count: number,
  deviation: number,
  random: () => number,
): Float32Array {
  return Float32Array.from({ length: count }, () => {
    for (;;) {
      const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      if (Math.abs(value) <= 2) return value * deviation;
    }
  });
}

/** A dropout mask: 0 with probability `rate`, else 1 / (1 - rate). */
export function dropoutMask(count: number, rate: number, random: () => number): Float32Array {
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(count);
  for (let index = 0; index < count; index += 1) mask[index] = random() < rate ? 0 : kept;
  return mask;
}
