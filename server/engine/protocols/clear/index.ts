/**
 * `clear`: the same fixed-point arithmetic in the open, by one party, without a message.
 *
 * It is the yardstick: what it loses against float functions is the approximation's doing, what a
 * secure protocol loses against it is the protocol's. Its truncation rounds down, exactly.
 */
import { differences } from '../../circuits/compare.ts';
import { decodeTensor, encodeTensor } from '../../fixed-point.ts';
import type { Ring } from '../../plan.ts';
import type { AShare, BShare, FloatEscape, Protocol } from '../../protocol.ts';
import { EngineError } from '../../errors.ts';
import type { Kernels } from '../../ring/kernels.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import {
  allocate,
  sameShape,
  showShape,
  zeros,
  type Shape,
  type Tensor,
} from '../../ring/tensor.ts';
import { LocalOperations } from '../local.ts';

/** Where the values come from and go to. */
export interface ClearEnds {
  readonly nextInput: () => Tensor;
  readonly revealed: (x: Tensor, reason: string) => void;
}

export class ClearProtocol extends LocalOperations implements Protocol {
  readonly name = 'clear';
  readonly framework = null;
  readonly pieces = null;
  readonly oneHot = null;
  readonly exponential = async (x: AShare): Promise<AShare> =>
    this.float(x, (values) => values.map((value) => (value < -14 ? 0 : Math.exp(value))));
  protected readonly publicComponent = 0;
  readonly #ends: ClearEnds;

  constructor(kernels: Kernels, ring: Ring, ends: ClearEnds) {
    super(kernels, ring, Symbol('clear run'));
    this.#ends = ends;
  }

  at(): Protocol {
    return this;
  }

  async together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
    const results: unknown[] = [];
    for (const piece of pieces) results.push(await piece(this));
    return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }

  async input(shape: Shape): Promise<AShare> {
    const x = this.#ends.nextInput();
    if (!sameShape(x.shape, shape)) {
      throw new EngineError(
        'shape',
        `input: got ${showShape(x.shape)}, expected ${showShape(shape)}`,
      );
    }
    return this.arithmetic(shape, [x]);
  }

  weight(shape: Shape): Promise<AShare> {
    return this.input(shape);
  }

  async revealToOwner(x: AShare, reason: string): Promise<void> {
    this.#ends.revealed(this.#value(x), reason);
  }

  async mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    const right = this.#value(y).bytes;
    return this.mapArithmetic(x, (part, out) =>
      this.kernels.binary('mul', this.ring.bits, part, right, out),
    );
  }

  square(x: AShare): Promise<AShare> {
    return this.mul(x, x);
  }

  async matmul(x: AShare, y: AShare): Promise<AShare> {
    const { out: shape, kernel } = matmulShapes(x.shape, y.shape);
    const out = allocate(this.ring.bits, shape);
    this.kernels.matmul(
      this.ring.bits,
      this.#value(x).bytes,
      this.#value(y).bytes,
      out.bytes,
      kernel,
    );
    return this.arithmetic(shape, [out]);
  }

  async truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    return this.mapArithmetic(x, (part, out) =>
      this.kernels.shift('arithmetic', this.ring.bits, part, bits, out),
    );
  }

  async mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.truncate(await (x === y ? this.square(x) : this.mul(x, y)), bits);
  }

  async squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    let power = x;
    for (let step = 0; step < times; step++) power = await this.mulTruncate(power, power, bits);
    return power;
  }

  async matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    return this.truncate(await this.matmul(x, y), bits);
  }

  /** Zeros: where a protocol breaks ties at random, the yardstick takes the first. */
  randomBits(shape: Shape): BShare {
    return this.bits(shape, this.ring.bits, [zeros(this.ring.bits, shape)]);
  }

  async and(x: BShare, y: BShare): Promise<BShare> {
    this.requireSameBits('and', x, y);
    const right = (this.ownBits(y)[0] as Tensor).bytes;
    return this.mapBits(x, x.lane, (part, out) => this.kernels.bitwise('and', part, right, out));
  }

  andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    this.requirePairs(pairs);
    return Promise.all(pairs.map(([x, y]) => this.and(x, y)));
  }

  async a2b(x: AShare): Promise<BShare> {
    return this.bits(x.shape, this.ring.bits, this.own(x));
  }

  async b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    this.requireLane('b2a', x, kind);
    if (kind === 'word') return this.arithmetic(x.shape, this.ownBits(x));
    const words = this.resizeLanes(this.maskBits(x, 1n), this.ring.bits);
    return this.arithmetic(x.shape, this.ownBits(words));
  }

  async msb(x: AShare): Promise<BShare> {
    const bits = await this.a2b(x);
    return this.resizeLanes(this.shiftBits(bits, 'right', this.ring.bits - 1), 8);
  }

  below(x: AShare, thresholds: readonly number[]): Promise<BShare> {
    return this.msb(differences(this, x, thresholds));
  }

  async isZero(x: AShare): Promise<BShare> {
    // x or -x has its top bit set exactly where x is not zero.
    const negative = this.#value(this.negate(x)).bytes;
    const either = this.mapArithmetic(x, (part, out) =>
      this.kernels.bitwise('or', part, negative, out),
    );
    return this.xorPublic(await this.msb(either), 1n);
  }

  async bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    this.requireLane('bitMul', bit, 'bit');
    const selector = (this.ownBits(bit)[0] as Tensor).bytes;
    return this.mapArithmetic(x, (part, out) =>
      this.kernels.chooseByBit(this.ring.bits, selector, new Uint8Array(part.length), part, out),
    );
  }

  readonly float: FloatEscape = (x, fn) => {
    const values = decodeTensor(this.kernels, this.ring, this.#value(x));
    return this.arithmetic(x.shape, [encodeTensor(this.kernels, this.ring, fn(values), x.shape)]);
  };

  /** The numbers of a share of this protocol; a product has to be truncated before. */
  decoded(x: AShare): Float64Array {
    return decodeTensor(this.kernels, this.ring, this.#value(x));
  }

  #value(x: AShare): Tensor {
    return this.own(x)[0] as Tensor;
  }
}
