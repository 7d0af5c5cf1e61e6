/**
 * Ring kernels: the one interface behind which all heavy arithmetic happens.
 *
 * Three backends implement it and must agree bit for bit: `native` (C++ addon), `wasm` (the same
 * C++ source compiled to WebAssembly, used where no compiler was at hand) and `reference` (BigInt,
 * slow and obvious, the oracle of the tests).
 *
 * Every buffer is little-endian and dense. `Words` are ring elements: 8 bytes each in Z_2^64,
 * 4 bytes each in Z_2^32. Lengths are checked by the caller-facing wrapper of each backend, which
 * throws `EngineError('shape', ...)` on a mismatch, a detached buffer or a bad alignment.
 * Outputs may alias inputs in element-wise kernels, never in `matmul`, `transpose` or `copyStrided`.
 */

/** Bits of one ring element. */
export type RingBits = 32 | 64;

/** Bits of one lane of a boolean share; a one-bit value lies in the lowest bit of an 8-bit lane. */
export type LaneBits = 8 | 16 | 32 | 64;

export type Bytes = Uint8Array;

/** Element-wise operations with two operands of equal length. */
export type BinaryOp = 'add' | 'sub' | 'mul';
/** Bit-wise operations; independent of the lane width. */
export type BitOp = 'and' | 'xor' | 'or';

export interface Kernels {
  readonly backend: 'native' | 'wasm' | 'reference';
  /** Instruction set in use, e.g. `avx512`, `avx2`, `baseline`, `wasm-simd`, `bigint`. */
  readonly instructionSet: string;

  // -- arithmetic, element-wise mod 2^bits ------------------------------------------------------
  binary(op: BinaryOp, bits: RingBits, x: Bytes, y: Bytes, out: Bytes): void;
  /** out[r, c] = x[r, c] op row[c]; `row` holds `columns` words and is repeated over all rows. */
  binaryRow(op: BinaryOp, bits: RingBits, x: Bytes, row: Bytes, out: Bytes): void;
  /** out[r, c] = x[r, c] op column[r]; x has rows of `columns` words. */
  binaryColumn(
    op: BinaryOp,
    bits: RingBits,
    x: Bytes,
    column: Bytes,
    columns: number,
    out: Bytes,
  ): void;
  /** out = x op scalar. */
  binaryScalar(op: BinaryOp, bits: RingBits, x: Bytes, scalar: bigint, out: Bytes): void;
  negate(bits: RingBits, x: Bytes, out: Bytes): void;
  /** Shifts every word by `by` (0 <= by < bits): left, logical right or arithmetic right. */
  shift(
    kind: 'left' | 'logical' | 'arithmetic',
    bits: RingBits,
    x: Bytes,
    by: number,
    out: Bytes,
  ): void;
  /** out[o, i] = sum over a of x[o, a, i] for x of shape [outer, axis, inner]. */
  sum(bits: RingBits, x: Bytes, outer: number, axis: number, inner: number, out: Bytes): void;

  // -- matrices ---------------------------------------------------------------------------------
  /**
   * out[b] = x[b] * y[b] (+ out[b] if `accumulate`), row-major; x is [batch, m, k], y [batch, k, n].
   * `yBatch` of 1 shares one y over the whole batch.
   */
  matmul(bits: RingBits, x: Bytes, y: Bytes, out: Bytes, shape: MatmulShape): void;
  /** out[b, c, r] = x[b, r, c]. */
  transpose(
    bits: RingBits,
    x: Bytes,
    batch: number,
    rows: number,
    columns: number,
    out: Bytes,
  ): void;
  /**
   * General strided gather: out (dense, `shape`) is read from x at `offset + sum index[i] * strides[i]`,
   * all in elements of `elementBytes` bytes. A stride of 0 broadcasts.
   */
  copyStrided(
    elementBytes: 1 | 2 | 4 | 8,
    x: Bytes,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    out: Bytes,
  ): void;

  // -- boolean ----------------------------------------------------------------------------------
  bitwise(op: BitOp, x: Bytes, y: Bytes, out: Bytes): void;
  /** Logical shift of every lane. */
  shiftLanes(kind: 'left' | 'right', lane: LaneBits, x: Bytes, by: number, out: Bytes): void;
  /** Every lane keeps only `mask`. */
  maskLanes(lane: LaneBits, x: Bytes, mask: bigint, out: Bytes): void;
  /**
   * Splits every lane of width `lane` with `usedBits` used bits into its even and odd bits, packed
   * into lanes of max(8, usedBits / 2) bits: even keeps bits 0, 2, 4, ..., odd keeps bits 1, 3, 5, ...
   */
  splitEvenOdd(lane: LaneBits, usedBits: number, x: Bytes, even: Bytes, odd: Bytes): void;
  /** Reverses the order of the 64 (or 32) bits of every word. */
  reverseBits(bits: RingBits, x: Bytes, out: Bytes): void;
  /** Parity (xor) of the bits of every word selected by `mask`, one 8-bit lane per word. */
  parity(bits: RingBits, x: Bytes, mask: bigint, out: Bytes): void;
  /** Zero-extends or cuts every lane to another width. */
  resizeLanes(from: LaneBits, to: LaneBits, x: Bytes, out: Bytes): void;
  /** out word = bit lane (lowest bit of each 8-bit lane) ? y word : x word, without a branch. */
  chooseByBit(bits: RingBits, bit: Bytes, x: Bytes, y: Bytes, out: Bytes): void;

