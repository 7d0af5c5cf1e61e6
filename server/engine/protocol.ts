/**
 * Protocol: the one interface against which models and approximations are written.
 *
 * Local operations return a value, operations that talk return a promise. The same code therefore
 * runs in the clear (the yardstick), under any secret sharing, and on shapes alone (the price).
 * Shares are opaque outside the protocol that made them.
 */
import type { LaneBits } from './ring/kernels.ts';
import type { Shape, Tensor, View } from './ring/tensor.ts';
import type { Ring } from './plan.ts';

/** Arithmetic share: secret tensor over Z_2^k. */
export interface AShare {
  readonly domain: 'arithmetic';
  readonly shape: Shape;
}

/** Boolean share: secret bits, xor-shared in lanes; one-bit values use lane 8. */
export interface BShare {
  readonly domain: 'boolean';
  readonly shape: Shape;
  readonly lane: LaneBits;
}

/**
 * A system whose cost a variant reproduces, and whose steps its functions therefore take; null where
 * the cheapest ones are taken.
 */
export type Framework = 'spu' | 'crypten' | null;

/** Where a public tensor or number is expected it is in ring encoding unless the name says fixed. */
export interface Protocol {
  readonly name: string;
  readonly ring: Ring;
  /** Whose steps are repeated where a function can be evaluated in several ways. */
  readonly framework: Framework;

