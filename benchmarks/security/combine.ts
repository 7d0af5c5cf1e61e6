/**
 * The attack: is a secret tensor a combination of what a coalition holds?
 *
 * Whatever combines buffers with public coefficients in Z_2^k, or bit by bit, combines their lowest
 * bits over GF(2). So the lowest bits of the secret are looked for in the span of theirs, on the first
 * half of the elements only; the combination that is found has to predict the second half, which it
 * has not seen. Where it does, its coefficients in Z_2^k are solved for as well.
 */

export type Outcome =
  /** Every element of the secret follows from a combination of so many buffers. */
  | { readonly found: 'all'; readonly terms: number }
  /** Only the lowest bit of every element. */
  | { readonly found: 'lowestBits'; readonly terms: number }
  | { readonly found: 'nothing'; readonly buffers: number };

/** `secret` and all `buffers` hold as many words. Throws `RangeError` where chance would find one. */
export function combine(secret: BigUint64Array, buffers: readonly BigUint64Array[]): Outcome {
  const half = secret.length >> 1;
  if (buffers.length + 64 > half) {
    throw new RangeError(
      `${buffers.length} buffers for ${secret.length} elements: use a larger model`,
    );
  }
  const basis: { pivot: number; bits: Uint32Array; of: Set<number> }[] = [];
  const reduce = (bits: Uint32Array, of: Set<number>): void => {
    for (const row of basis) {
      if (!bitAt(bits, row.pivot)) continue;
      row.bits.forEach((word, index) => (bits[index]! ^= word));
      for (const id of row.of) if (!of.delete(id)) of.add(id);
    }
  };
  buffers.forEach((buffer, id) => {
    const bits = lowestBits(buffer, half);
    const of = new Set([id]);
    reduce(bits, of);
    const pivot = firstBit(bits);
    if (pivot !== null) basis.push({ pivot, bits, of });
  });
  const target = lowestBits(secret, half);
  const of = new Set<number>();
  reduce(target, of);
  const nothing = { found: 'nothing', buffers: buffers.length } as const;
  if (firstBit(target) !== null || of.size === 0) return nothing;

  const terms = [...of].map((id) => buffers[id] ?? new BigUint64Array(secret.length));
  const every = (test: (index: number) => boolean) => secret.every((_, index) => test(index));
  const at = (term: BigUint64Array, index: number) => term[index] ?? 0n;
  const bit = (index: number) => terms.reduce((all, term) => all ^ (at(term, index) & 1n), 0n);
  if (!every((index) => bit(index) === (at(secret, index) & 1n))) return nothing;
  const factors = coefficients(secret, terms, half);
  const sum = (index: number) =>
    BigInt.asUintN(
      64,
      terms.reduce((all, term, i) => all + (factors?.[i] ?? 0n) * at(term, index), 0n),
    );
  const xor = (index: number) => terms.reduce((all, term) => all ^ at(term, index), 0n);
  const whole =
    (factors !== null && every((index) => sum(index) === secret[index])) ||
    every((index) => xor(index) === secret[index]);
  return { found: whole ? 'all' : 'lowestBits', terms: terms.length };
}

/** c with sum c_i term_i = secret on as many elements as there are terms; their lowest bits are independent. */
function coefficients(
  secret: BigUint64Array,
  terms: readonly BigUint64Array[],
  elements: number,
): bigint[] | null {
  const word = (value: bigint) => BigInt.asUintN(64, value);
  const rows: { pivot: number; values: bigint[] }[] = [];
  const cancel = (values: bigint[], row: { pivot: number; values: bigint[] }): void => {
    const factor = values[row.pivot] ?? 0n;
    if (factor === 0n) return;
    row.values.forEach((value, i) => (values[i] = word((values[i] ?? 0n) - factor * value)));
  };
  for (let index = 0; index < elements && rows.length < terms.length; index++) {
    const values = [...terms.map((term) => term[index] ?? 0n), secret[index] ?? 0n];
    for (const row of rows) cancel(values, row);
    const pivot = values.findIndex((value, i) => i < terms.length && (value & 1n) === 1n);
    if (pivot < 0) continue;
    const inverse = inverseOf(values[pivot] ?? 1n);
    rows.push({ pivot, values: values.map((value) => word(value * inverse)) });
  }
  if (rows.length < terms.length) return null;
  for (const [index, row] of rows.entries()) {
    for (const other of rows.slice(0, index)) cancel(other.values, row);
  }
  const solution = Array<bigint>(terms.length).fill(0n);
  for (const row of rows) solution[row.pivot] = row.values.at(-1) ?? 0n;
  return solution;
}

/** Of an odd number, mod 2^64, by Newton's iteration. */
function inverseOf(odd: bigint): bigint {
  let inverse = odd;
  for (let step = 0; step < 6; step++) {
    inverse = BigInt.asUintN(64, inverse * (2n - odd * inverse));
  }
  return inverse;
}

function lowestBits(words: BigUint64Array, count: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (let index = 0; index < count; index++) {
    if (((words[index] ?? 0n) & 1n) === 1n) bits[index >> 5]! |= 1 << (index & 31);
  }
  return bits;
}

function bitAt(bits: Uint32Array, index: number): boolean {
  return (((bits[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

function firstBit(bits: Uint32Array): number | null {
  const word = bits.findIndex((value) => value !== 0);
  return word < 0 ? null : word * 32 + (31 - Math.clz32((bits[word] ?? 0) & -(bits[word] ?? 0)));
}
