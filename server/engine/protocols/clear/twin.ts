/**
 * Fixed point and float64 side by side: every step is taken by both, and what one place of the model hands
 * to another is compared. So a place's error is known without opening anything in the secure run: the
 * parties compute what fixed point does, up to their truncations. Values that stay inside of a place are not
 * compared: of a function of pieces most pieces are far off, and not chosen.
 */
import { EngineError } from '../../errors.ts';
import type { Ring } from '../../plan.ts';
import type { AShare, BShare, FloatEscape, Protocol } from '../../protocol.ts';
import type { LaneBits } from '../../ring/kernels.ts';
import type { Shape, Tensor, View } from '../../ring/tensor.ts';
import type { ClearProtocol } from './index.ts';
import type { FloatProtocol } from './float.ts';

/** What one place of the model handed on, over all inferences. */
export interface PlaceError {
  readonly path: string;
  readonly elements: number;
  /** Largest and mean |fixed point - float64|. */
  readonly maxError: number;
  readonly meanError: number;
  /** Largest |value|, float64. */
  readonly largest: number;
}

/** `scaled`: a product that waits for its truncation, or an integer; it is not compared. */
interface Pair<S> {
  readonly fixed: S;
  readonly float: S;
  readonly path: string;
  readonly scaled: boolean;
}

interface Total {
  elements: number;
  maxError: number;
  sumError: number;
  largest: number;
}

/** Errors by place, as they add up over inferences. */
export class ErrorRecord {
  readonly #totals = new Map<string, Total>();
  readonly #seen = new WeakSet<object>();

  /** Whether it is the first time that this share leaves its place. */
  first(share: object): boolean {
    if (this.#seen.has(share)) return false;
    this.#seen.add(share);
    return true;
  }

  /** @param unit of the doubles in `float`, as ring units a one */
  add(path: string, fixed: Float64Array, float: Float64Array, unit: number): void {
    let total = this.#totals.get(path);
    if (total === undefined) {
      total = { elements: 0, maxError: 0, sumError: 0, largest: 0 };
      this.#totals.set(path, total);
    }
    for (let at = 0; at < fixed.length; at += 1) {
      const value = (float[at] ?? 0) / unit;
      const error = Math.abs((fixed[at] ?? 0) - value);
      total.sumError += error;
      if (error > total.maxError) total.maxError = error;
      if (Math.abs(value) > total.largest) total.largest = Math.abs(value);
    }
    total.elements += fixed.length;
  }

  /** In the order of first appearance. */
  read(): readonly PlaceError[] {
    return [...this.#totals].map(([path, { elements, maxError, sumError, largest }]) => ({
      path,
      elements,
      maxError,
      meanError: elements === 0 ? 0 : sumError / elements,
      largest,
    }));
  }
}

export interface TwinParts {
  readonly fixed: ClearProtocol;
  readonly float: FloatProtocol;
  readonly record: ErrorRecord;
}

export class TwinProtocol implements Protocol {
  readonly name = 'twin';
  readonly framework = null;
  readonly pieces = null;
  readonly oneHot = null;
  readonly ring: Ring;
  readonly #parts: TwinParts;
  readonly #path: string;

  constructor(parts: TwinParts, path = '') {
    this.#parts = parts;
    this.#path = path;
    this.ring = parts.fixed.ring;
  }

  at(place: string): Protocol {
    return new TwinProtocol(this.#parts, this.#path === '' ? place : `${this.#path}.${place}`);
  }

  async together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
    const results: unknown[] = [];
    for (const piece of pieces) results.push(await piece(this));
    return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }

  add(x: AShare, y: AShare): AShare {
    return this.#now([x, y], (mpc, [a, b]) => mpc.add(a, b));
  }

  sub(x: AShare, y: AShare): AShare {
    return this.#now([x, y], (mpc, [a, b]) => mpc.sub(a, b));
  }

  negate(x: AShare): AShare {
    return this.#now([x], (mpc, [a]) => mpc.negate(a));
  }

  addFixed(x: AShare, value: number): AShare {
    return this.#now([x], (mpc, [a]) => mpc.addFixed(a, value));
  }