  /** The same protocol at a place further down the model outline; names trace rows. */
  at(place: string): Protocol;
  /**
   * Runs independent pieces as one step: their messages travel together and their rounds overlap.
   * Each piece must use only the protocol handed to it.
   */
  together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }>;

  // -- local, arithmetic --------------------------------------------------------------------------
  /** y has x's shape, or is a row (suffix of x's shape), or a column (x's shape, last axis 1). */
  add(x: AShare, y: AShare): AShare;
  sub(x: AShare, y: AShare): AShare;
  negate(x: AShare): AShare;
  /** x + value, the value in fixed point. */
  addFixed(x: AShare, value: number): AShare;
  /** x + y for a public ring tensor of x's shape or a row of it. */
  addPublic(x: AShare, y: Tensor): AShare;
  /** x * factor for a public ring integer; no truncation. */
  scale(x: AShare, factor: bigint): AShare;
  /** x * row for a public ring tensor that is a suffix of x's shape; no truncation. */
  scaleRow(x: AShare, row: Tensor): AShare;
  sum(x: AShare, axis: number): AShare;
  view<S extends AShare | BShare>(x: S, view: View): S;
  concat<S extends AShare | BShare>(xs: readonly S[], axis: number): S;

  // -- local, boolean -------------------------------------------------------------------------------
  xor(x: BShare, y: BShare): BShare;
  /** x xor mask in every lane. */
  xorPublic(x: BShare, mask: bigint): BShare;
  /** x and mask in every lane. */
  maskBits(x: BShare, mask: bigint): BShare;
  shiftBits(x: BShare, kind: 'left' | 'right', by: number): BShare;
  /** Even and odd bits of the lowest `usedBits` bits, see `Kernels.splitEvenOdd`. */
  splitEvenOdd(x: BShare, usedBits: number): { even: BShare; odd: BShare };
  reverseBits(x: BShare): BShare;
  /** Xor of the bits selected by `mask`, as a one-bit share. */
  parity(x: BShare, mask: bigint): BShare;
  resizeLanes(x: BShare, lane: LaneBits): BShare;
  /**
   * Every set bit p of a word becomes the bits of `factor` shifted left by p. Right only where no two
   * of them meet: then multiplying words is linear over xor.
   */
  fanOut(x: BShare, factor: bigint): BShare;
  /** Fresh uniformly random bits that nobody knows, in the lowest `usedBits` of each word. */
  randomBits(shape: Shape, usedBits: number): BShare;

  // -- interactive ----------------------------------------------------------------------------------
  /** Receives a share of `shape` from the owner, who splits and sends in the same order. */
  input(shape: Shape): Promise<AShare>;
  /** As `input`, for a value that stays the same over the session: a weight. */
  weight(shape: Shape): Promise<AShare>;
  /** Sends what the owner needs to learn x. The only way in which a meaningful value leaves secrecy. */
  revealToOwner(x: AShare, reason: string): Promise<void>;
  /** Product of ring elements of equal shape; no truncation. */
  mul(x: AShare, y: AShare): Promise<AShare>;
  /** x * x; no truncation. */
  square(x: AShare): Promise<AShare>;
  /** x [..., m, k] times y [..., k, n] or [k, n]; no truncation. */
  matmul(x: AShare, y: AShare): Promise<AShare>;
  /**
   * Divides by 2^bits; the result may be one unit too small or too large. Needs |x| < 2^(k-2). A variant
   * with local truncation is wrong by 2^(k - bits) with probability |x| / 2^k, see its realisation.
   */
  truncate(x: AShare, bits: number): Promise<AShare>;
  /** `truncate(mul(x, y), bits)`, a square where x is y; one operation where the variant has one. */
  mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare>;
  /** x^(2^times), truncated by `bits` after each squaring; one operation where the variant has one. */
  squareTimes(x: AShare, times: number, bits: number): Promise<AShare>;
  /** `truncate(matmul(x, y), bits)`; one operation where the variant has one. */
  matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare>;
  and(x: BShare, y: BShare): Promise<BShare>;
  /** Several independent products in one round; all pairs of one shape and lane. */
  andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]>;
  /** Bits of x, lane = ring bits. */
  a2b(x: AShare): Promise<BShare>;
  /** Integer whose bits are x (lane = ring bits), or 0/1 for a one-bit share (lane 8). */
  b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare>;
  /** Sign bit of x as a one-bit share. */
  msb(x: AShare): Promise<BShare>;
  /**
   * 1 where x < t, for each of several public t in fixed point: one-bit shares [thresholds, ...shape].
   * Needs |x| + |t| < 2^(k-1-f). One operation where the variant has one, else a `msb` of all x - t.
   */
  below(x: AShare, thresholds: readonly number[]): Promise<BShare>;
  /** 1 where x = 0, as a one-bit share. */
  isZero(x: AShare): Promise<BShare>;
  /** bit * x for a one-bit share; no truncation. */
  bitMul(bit: BShare, x: AShare): Promise<AShare>;

  /**
   * A function of pieces as one operation, null where it is composed of others. Values between the
   * outer breakpoints within 2^-11 of the polynomials, elsewhere exact.
   */
  readonly pieces: ((x: AShare, pieces: Pieces) => Promise<AShare>) | null;

  /**
   * e^x as one operation, null where it is composed of others. For x in [-14, 2), 0 below; off by two
   * units and 2e-6 of itself at most. Needs x > -2^(k-6-f).
   */
  readonly exponential: ((x: AShare) => Promise<AShare>) | null;

  /**
   * One-hot rows [indices, size] of ring integers for x [indices] in [0, size), as one operation; null
   * where it is composed of others.
   */
  readonly oneHot: ((x: AShare, size: number) => Promise<AShare>) | null;

  /** Only `clear` has it: applies a float function to the decoded values, the exact reference. */
  readonly float?: FloatEscape;
}

/**
 * 0 below `low`, `lower`, where there is one, below its end, `upper` up to and with `high`, x above.
 * Coefficients by power; polynomials stay below 4 in size where they hold.
 */
export interface Pieces {
  readonly low: number;
  readonly high: number;
  readonly lower: Readonly<Record<'end' | 'zero' | 'one' | 'two' | 'three', number>> | null;
  readonly upper: Readonly<Record<'zero' | 'one' | 'two' | 'four' | 'six', number>>;
}

/** fn maps all values of x (row-major, float) to as many values; never available on shares. */
export type FloatEscape = (x: AShare, fn: (values: Float64Array) => Float64Array) => AShare;

/** Interactive operations, as named in traces and costs. */
export const interactiveOps = [
  'input',
  'weight',
  'reveal',
  'mul',
  'square',
  'matmul',
  'truncate',
  'mulTruncate',
  'squareTimes',
  'matmulTruncate',
  'and',
  'a2b',
  'b2aWord',
  'b2aBit',
  'msb',
  'below',
  'isZero',
  'bitMul',
  'pieces',
  'exponential',
  'oneHot',
] as const;
export type InteractiveOp = (typeof interactiveOps)[number];