  // -- fused steps of replicated secret sharing (x0, x1 are this party's two components) ----------
  /** out = x0*y0 + x0*y1 + x1*y0 + mask. Araki et al. 2016, eq. for multiplication. */
  replicatedMul(
    bits: RingBits,
    x0: Bytes,
    x1: Bytes,
    y0: Bytes,
    y1: Bytes,
    mask: Bytes,
    out: Bytes,
  ): void;
  /** out = (x0&y0) ^ (x0&y1) ^ (x1&y0) ^ mask. */
  replicatedAnd(x0: Bytes, x1: Bytes, y0: Bytes, y1: Bytes, mask: Bytes, out: Bytes): void;

  // -- fused steps of additive secret sharing; `first`: this party adds what is public -------------
  /** out = c + e*b + a*d (+ e*d if `first`). Beaver 1991. */
  beaverMul(
    bits: RingBits,
    first: boolean,
    e: Bytes,
    d: Bytes,
    a: Bytes,
    b: Bytes,
    c: Bytes,
    out: Bytes,
  ): void;
  /** out = c ^ (e&b) ^ (a&d) (^ (e&d) if `first`). */
  beaverAnd(first: boolean, e: Bytes, d: Bytes, a: Bytes, b: Bytes, c: Bytes, out: Bytes): void;
  /** out = signed(x) / 2^by, rounded toward zero; 0 <= by < bits. */
  divideSigned(bits: RingBits, x: Bytes, by: number, out: Bytes): void;
  /**
   * A half of x >> by, from the opened x + 2^(bits-2) + r and halves of r's top bit and of its other
   * bits, shifted; see `ring/masked-truncation.ts`. 1 <= by <= bits - 3.
   */
  maskedTruncation(
    bits: RingBits,
    first: boolean,
    by: number,
    opened: Bytes,
    top: Bytes,
    low: Bytes,
    out: Bytes,
  ): void;

  // -- comparison of an opened c with its mask r; planar operands: plane p starts at p * n ----------
  /** out = 15 planes of 16-bit lanes: per group of four bits of r, the products of all subsets. */
  subsetProducts(bits: RingBits, r: Bytes, out: Bytes): void;
  /**
   * Halves of [c < r] and [c = r] per group (16-bit lanes) and of the top bit of c - r without its
   * borrow (8-bit lanes), from halves of `subsetProducts`. Unless `whole`, less and equal leave the
   * word's top bit out.
   */
  compareLeaves(
    bits: RingBits,
    first: boolean,
    whole: boolean,
    c: Bytes,
    products: Bytes,
    less: Bytes,
    equal: Bytes,
    top: Bytes,
  ): void;
  /**
   * Masked inputs of the gates that join four neighbours, to be opened: `width` bytes per element.
   * `width` 4 joins 16 groups into 4 (lanes of 16 bits), 1 joins 4 into 1 (lanes of 8).
   */
  gateOpen(width: 4 | 1, less: Bytes, equal: Bytes, mask: Bytes, out: Bytes): void;
  /** Products of the masks that a gate's expansion needs: 11 planes of bytes, or 3. */
  gateProducts(width: 4 | 1, mask: Bytes, out: Bytes): void;
  /** Halves of less and equal after the gates, in 8-bit lanes. */
  gateCombine(
    width: 4 | 1,
    first: boolean,
    opened: Bytes,
    mask: Bytes,
    products: Bytes,
    less: Bytes,
    lessOut: Bytes,
    equalOut: Bytes,
  ): void;

  // -- pseudo-random generator --------------------------------------------------------------------
  /**
   * AES-128-CTR key stream, big-endian 128-bit counter: the same bits as `node:crypto`'s
   * `aes-128-ctr` over zeros. `counter` is the first block's 16-byte counter value.
   */
  aesCtr(key: Bytes, counter: Bytes, out: Bytes): void;

  // -- fixed point --------------------------------------------------------------------------------
  /**
   * out = round(x * 2^fractionBits), saturating at +-2^(bits-2); NaN is refused with
   * `EngineError('range')`. Rounds half away from zero.
   */
  encode(bits: RingBits, fractionBits: number, x: Float64Array, out: Bytes): void;
  /** out = signed(x) / 2^fractionBits. */
  decode(bits: RingBits, fractionBits: number, x: Bytes, out: Float64Array): void;
}

export interface MatmulShape {
  readonly batch: number;
  readonly yBatch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly accumulate?: boolean;
}