  addPublic(x: AShare, y: Tensor): AShare {
    return this.#now([x], (mpc, [a]) => mpc.addPublic(a, y));
  }

  scale(x: AShare, factor: bigint): AShare {
    return this.#now([x], (mpc, [a]) => mpc.scale(a, factor), true);
  }

  scaleRow(x: AShare, row: Tensor): AShare {
    return this.#now([x], (mpc, [a]) => mpc.scaleRow(a, row), true);
  }

  sum(x: AShare, axis: number): AShare {
    return this.#now([x], (mpc, [a]) => mpc.sum(a, axis));
  }

  view<S extends AShare | BShare>(x: S, view: View): S {
    return this.#now([x], (mpc, [a]) => mpc.view(a, view));
  }

  concat<S extends AShare | BShare>(xs: readonly S[], axis: number): S {
    return this.#now(xs, (mpc, parts) => mpc.concat(parts, axis));
  }

  xor(x: BShare, y: BShare): BShare {
    return this.#now([x, y], (mpc, [a, b]) => mpc.xor(a, b));
  }

  xorPublic(x: BShare, mask: bigint): BShare {
    return this.#now([x], (mpc, [a]) => mpc.xorPublic(a, mask));
  }

  maskBits(x: BShare, mask: bigint): BShare {
    return this.#now([x], (mpc, [a]) => mpc.maskBits(a, mask));
  }

  shiftBits(x: BShare, kind: 'left' | 'right', by: number): BShare {
    return this.#now([x], (mpc, [a]) => mpc.shiftBits(a, kind, by));
  }

  splitEvenOdd(x: BShare, usedBits: number): { even: BShare; odd: BShare } {
    return {
      even: this.#now([x], (mpc, [a]) => mpc.splitEvenOdd(a, usedBits).even),
      odd: this.#now([x], (mpc, [a]) => mpc.splitEvenOdd(a, usedBits).odd),
    };
  }

  reverseBits(x: BShare): BShare {
    return this.#now([x], (mpc, [a]) => mpc.reverseBits(a));
  }

  parity(x: BShare, mask: bigint): BShare {
    return this.#now([x], (mpc, [a]) => mpc.parity(a, mask));
  }

  resizeLanes(x: BShare, lane: LaneBits): BShare {
    return this.#now([x], (mpc, [a]) => mpc.resizeLanes(a, lane));
  }

  fanOut(x: BShare, factor: bigint): BShare {
    return this.#now([x], (mpc, [a]) => mpc.fanOut(a, factor));
  }

  randomBits(shape: Shape): BShare {
    return this.#now([], (mpc) => mpc.randomBits(shape));
  }

  input(shape: Shape): Promise<AShare> {
    return this.#later([], (mpc) => mpc.input(shape));
  }

  weight(shape: Shape): Promise<AShare> {
    return this.input(shape);
  }

  async revealToOwner(x: AShare, reason: string): Promise<void> {
    const { fixed, float } = this.#parts;
    const pair = this.#open(x);
    await fixed.revealToOwner(pair.fixed, reason);
    await float.revealToOwner(pair.float, reason);
  }

  mul(x: AShare, y: AShare): Promise<AShare> {
    return this.#later([x, y], (mpc, [a, b]) => mpc.mul(a, b), true);
  }

  square(x: AShare): Promise<AShare> {
    return this.#later([x], (mpc, [a]) => mpc.square(a), true);
  }

  matmul(x: AShare, y: AShare): Promise<AShare> {
    return this.#later([x, y], (mpc, [a, b]) => mpc.matmul(a, b), true);
  }

  truncate(x: AShare, bits: number): Promise<AShare> {
    return this.#later([x], (mpc, [a]) => mpc.truncate(a, bits), false);
  }

  mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.#later([x, y], (mpc, [a, b]) => mpc.mulTruncate(a, b, bits), false);
  }

  squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    return this.#later([x], (mpc, [a]) => mpc.squareTimes(a, times, bits), false);
  }

  matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.#later([x, y], (mpc, [a, b]) => mpc.matmulTruncate(a, b, bits), false);
  }

  readonly exponential = (x: AShare): Promise<AShare> =>
    this.#later([x], (mpc, [a]) => mpc.exponential(a), false);

  and(x: BShare, y: BShare): Promise<BShare> {
    return this.#later([x, y], (mpc, [a, b]) => mpc.and(a, b));
  }

  async andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    const results: BShare[] = [];
    for (const [x, y] of pairs) results.push(await this.and(x, y));
    return results;
  }

  a2b(x: AShare): Promise<BShare> {
    return this.#later([x], (mpc, [a]) => mpc.a2b(a));
  }

  b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    return this.#later([x], (mpc, [a]) => mpc.b2a(a, kind), true);
  }

  msb(x: AShare): Promise<BShare> {
    return this.#later([x], (mpc, [a]) => mpc.msb(a));
  }

  below(x: AShare, thresholds: readonly number[]): Promise<BShare> {
    return this.#later([x], (mpc, [a]) => mpc.below(a, thresholds));
  }

  isZero(x: AShare): Promise<BShare> {
    return this.#later([x], (mpc, [a]) => mpc.isZero(a));
  }

  bitMul(bit: BShare, x: AShare): Promise<AShare> {
    return this.#later<AShare | BShare, AShare>([bit, x], (mpc, [a, b]) =>
      mpc.bitMul(a as BShare, b as AShare),
    );
  }

  readonly float: FloatEscape = (x, fn) => this.#now([x], (mpc, [a]) => mpc.float(a, fn));

  /** A share of both, that comes into this place; what leaves another one is compared. */
  #open<S extends AShare | BShare>(x: S): S & Pair<S> {
    if (!isPair(x)) {
      throw new EngineError('protocol', 'a share of another run or protocol was used');
    }
    const inside = this.#path === x.path || this.#path.startsWith(`${x.path}.`);
    if (x.domain === 'arithmetic' && !x.scaled && !inside && x.path !== '') this.#compare(x);
    return x;
  }

  #compare({ fixed, float, path }: Pair<AShare | BShare>): void {
    const { record, ...both } = this.#parts;
    if (fixed.domain !== 'arithmetic' || float.domain !== 'arithmetic' || !record.first(fixed))
      return;
    const unit = 2 ** this.ring.fractionBits;
    record.add(path, both.fixed.decoded(fixed), both.float.valuesOf(float), unit);
  }

  #now<S extends AShare | BShare, R extends AShare | BShare = S>(
    xs: readonly S[],
    step: (mpc: ClearProtocol, parts: Parts<S>) => R,
    scaled = isScaled(xs),
  ): R {
    const pairs = xs.map((x) => this.#open(x));
    return this.#joined(
      step(this.#parts.fixed, partsOf(pairs, 'fixed')),
      step(this.#parts.float, partsOf(pairs, 'float')),
      scaled,
    );
  }

  async #later<S extends AShare | BShare, R extends AShare | BShare>(
    xs: readonly S[],
    step: (mpc: ClearProtocol, parts: Parts<S>) => Promise<R>,
    scaled = isScaled(xs),
  ): Promise<R> {
    const pairs = xs.map((x) => this.#open(x));
    return this.#joined(
      await step(this.#parts.fixed, partsOf(pairs, 'fixed')),
      await step(this.#parts.float, partsOf(pairs, 'float')),
      scaled,
    );
  }

  /** It looks like the fixed-point one. */
  #joined<S extends AShare | BShare>(fixed: S, float: S, scaled: boolean): S & Pair<S> {
    const { domain, shape } = fixed;
    const lane = 'lane' in fixed ? { lane: fixed.lane } : {};
    const pair = { domain, shape, ...lane, fixed, float, path: this.#path, scaled };
    // Domain, shape and lane are all that an S has for those outside of its protocol.
    return pair as unknown as S & Pair<S>;
  }
}

/** As many as were given. */
type Parts<S> = readonly [S, S, ...S[]];

const partsOf = <S>(pairs: readonly Pair<S>[], which: 'fixed' | 'float'): Parts<S> =>
  pairs.map((pair) => pair[which]) as unknown as Parts<S>;

const isPair = <S extends AShare | BShare>(x: S): x is S & Pair<S> => 'fixed' in x && 'float' in x;

const isScaled = (xs: readonly (AShare | BShare)[]): boolean =>
  xs.some((x) => isPair(x) && x.scaled);
