/**
 * A protocol without values: runs a model on shapes alone and tells what each operation is declared
 * to send and to need from a dealer. Depths, role turns and branches advance exactly as in the
 * running protocol, so that the price of a run, and the dealer's work for it, follow from the plan.
 */
import { childBranch, maxBranches, rootBranch, type Branch, type Generators } from '../branch.ts';
import { differences } from '../circuits/compare.ts';
import { EngineError } from '../errors.ts';
import type { AShare, BShare, Framework, InteractiveOp, Protocol } from '../protocol.ts';
import {
  advanceDepths,
  declaredCost,
  type CostModel,
  type CostQuery,
  type DeclaredCost,
} from '../protocols/schedule.ts';
import { hasRoomForExponential } from '../protocols/masked-exponential.ts';
import { hasRoomForPieces, polynomialsOf } from '../protocols/masked-pieces.ts';
import { squaresTogether } from '../protocols/masked-squares.ts';
import { LocalOperations } from '../protocols/local.ts';
import { ArithmeticShare } from '../protocols/shares.ts';
import type { Ring } from '../plan.ts';
import type { Kernels, LaneBits } from '../ring/kernels.ts';
import { matmulShapes } from '../ring/matmul-shape.ts';
import { elementCount, type Shape } from '../ring/tensor.ts';

export interface ChargeEntry {
  readonly path: string;
  readonly query: CostQuery;
  readonly cost: DeclaredCost;
  /** With the streams of its place, for the dealer. */
  readonly branch: Branch;
}

/** Called once per operation, in program order, with what it costs at its place. */
export type Charge = (entry: ChargeEntry) => void;

interface Strand {
  readonly branch: Branch;
  depths: readonly number[];
}

/** What all places of one walk through a model share. */
interface Walk {
  readonly model: CostModel;
  readonly charge: Charge;
  readonly afterCharge: () => Promise<void> | void;
  readonly origin: symbol;
  weights: number;
}

export class ShapeProtocol extends LocalOperations implements Protocol {
  readonly name = 'shapes';
  readonly framework: Framework;
  protected readonly publicComponent = null;
  readonly #walk: Walk;
  readonly #strand: Strand;
  readonly #path: string;

  private constructor(walk: Walk, ring: Ring, strand: Strand, path: string) {
    super(unusedKernels, ring, walk.origin);
    this.framework = walk.model.framework;
    this.#walk = walk;
    this.#strand = strand;
    this.#path = path;
  }

  /** The start of a session; `turn` is the role counter's first value. */
  static start(
    model: CostModel,
    ring: Ring,
    charge: Charge,
    options: {
      generators?: Generators;
      turn?: number;
      /** Awaited after every operation: lets a dealer breathe. */
      afterCharge?: () => Promise<void> | void;
    } = {},
  ): ShapeProtocol {
    const afterCharge = options.afterCharge ?? (() => undefined);
    const walk = { model, charge, afterCharge, origin: Symbol('shapes'), weights: 0 };
    const branch = rootBranch(options.generators ?? new Map());
    branch.turn = options.turn ?? 0;
    return new ShapeProtocol(walk, ring, level(model, branch), '');
  }

