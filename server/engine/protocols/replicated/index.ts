/**
 * The replicated family: three parties, semi-honest, honest majority (no two collude). Puts the
 * steps of this folder together as a `Protocol`; which of them a variant uses is its `Realisation`,
 * and what each one sends is declared in `cost.ts`.
 */
import { addBits, allBitsSet, topBitOfSum } from '../../circuits/adder.ts';
import type { PartyId } from '../../channel.ts';
import { EngineError } from '../../errors.ts';
import { encodeScalar } from '../../fixed-point.ts';
import type { AShare, BShare, Framework, InteractiveOp, Protocol } from '../../protocol.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import { allocateBytes, elementCount, type Shape, type Tensor } from '../../ring/tensor.ts';
import { Talk, type Branch, type Session } from '../../session.ts';
import { InteractiveProtocol, type Place } from '../interactive.ts';
import { hasRoomForExponential } from '../masked-exponential.ts';
import { hasRoomForPieces } from '../masked-pieces.ts';
import { squaresTogether } from '../masked-squares.ts';
import type { Question } from '../masked-comparison.ts';
import { ArithmeticShare, type Origin } from '../shares.ts';
import {
  matrixProductTerm,
  multiply,
  pair,
  productTerm,
  reshare,
  type Pair,
} from './arithmetic.ts';
import { andBits, obliviousProduct, removeMask, shareMask, splitIntoBits } from './conversion.ts';
import { drawnProductTerm, drawWeight, wholePair } from './drawn-weights.ts';
import { equalBits } from './equality.ts';
import {
  compareHelped,
  evaluateHelped,
  oneHotHelped,
  powerHelped,
  squareHelped,
} from './helped.ts';
import { receiveInput, sendReveal } from './io.ts';
import type { Realisation } from './realisation.ts';
import { truncateReplicated, truncateTerms } from './truncation.ts';

/** This party's view of a replicated variant over one session. */
export function replicatedProtocol(how: Realisation) {
  return (session: Session, branch: Branch): Protocol =>
    new ReplicatedProtocol(how, session, { branch, path: '', bookedAs: null }, Symbol('run'));
}

class ReplicatedProtocol extends InteractiveProtocol implements Protocol {
  readonly name: string;
  readonly framework: Framework;
  protected readonly publicComponent: number | null;
  readonly #how: Realisation;

  constructor(how: Realisation, session: Session, place: Place, origin: Origin) {
    super(session, place, origin);
    this.name = how.id;
    this.framework = how.framework;
    this.#how = how;
    // Public constants belong to x_0, which party 0 holds first and party 2 second.
    this.publicComponent = ([0, null, 1] as const)[session.party];
  }

  input(shape: Shape): Promise<AShare> {
    return this.#product('input', shape, (talk) => receiveInput(talk, shape));
  }

  weight(shape: Shape): Promise<AShare> {
    if (this.#how.weights === 'uniform') {
      return this.step('weight', shape, async (talk) => {
        const drawn = drawWeight(talk, shape);
        if (shape.length === 2) return new ArithmeticShare(this.origin, shape, [], null, drawn);
        return this.arithmetic(shape, wholePair(talk, drawn));
      });
    }
    return this.#product('weight', shape, (talk) => receiveInput(talk, shape));
  }

  revealToOwner(x: AShare, reason: string): Promise<void> {
    return this.step('reveal', x.shape, async (talk) => {
      this.session.ledger.revealed({ path: talk.path, to: 'owner', reason, shape: x.shape });
      sendReveal(talk, pair(this.own(x)));
    });
  }

  mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    return this.#product('mul', x.shape, (talk) =>
      multiply(talk, pair(this.own(x)), pair(this.own(y))),
    );
  }

  square(x: AShare): Promise<AShare> {
    return this.#product('square', x.shape, (talk) => {
      const own = pair(this.own(x));
      return multiply(talk, own, own);
    });
  }

  matmul(x: AShare, y: AShare): Promise<AShare> {
    const { out } = matmulShapes(x.shape, y.shape);
    return this.#product('matmul', out, (talk) => reshare(talk, this.#matrixTerm(talk, x, y)));
  }

  truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    return this.#product('truncate', x.shape, (talk) =>
      truncateReplicated(talk, pair(this.own(x)), bits),
    );
  }

  override mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    if (!this.#how.fusedTruncation) return super.mulTruncate(x, y, bits);
    this.requireSameShape('mulTruncate', x, y);
    this.requireTruncation(bits);
    return this.#product('mulTruncate', x.shape, (talk) => {
      const term = productTerm(talk, pair(this.own(x)), pair(this.own(y)));
      return truncateTerms(talk, term.bytes, term.shape, bits);
    });
  }

  override squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    if (this.#how.squares === 'oneByOne' || !squaresTogether(this.ring, times, bits)) {
      return super.squareTimes(x, times, bits);
    }
    this.requireTruncation(bits);
    return this.#product('squareTimes', x.shape, (talk) =>
      squareHelped(talk, pair(this.own(x)), times, bits),
    );
  }

  override matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    if (!this.#how.fusedTruncation) return super.matmulTruncate(x, y, bits);
    const { out } = matmulShapes(x.shape, y.shape);
    this.requireTruncation(bits);
    return this.#product('matmulTruncate', out, (talk) => {
      const term = this.#matrixTerm(talk, x, y);
      return truncateTerms(talk, term.bytes, term.shape, bits);
    });
  }

  randomBits(shape: Shape, usedBits: number): BShare {
    const { generators } = this.place.branch;
    const length = (elementCount(shape) * this.ring.bits) / 8;
    const component = (holder: PartyId): Tensor => {
      const prg = generators.get(holder);
      if (prg === undefined) throw new EngineError('protocol', `no stream with party ${holder}`);
      return { elementBits: this.ring.bits, shape, bytes: prg.bytes(length) };
    };
    const { session } = this;
    const words = [component(session.neighbour(-1)), component(session.neighbour(1))];
    return this.maskBits(this.bits(shape, this.ring.bits, words), (1n << BigInt(usedBits)) - 1n);
  }

  async and(x: BShare, y: BShare): Promise<BShare> {
    const [product] = await this.andAll([[x, y]]);
    if (product === undefined) throw new RangeError('one product');
    return product;
  }

  andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    const { shape, lane } = this.requirePairs(pairs);
    const operands = pairs.map(([x, y]) => [pair(this.ownBits(x)), pair(this.ownBits(y))] as const);
    return this.step('and', [pairs.length, ...shape], async (talk) => {
      const products = await andBits(talk, operands);
      return products.map((product) => this.bits(shape, lane, product));
    });
  }

  a2b(x: AShare): Promise<BShare> {
    return this.step('a2b', x.shape, async (talk, mpc) => {
      const { low, high } = await this.#split(talk, x);
      return addBits(mpc, low, high);
    });
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
    return this.step('isZero', x.shape, async (talk, mpc) => {
      if (this.#how.equality === 'maskedAndTree') {
        const same = await equalBits(talk, pair(this.own(x)));
        return allBitsSet(mpc, this.bits(x.shape, this.ring.bits, same));
      }
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
    });
  }

  b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    this.requireLane('b2a', x, kind);
    if (kind === 'bit') {
      return this.#product('b2aBit', x.shape, (talk) =>
        obliviousProduct(talk, talk.takeTurn() % 3, pair(this.ownBits(x)), null),
      );
    }
    return this.step('b2aWord', x.shape, async (talk, mpc) => {
      const { mask, bits } = await shareMask(talk, pair(this.ownBits(x))[0]);
      const masked = await addBits(mpc, x, this.bits(x.shape, x.lane, bits));
      const result = await removeMask(talk, pair(this.ownBits(masked)), mask);
      return this.arithmetic(x.shape, result);
    });
  }

  bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    this.requireLane('bitMul', bit, 'bit');
    return this.#product('bitMul', x.shape, (talk) =>
      this.#bitProduct(talk, pair(this.ownBits(bit)), pair(this.own(x))),
    );
  }

  override get pieces(): Protocol['pieces'] {
    if (this.#how.pieces === 'composed' || !hasRoomForPieces(this.ring)) return null;
    return (x, pieces) =>
      this.#product('pieces', x.shape, (talk) => evaluateHelped(talk, pair(this.own(x)), pieces));
  }

  override get exponential(): Protocol['exponential'] {
    if (this.#how.exponential === 'composed' || !hasRoomForExponential(this.ring)) return null;
    return (x) =>
      this.#product('exponential', x.shape, (talk) => powerHelped(talk, pair(this.own(x))));
  }

  override get oneHot(): Protocol['oneHot'] {
    if (this.#how.oneHot === 'composed') return null;
    return (x, size) =>
      this.#product('oneHot', [...x.shape, size], (talk) =>
        oneHotHelped(talk, pair(this.own(x)), size),
      );
  }

  protected override moved(place: Place): Protocol {
    return new ReplicatedProtocol(this.#how, this.session, place, this.origin);
  }

  /** This party's term of x y. */
  #matrixTerm(talk: Talk, x: AShare, y: AShare): Tensor {
    const drawn = this.drawnOf(y);
    if (drawn !== null) return drawnProductTerm(talk, pair(this.own(x)), drawn);
    return matrixProductTerm(talk, pair(this.own(x)), pair(this.own(y)));
  }

  #product(op: InteractiveOp, shape: Shape, body: (talk: Talk) => Promise<Pair>): Promise<AShare> {
    return this.step(op, shape, async (talk) => this.arithmetic(shape, await body(talk)));
  }

  /** bit x = bit x_{t+1} + bit (x_{t+2} + x_t): two transfers side by side, one sender each. */
  async #bitProduct(talk: Talk, bit: Pair, x: Pair): Promise<Pair> {
    const first = talk.branch.turn % 3;
    const second = (first + 2) % 3;
    const sum = this.#addWords(x[0].bytes, x[1].bytes);
    const on = (branch: Branch) => new Talk(this.session, branch, talk.path, talk.op);
    const [left, right] = await this.session.fork(talk.branch, [
      (branch) => obliviousProduct(on(branch), first, bit, x[1].bytes),
      (branch) => obliviousProduct(on(branch), second, bit, sum),
    ]);
    if (left === undefined || right === undefined) throw new RangeError('two branches');
    const added = (index: 0 | 1): Tensor => ({
      ...left[index],
      bytes: this.#addWords(left[index].bytes, right[index].bytes),
    });
    return [added(0), added(1)];
  }

  #addWords(x: Uint8Array, y: Uint8Array): Uint8Array {
    const out = allocateBytes(x.length);
    this.kernels.binary('add', this.ring.bits, x, y, out);
    return out;
  }

  async #split(talk: Talk, x: AShare): Promise<{ low: BShare; high: BShare }> {
    const { low, high } = await splitIntoBits(talk, pair(this.own(x)));
    return {
      low: this.bits(x.shape, this.ring.bits, low),
      high: this.bits(x.shape, this.ring.bits, high),
    };
  }

  async #compared(talk: Talk, x: AShare, shape: Shape, question: Question): Promise<BShare> {
    return this.bits(shape, 8, await compareHelped(talk, pair(this.own(x)), shape, question));
  }

  async #topBit(talk: Talk, mpc: Protocol, x: AShare): Promise<BShare> {
    if (this.#how.comparison === 'maskedGates') {
      return this.#compared(talk, x, x.shape, { below: [0n] });
    }
    const { low, high } = await this.#split(talk, x);
    return topBitOfSum(mpc, low, high);
  }
}
