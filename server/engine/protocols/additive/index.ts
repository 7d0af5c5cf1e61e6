/**
 * The additive family: two parties, semi-honest, with dealt correlations. Puts the steps of this
 * folder together as a `Protocol`; which of them a variant uses is its `Realisation`, and what they
 * open and use up is declared in `cost.ts`.
 */
import { addBits, sumFrom, topBitOfSum } from '../../circuits/adder.ts';
import { addBitsSetPropagateKill, allBitsSetInTopBit } from '../../circuits/set-propagate-kill.ts';
import { EngineError } from '../../errors.ts';
import { encodeScalar } from '../../fixed-point.ts';
import type { AShare, BShare, Framework, InteractiveOp, Protocol } from '../../protocol.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import { elementCount, joinBytes, zeros, type Shape, type Tensor } from '../../ring/tensor.ts';
import type { Branch, Session, Talk } from '../../session.ts';
import { InteractiveProtocol, type Place } from '../interactive.ts';
import { ArithmeticShare, type Origin } from '../shares.ts';
import {
  maskWeight,
  matrixMultiply,
  multiply,
  multiplyByWeight,
  square,
  type MaskedWeight,
} from './arithmetic.ts';
import { andBits, bitTimesNumber, bitsToNumbers, openMasked, wordsToNumbers } from './boolean.ts';
import type { Question } from '../masked-comparison.ts';
import { receiveInput } from './io.ts';
import { hasRoomForExponential } from '../masked-exponential.ts';
import { hasRoomForPieces } from '../masked-pieces.ts';
import { squaresTogether } from '../masked-squares.ts';
import { compare, evaluate, oneHot, power, squareTimes } from './masked.ts';
import type { Realisation } from './realisation.ts';
import { truncateByPair, truncateLocally } from './truncation.ts';

/** This party's view of an additive variant over one session. */
export function additiveProtocol(realisation: Realisation) {
  return (session: Session, branch: Branch): Protocol =>
    new AdditiveProtocol(
      realisation,
      session,
      { branch, path: '', bookedAs: null },
      Symbol('run'),
      [],
    );
}

class AdditiveProtocol extends InteractiveProtocol implements Protocol {
  readonly name: string;
  readonly framework: Framework;
  protected readonly publicComponent: number | null;
  readonly #how: Realisation;
  /** By number; empty places where weights are masked in every product. */
  readonly #weights: (MaskedWeight | null)[];

  constructor(
    how: Realisation,
    session: Session,
    place: Place,
    origin: Origin,
    weights: (MaskedWeight | null)[],
  ) {
    super(session, place, origin);
    this.name = how.id;
    this.framework = how.framework;
    this.#how = how;
    this.#weights = weights;
    this.publicComponent = session.party === 0 ? 0 : null;
  }

  input(shape: Shape): Promise<AShare> {
    return this.#number('input', shape, (talk) => receiveInput(talk, this.#bytes(shape)));
  }