  /** Rounds so far: the largest depth of any party. */
  get rounds(): number {
    return Math.max(0, ...this.#strand.depths);
  }

  /** The same session, with rounds and role turns counted from zero: the start of an inference. */
  restarted(): ShapeProtocol {
    const { branch } = this.#strand;
    branch.turn = 0;
    return new ShapeProtocol(this.#walk, this.ring, level(this.#walk.model, branch), '');
  }

  at(name: string): Protocol {
    const path = this.#path === '' ? name : `${this.#path}.${name}`;
    return new ShapeProtocol(this.#walk, this.ring, this.#strand, path);
  }

  async together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
    const { branch, depths: start } = this.#strand;
    const results: unknown[] = [];
    if (pieces.length > maxBranches) {
      throw new EngineError('range', `together: ${pieces.length} pieces, limit ${maxBranches}`);
    }
    if (pieces.length > 0) branch.forks += 1;
    let depths = start;
    for (const [index, piece] of pieces.entries()) {
      const strand = { branch: childBranch(branch, index), depths: start };
      results.push(await piece(new ShapeProtocol(this.#walk, this.ring, strand, this.#path)));
      depths = depths.map((depth, party) => Math.max(depth, strand.depths[party] ?? 0));
    }
    this.#strand.depths = depths;
    branch.turn += pieces.length;
    return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }

  async input(shape: Shape): Promise<AShare> {
    return this.#arithmeticResult({ op: 'input', elements: elementCount(shape) }, shape);
  }

  async weight(shape: Shape): Promise<AShare> {
    const weight = this.#walk.weights;
    this.#walk.weights += 1;
    await this.#pay({ op: 'weight', elements: elementCount(shape), weight });
    return new ArithmeticShare(this.origin, shape, [], weight);
  }

  async revealToOwner(x: AShare): Promise<void> {
    await this.#pay({ op: 'reveal', elements: elementCount(x.shape) });
  }

  async mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    return this.#elementwise('mul', x);
  }

  async square(x: AShare): Promise<AShare> {
    return this.#elementwise('square', x);
  }

  async matmul(x: AShare, y: AShare): Promise<AShare> {
    return this.#product('matmul', x, y);
  }

  async truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    return this.#elementwise('truncate', x, bits);
  }

  async mulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    if (!this.#isWhole('mulTruncate')) {
      return this.truncate(await (x === y ? this.square(x) : this.mul(x, y)), bits);
    }
    this.requireSameShape('mulTruncate', x, y);
    this.requireTruncation(bits);
    return this.#elementwise('mulTruncate', x, bits);
  }

  async squareTimes(x: AShare, times: number, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    if (this.#isWhole('squareTimes') && squaresTogether(this.ring, times, bits)) {
      const query = {
        op: 'squareTimes',
        elements: elementCount(x.shape),
        times,
        cut: bits,
      } as const;
      return this.#arithmeticResult(query, x.shape);
    }
    let power = x;
    for (let step = 0; step < times; step++) power = await this.mulTruncate(power, power, bits);
    return power;
  }

  async matmulTruncate(x: AShare, y: AShare, bits: number): Promise<AShare> {
    if (!this.#isWhole('matmulTruncate')) return this.truncate(await this.matmul(x, y), bits);
    this.requireTruncation(bits);
    return this.#product('matmulTruncate', x, y, bits);
  }

  randomBits(shape: Shape): BShare {
    return this.bits(shape, this.ring.bits, []);
  }

  async and(x: BShare, y: BShare): Promise<BShare> {
    this.requirePairs([[x, y]]);
    await this.#pay({ op: 'and', elements: elementCount(x.shape), lane: x.lane });
    return this.bits(x.shape, x.lane, []);
  }

  async andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    const { shape, lane } = this.requirePairs(pairs);
    await this.#pay({ op: 'and', elements: pairs.length * elementCount(shape), lane });
    return pairs.map(() => this.bits(shape, lane, []));
  }

  async a2b(x: AShare): Promise<BShare> {
    return this.#bitResult('a2b', x, this.ring.bits);
  }

  async b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    this.requireLane('b2a', x, kind);
    const op = kind === 'word' ? 'b2aWord' : 'b2aBit';
    return this.#arithmeticResult({ op, elements: elementCount(x.shape) }, x.shape);
  }

  async msb(x: AShare): Promise<BShare> {
    return this.#bitResult('msb', x, 8);
  }

  async below(x: AShare, thresholds: readonly number[]): Promise<BShare> {
    if (!this.#isWhole('below')) return this.msb(differences(this, x, thresholds));
    const shape = [thresholds.length, ...x.shape];
    const elements = elementCount(shape);
    await this.#pay({ op: 'below', elements, thresholds: thresholds.length });
    return this.bits(shape, 8, []);
  }

  async isZero(x: AShare): Promise<BShare> {
    return this.#bitResult('isZero', x, 8);
  }

  async bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    this.requireLane('bitMul', bit, 'bit');
    return this.#elementwise('bitMul', x);
  }

  get pieces(): Protocol['pieces'] {
    if (!this.#isWhole('pieces') || !hasRoomForPieces(this.ring)) return null;
    return (x, pieces) => {
      const elements = elementCount(x.shape);
      const { fractionBits } = this.ring;
      const polynomials = polynomialsOf(pieces);
      return this.#arithmeticResult({ op: 'pieces', elements, fractionBits, polynomials }, x.shape);
    };
  }

  get exponential(): Protocol['exponential'] {
    if (!this.#isWhole('exponential') || !hasRoomForExponential(this.ring)) return null;
    return (x) => {
      const { fractionBits } = this.ring;
      const query = { op: 'exponential', elements: elementCount(x.shape), fractionBits } as const;
      return this.#arithmeticResult(query, x.shape);
    };
  }

  get oneHot(): Protocol['oneHot'] {
    if (!this.#isWhole('oneHot')) return null;
    return (x, size) => {
      const shape = [...x.shape, size];
      const elements = elementCount(shape);
      return this.#arithmeticResult({ op: 'oneHot', elements, thresholds: size }, shape);
    };
  }

  #isWhole(op: InteractiveOp): boolean {
    return this.#walk.model.whole.includes(op);
  }

  #elementwise(op: InteractiveOp, x: AShare, cut?: number): Promise<AShare> {
    const elements = elementCount(x.shape);
    return this.#arithmeticResult(
      cut === undefined ? { op, elements } : { op, elements, cut },
      x.shape,
    );
  }

  #product(op: InteractiveOp, x: AShare, y: AShare, cut?: number): Promise<AShare> {
    const { out, kernel } = matmulShapes(x.shape, y.shape);
    const query = { op, elements: elementCount(out), product: kernel, weight: this.weightOf(y) };
    return this.#arithmeticResult(cut === undefined ? query : { ...query, cut }, out);
  }

  async #arithmeticResult(query: Asked, shape: Shape): Promise<AShare> {
    await this.#pay(query);
    return this.arithmetic(shape, []);
  }

  async #bitResult(op: InteractiveOp, x: AShare, lane: LaneBits): Promise<BShare> {
    await this.#pay({ op, elements: elementCount(x.shape) });
    return this.bits(x.shape, lane, []);
  }

  async #pay(asked: Asked): Promise<void> {
    const { branch } = this.#strand;
    const { model, charge } = this.#walk;
    const query: CostQuery = { lane: 8, ...asked, turn: branch.turn };
    this.#strand.depths = advanceDepths(this.#strand.depths, model.schedule(query));
    branch.turn += model.turns(query.op);
    charge({ path: this.#path, query, cost: declaredCost(model, query), branch });
    await this.#walk.afterCharge();
  }
}

type Asked = Omit<CostQuery, 'turn' | 'lane'> & { readonly lane?: LaneBits };

function level(model: CostModel, branch: Branch): Strand {
  return { branch, depths: Array<number>(model.parties).fill(0) };
}

/** Shapes have no components, so no kernel is ever called; reaching one is a programming error. */
const unusedKernels: Kernels = new Proxy({} as Kernels, {
  get(_, name) {
    throw new TypeError(`kernel ${String(name)} was called while pricing shapes`);
  },
});
