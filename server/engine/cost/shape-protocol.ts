/**
 * A protocol without values: runs a model on shapes alone and adds up what each operation is
 * declared to send. Depths, role turns and branches advance exactly as in the running protocol.
 */
import type { AShare, BShare, InteractiveOp, Protocol } from '../protocol.ts';
import { declaredCost, advanceDepths, type CostModel } from '../protocols/schedule.ts';
import { LocalOperations } from '../protocols/local.ts';
import type { Ring } from '../plan.ts';
import type { Kernels, LaneBits } from '../ring/kernels.ts';
import { matmulShapes } from '../ring/matmul-shape.ts';
import { elementCount, type Shape } from '../ring/tensor.ts';

/** Called once per operation with what it costs at its place. */
export type Charge = (entry: {
  readonly path: string;
  readonly op: InteractiveOp;
  readonly elements: number;
  readonly bytesSent: readonly number[];
  readonly links: Readonly<Record<`${number}>${number}`, number>>;
}) => void;

interface Strand {
  depths: number[];
  turn: number;
}

export class ShapeProtocol extends LocalOperations implements Protocol {
  readonly name = 'shapes';
  protected readonly publicComponent = null;
  readonly #model: CostModel;
  readonly #charge: Charge;
  readonly #strand: Strand;
  readonly #path: string;

  constructor(
    model: CostModel,
    ring: Ring,
    charge: Charge,
    strand?: Strand,
    path = '',
    origin = Symbol('price'),
  ) {
    super(unusedKernels, ring, origin);
    this.#model = model;
    this.#charge = charge;
    this.#strand = strand ?? { depths: Array<number>(model.parties).fill(0), turn: 0 };
    this.#path = path;
  }

  /** Rounds so far: the largest depth of any party. */
  get rounds(): number {
    return Math.max(0, ...this.#strand.depths);
  }

  /** The same shares, with rounds and role turns counted from zero: the start of an inference. */
  restarted(): ShapeProtocol {
    return new ShapeProtocol(this.#model, this.ring, this.#charge, undefined, '', this.origin);
  }

  at(name: string): Protocol {
    const path = this.#path === '' ? name : `${this.#path}.${name}`;
    return new ShapeProtocol(this.#model, this.ring, this.#charge, this.#strand, path, this.origin);
  }

  async together<const T extends readonly ((mpc: Protocol) => Promise<unknown>)[]>(
    pieces: T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
    const parent = this.#strand;
    const start = [...parent.depths];
    const results: unknown[] = [];
    for (const [index, piece] of pieces.entries()) {
      const strand = { depths: [...start], turn: parent.turn + index };
      results.push(
        await piece(
          new ShapeProtocol(this.#model, this.ring, this.#charge, strand, this.#path, this.origin),
        ),
      );
      parent.depths = parent.depths.map((depth, party) =>
        Math.max(depth, strand.depths[party] ?? 0),
      );
    }
    parent.turn += pieces.length;
    return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }

  async input(shape: Shape): Promise<AShare> {
    return this.#arithmeticResult('input', shape);
  }

  async revealToOwner(x: AShare): Promise<void> {
    this.#pay('reveal', x.shape, 8);
  }

  async mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    return this.#arithmeticResult('mul', x.shape);
  }

  async matmul(x: AShare, y: AShare): Promise<AShare> {
    return this.#arithmeticResult('matmul', matmulShapes(x.shape, y.shape).out);
  }

  async truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    return this.#arithmeticResult('truncate', x.shape);
  }

  async and(x: BShare, y: BShare): Promise<BShare> {
    this.requirePairs([[x, y]]);
    return this.#bitResult('and', x.shape, x.lane, x.lane);
  }

  async andAll(pairs: readonly (readonly [BShare, BShare])[]): Promise<BShare[]> {
    const { shape, lane } = this.requirePairs(pairs);
    this.#pay('and', [pairs.length, ...shape], lane);
    return pairs.map(() => this.bits(shape, lane, []));
  }

  async a2b(x: AShare): Promise<BShare> {
    return this.#bitResult('a2b', x.shape, this.ring.bits);
  }

  async b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    return this.#arithmeticResult(kind === 'word' ? 'b2aWord' : 'b2aBit', x.shape);
  }

  async msb(x: AShare): Promise<BShare> {
    return this.#bitResult('msb', x.shape, 8);
  }

  async isZero(x: AShare): Promise<BShare> {
    return this.#bitResult('isZero', x.shape, 8);
  }

  async bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    return this.#arithmeticResult('bitMul', x.shape);
  }

  #arithmeticResult(op: InteractiveOp, shape: Shape): AShare {
    this.#pay(op, shape, 8);
    return this.arithmetic(shape, []);
  }

  #bitResult(op: InteractiveOp, shape: Shape, lane: LaneBits, operand: LaneBits = 8): BShare {
    this.#pay(op, shape, operand);
    return this.bits(shape, lane, []);
  }

  #pay(op: InteractiveOp, shape: Shape, lane: LaneBits): void {
    const query = { op, elements: elementCount(shape), lane, turn: this.#strand.turn };
    const { bytesSent, links } = declaredCost(this.#model, query);
    this.#strand.depths = advanceDepths(this.#strand.depths, this.#model.schedule(query));
    this.#strand.turn += this.#model.turns(op);
    this.#charge({ path: this.#path, op, elements: query.elements, bytesSent, links });
  }
}

/** Shapes have no components, so no kernel is ever called; reaching one is a programming error. */
const unusedKernels: Kernels = new Proxy({} as Kernels, {
  get(_, name) {
    throw new TypeError(`kernel ${String(name)} was called while pricing shapes`);
  },
});