  weight(shape: Shape): Promise<AShare> {
    return this.step('weight', shape, async (talk) => {
      const bytes = await receiveInput(talk, this.#bytes(shape));
      const number = this.#weights.length;
      this.#weights.push(null);
      if (this.#how.weights === 'once') {
        this.#weights[number] = await maskWeight(talk, number, bytes);
      }
      const tensor: Tensor = { elementBits: this.ring.bits, shape, bytes };
      return new ArithmeticShare(this.origin, shape, [tensor], number);
    });
  }

  revealToOwner(x: AShare, reason: string): Promise<void> {
    return this.step('reveal', x.shape, async (talk) => {
      this.session.ledger.revealed({ path: talk.path, to: 'owner', reason, shape: x.shape });
      talk.send('owner', this.#half(x));
    });
  }

  mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    return this.#number('mul', x.shape, (talk) => multiply(talk, this.#half(x), this.#half(y)));
  }

  square(x: AShare): Promise<AShare> {
    return this.#number('square', x.shape, (talk) =>
      this.#how.square === 'product'
        ? multiply(talk, this.#half(x), this.#half(x))
        : square(talk, this.#half(x)),
    );
  }

  matmul(x: AShare, y: AShare): Promise<AShare> {
    const { out, kernel } = matmulShapes(x.shape, y.shape);
    const weight = this.weightOf(y);
    const masked = weight === null ? null : (this.#weights[weight] ?? null);
    return this.#number('matmul', out, (talk) =>
      weight === null || masked === null
        ? matrixMultiply(talk, this.#half(x), this.#half(y), kernel)
        : multiplyByWeight(talk, this.#half(x), weight, masked, kernel),
    );
  }

  truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    return this.#number('truncate', x.shape, async (talk) =>
      this.#how.truncation === 'local'
        ? truncateLocally(talk, this.#half(x), bits)
        : truncateByPair(talk, this.#half(x), bits),
    );
  }

  override squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    if (this.#how.squares === 'oneByOne' || !squaresTogether(this.ring, times, bits)) {
      return super.squareTimes(x, times, bits);
    }
    this.requireTruncation(bits);
    return this.#number('squareTimes', x.shape, (talk) =>
      squareTimes(talk, this.#half(x), times, bits),
    );
  }

  async and(x: BShare, y: BShare): Promise<BShare> {
    const [product] = await this.andAll([[x, y]]);
    if (product === undefined) throw new RangeError('one product');
    return product;
  }

  andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    const { shape, lane } = this.requirePairs(pairs);
    return this.step('and', [pairs.length, ...shape], async (talk) => {
      const left = joinBytes(...pairs.map(([x]) => this.#halfBits(x)));
      const right = joinBytes(...pairs.map(([, y]) => this.#halfBits(y)));
      const product = await andBits(talk, left, right);
      const length = product.length / pairs.length;
      return pairs.map((_, index) =>
        this.#bitShare(shape, lane, product.subarray(index * length, (index + 1) * length)),
      );
    });
  }

  randomBits(shape: Shape, usedBits: number): BShare {
    const prg = this.place.branch.generators.get('private');
    if (prg === undefined) throw new EngineError('protocol', 'this party has no private stream');
    const words = this.#bitShare(shape, this.ring.bits, prg.bytes(this.#bytes(shape)));
    return this.maskBits(words, (1n << BigInt(usedBits)) - 1n);
  }

  a2b(x: AShare): Promise<BShare> {
    return this.step('a2b', x.shape, (talk, mpc) => this.#toBits(talk, mpc, x));
  }

  msb(x: AShare): Promise<BShare> {
    return this.step('msb', x.shape, (talk, mpc) => this.#topBit(talk, mpc, x));
  }

  override below(x: AShare, thresholds: readonly number[]): Promise<BShare> {
    if (this.#how.comparison !== 'maskedGates') return super.below(x, thresholds);
    const shape = [thresholds.length, ...x.shape];
    const below = thresholds.map((t) => encodeScalar(this.ring, t));
    return this.step('below', shape, (talk) => this.#compared(talk, x, shape, { below }));
  }

  isZero(x: AShare): Promise<BShare> {
    return this.step('isZero', x.shape, (talk, mpc) => {
      if (this.#how.equality === 'wordAndTree') return this.#halvesAreOpposite(mpc, x);
      if (this.#how.equality === 'maskedGates') return this.#compared(talk, x, x.shape, 'zero');
      return this.#neitherSign(talk, mpc, x);
    });
  }

  b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    this.requireLane('b2a', x, kind);
    if (kind === 'bit') {
      return this.#number('b2aBit', x.shape, (talk) =>
        bitsToNumbers(talk, this.#widened(x), this.#how.bitLane),
      );
    }
    return this.#number('b2aWord', x.shape, (talk) =>
      wordsToNumbers(talk, this.#halfBits(x), this.#how.wordOpening),
    );
  }

  bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    this.requireLane('bitMul', bit, 'bit');
    return this.#number('bitMul', x.shape, async (talk) => {
      if (this.#how.bitProduct === 'atOnce') {
        return bitTimesNumber(talk, this.#widened(bit), this.#half(x));
      }
      const number = await bitsToNumbers(talk, this.#widened(bit), this.#how.bitLane);
      return multiply(talk, number, this.#half(x));
    });
  }

  override get pieces(): Protocol['pieces'] {
    if (this.#how.pieces === 'composed' || !hasRoomForPieces(this.ring)) return null;
    return (x, pieces) =>
      this.#number('pieces', x.shape, (talk) => evaluate(talk, this.#half(x), pieces));
  }

  override get exponential(): Protocol['exponential'] {
    if (this.#how.exponential === 'composed' || !hasRoomForExponential(this.ring)) return null;
    return (x) => this.#number('exponential', x.shape, (talk) => power(talk, this.#half(x)));
  }

  override get oneHot(): Protocol['oneHot'] {
    if (this.#how.oneHot === 'composed') return null;
    return (x, size) =>
      this.#number('oneHot', [...x.shape, size], (talk) => oneHot(talk, this.#half(x), size));
  }

  protected override moved(place: Place): Protocol {
    return new AdditiveProtocol(this.#how, this.session, place, this.origin, this.#weights);
  }

  /** Bits of x_0 and of x_1, each known to one party: their sum is x. */
  #halvesAsBits(x: AShare): { first: BShare; second: BShare } {
    const own = this.#half(x);
    const nothing = new Uint8Array(own.length);
    const { party } = this.session;
    const bits = this.ring.bits;
    return {
      first: this.#bitShare(x.shape, bits, party === 0 ? own : nothing),
      second: this.#bitShare(x.shape, bits, party === 1 ? own : nothing),
    };
  }

  /**
   * x = c - r for the opened c and the shared bits of r: the sum of c and (not r), plus one. With c
   * public, what each position generates and propagates is local.
   */
  async #maskedSum(talk: Talk, x: AShare): Promise<{ generate: BShare; half: BShare }> {
    const { opened, maskBits } = await openMasked(talk, this.#half(x));
    const bits = this.ring.bits;
    const all = (1n << BigInt(bits)) - 1n;
    const notMask = this.xorPublic(this.#bitShare(x.shape, bits, maskBits), all);
    const c: Tensor = { elementBits: bits, shape: x.shape, bytes: opened };
    return { generate: this.#andTensor(notMask, c), half: this.#xorTensor(notMask, c) };
  }

  async #toBits(talk: Talk, mpc: Protocol, x: AShare): Promise<BShare> {
    if (this.#how.comparison === 'maskedGates') {
      const { generate, half } = await this.#maskedSum(talk, x);
      return sumFrom(mpc, generate, half, 1n);
    }
    const { first, second } = this.#halvesAsBits(x);
    return this.#how.comparison === 'carryTree'
      ? addBits(mpc, first, second)
      : addBitsSetPropagateKill(mpc, first, second);
  }

  async #topBit(talk: Talk, mpc: Protocol, x: AShare): Promise<BShare> {
    if (this.#how.comparison === 'maskedGates')
      return this.#compared(talk, x, x.shape, { below: [0n] });
    if (this.#how.comparison === 'carryTree') {
      const { first, second } = this.#halvesAsBits(x);
      return topBitOfSum(mpc, first, second);
    }
    return this.#topBitOf(await this.#toBits(talk, mpc, x));
  }

  /** x_0 = -x_1, compared bit by bit (CrypTen, two parties). */
  async #halvesAreOpposite(mpc: Protocol, x: AShare): Promise<BShare> {
    const { first } = this.#halvesAsBits(x);
    const { second } = this.#halvesAsBits(this.negate(x));
    const all = (1n << BigInt(this.ring.bits)) - 1n;
    const same = this.xorPublic(this.xor(first, second), all);
    return this.#topBitOf(await allBitsSetInTopBit(mpc, same));
  }

  async #compared(talk: Talk, x: AShare, shape: Shape, question: Question): Promise<BShare> {
    return this.#bitShare(shape, 8, await compare(talk, this.#half(x), question));
  }

  /** Neither x nor -x is negative. */
  async #neitherSign(talk: Talk, mpc: Protocol, x: AShare): Promise<BShare> {
    const flat = this.view(x, { reshape: [1, elementCount(x.shape)] });
    const signs = await this.#topBit(talk, mpc, this.concat([flat, this.negate(flat)], 0));
    const notSign = (row: number) =>
      this.xorPublic(
        this.view(this.view(signs, { slice: { axis: 0, start: row, end: row + 1 } }), {
          reshape: x.shape,
        }),
        1n,
      );
    return mpc.and(notSign(0), notSign(1));
  }

  #topBitOf(word: BShare): BShare {
    return this.resizeLanes(this.shiftBits(word, 'right', this.ring.bits - 1), 8);
  }

  /** Products with public bits are local: every party takes them of its own half. */
  #andTensor(x: BShare, y: Tensor): BShare {
    return this.mapBits(x, x.lane, (part, out) => this.kernels.bitwise('and', part, y.bytes, out));
  }

  #xorTensor(x: BShare, y: Tensor): BShare {
    const own = this.session.party === 0 ? y : zeros(x.lane, x.shape);
    return this.xor(x, this.bits(x.shape, x.lane, [own]));
  }

  /** One-bit lanes as ring words. */
  #widened(bit: BShare): Uint8Array {
    return this.#halfBits(this.resizeLanes(this.maskBits(bit, 1n), this.ring.bits));
  }

  #number(
    op: InteractiveOp,
    shape: Shape,
    body: (talk: Talk) => Promise<Uint8Array>,
  ): Promise<AShare> {
    return this.step(op, shape, async (talk) =>
      this.arithmetic(shape, [{ elementBits: this.ring.bits, shape, bytes: await body(talk) }]),
    );
  }

  #bitShare(shape: Shape, lane: BShare['lane'], bytes: Uint8Array): BShare {
    return this.bits(shape, lane, [{ elementBits: lane, shape, bytes }]);
  }

  #half(x: AShare): Uint8Array {
    return (this.own(x)[0] as Tensor).bytes;
  }

  #halfBits(x: BShare): Uint8Array {
    return (this.ownBits(x)[0] as Tensor).bytes;
  }

  #bytes(shape: Shape): number {
    return (elementCount(shape) * this.ring.bits) / 8;
  }
}
