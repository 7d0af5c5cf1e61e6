/**
 * Local operations, shared by every protocol whose shares are linear: a share is a list of
 * component tensors that this party holds, and a local operation acts on each of them alike.
 * Zero components (shapes only) prices a computation, one is clear or additive, two replicated.
 */
import { EngineError } from '../errors.ts';
import { encodeScalar } from '../fixed-point.ts';
import type { Ring } from '../plan.ts';
import type { AShare, BShare } from '../protocol.ts';
import { ArithmeticShare, BooleanShare, type DrawnWeight, type Origin } from './shares.ts';
import type { BinaryOp, Kernels, LaneBits } from '../ring/kernels.ts';
import {
  allocate,
  allocateBytes,
  applyView,
  concatShape,
  concatTensors,
  elementCount,
  sameShape,
  showShape,
  viewShape,
  type Shape,
  type Tensor,
  type View,
} from '../ring/tensor.ts';

export abstract class LocalOperations {
  readonly ring: Ring;
  protected readonly kernels: Kernels;
  protected readonly origin: Origin;
  /** Index of the component to which this party adds public constants; null if it adds none. */
  protected abstract readonly publicComponent: number | null;

  constructor(kernels: Kernels, ring: Ring, origin: Origin) {
    this.kernels = kernels;
    this.ring = ring;
    this.origin = origin;
  }

  add(x: AShare, y: AShare): AShare {
    return this.#combine('add', x, y);
  }

  sub(x: AShare, y: AShare): AShare {
    return this.#combine('sub', x, y);
  }

  negate(x: AShare): AShare {
    return this.mapArithmetic(x, (part, out) => this.kernels.negate(this.ring.bits, part, out));
  }

  addFixed(x: AShare, value: number): AShare {
    const scalar = encodeScalar(this.ring, value);
    return this.#onPublicComponent(x, (part, out) =>
      this.kernels.binaryScalar('add', this.ring.bits, part, scalar, out),
    );
  }

  addPublic(x: AShare, y: Tensor): AShare {
    this.#requireRow('addPublic', x, y);
    return this.#onPublicComponent(x, (part, out) =>
      this.kernels.binaryRow('add', this.ring.bits, part, y.bytes, out),
    );
  }

  scale(x: AShare, factor: bigint): AShare {
    return this.mapArithmetic(x, (part, out) =>
      this.kernels.binaryScalar('mul', this.ring.bits, part, factor, out),
    );
  }

  scaleRow(x: AShare, row: Tensor): AShare {
    this.#requireRow('scaleRow', x, row);
    return this.mapArithmetic(x, (part, out) =>
      this.kernels.binaryRow('mul', this.ring.bits, part, row.bytes, out),
    );
  }

  sum(x: AShare, axis: number): AShare {
    const length = x.shape[axis];
    if (length === undefined) {
      throw new EngineError('shape', `sum: ${showShape(x.shape)} has no axis ${axis}`);
    }
    const outer = elementCount(x.shape.slice(0, axis));
    const inner = elementCount(x.shape.slice(axis + 1));
    const shape = x.shape.toSpliced(axis, 1);
    return this.arithmetic(
      shape,
      this.own(x).map((part) => {
        const out = allocate(part.elementBits, shape);
        this.kernels.sum(this.ring.bits, part.bytes, outer, length, inner, out.bytes);
        return out;
      }),
    );
  }

  view<S extends AShare | BShare>(x: S, view: View): S {
    const shape = viewShape(x.shape, view);
    const parts = this.#components(x).map((part) => applyView(this.kernels, part, view));
    return this.#like(x, shape, parts);
  }

  concat<S extends AShare | BShare>(xs: readonly S[], axis: number): S {
    const first = xs[0];
    if (first === undefined) throw new EngineError('shape', 'concat: no shares');
    const shape = concatShape(
      xs.map((x) => x.shape),
      axis,
    );
    const all = xs.map((x) => this.#components(x));
    const parts = (all[0] ?? []).map((_, index) =>
      concatTensors(
        all.map((components) => components[index] as Tensor),
        axis,
      ),
    );
    return this.#like(first, shape, parts);
  }

  xor(x: BShare, y: BShare): BShare {
    this.requireSameBits('xor', x, y);
    const right = this.ownBits(y);
    return this.mapBits(x, x.lane, (part, out, index) =>
      this.kernels.bitwise('xor', part, (right[index] as Tensor).bytes, out),
    );
  }

  xorPublic(x: BShare, mask: bigint): BShare {
    const parts = this.ownBits(x);
    const index = this.publicComponent;
    const target = index === null ? undefined : parts[index];
    if (target === undefined || index === null) return this.bits(x.shape, x.lane, parts);
    const out = allocate(x.lane, x.shape);
    const filled = filledLanes(x.lane, mask, elementCount(x.shape));
    this.kernels.bitwise('xor', target.bytes, filled, out.bytes);
    return this.bits(x.shape, x.lane, parts.with(index, out));
  }

  maskBits(x: BShare, mask: bigint): BShare {
    return this.mapBits(x, x.lane, (part, out) => this.kernels.maskLanes(x.lane, part, mask, out));
  }

  shiftBits(x: BShare, kind: 'left' | 'right', by: number): BShare {
    return this.mapBits(x, x.lane, (part, out) =>
      this.kernels.shiftLanes(kind, x.lane, part, by, out),
    );
  }

  splitEvenOdd(x: BShare, usedBits: number): { even: BShare; odd: BShare } {
    const lane = laneFor(usedBits / 2);
    const pairs = this.ownBits(x).map((part) => {
      const even = allocate(lane, x.shape);
      const odd = allocate(lane, x.shape);
      this.kernels.splitEvenOdd(x.lane, usedBits, part.bytes, even.bytes, odd.bytes);
      return { even, odd };
    });
    return {
      even: this.bits(
        x.shape,
        lane,
        pairs.map((pair) => pair.even),
      ),
      odd: this.bits(
        x.shape,
        lane,
        pairs.map((pair) => pair.odd),
      ),
    };
  }

  reverseBits(x: BShare): BShare {
    this.requireLane('reverseBits', x, 'word');
    return this.mapBits(x, x.lane, (part, out) =>
      this.kernels.reverseBits(this.ring.bits, part, out),
    );
  }

  parity(x: BShare, mask: bigint): BShare {
    this.requireLane('parity', x, 'word');
    return this.mapBits(x, 8, (part, out) => this.kernels.parity(this.ring.bits, part, mask, out));
  }

  resizeLanes(x: BShare, lane: LaneBits): BShare {
    if (lane === x.lane) return x;
    return this.mapBits(x, lane, (part, out) => this.kernels.resizeLanes(x.lane, lane, part, out));
  }

  fanOut(x: BShare, factor: bigint): BShare {
    this.requireLane('fanOut', x, 'word');
    return this.mapBits(x, x.lane, (part, out) =>
      this.kernels.binaryScalar('mul', this.ring.bits, part, factor, out),
    );
  }

  // -- for the protocols built on this --------------------------------------------------------------

  protected arithmetic(shape: Shape, components: readonly Tensor[]): AShare {
    return new ArithmeticShare(this.origin, shape, components);
  }

  protected bits(shape: Shape, lane: LaneBits, components: readonly Tensor[]): BShare {
    return new BooleanShare(this.origin, shape, lane, components);
  }

  /** Number of the weight that x is; null for any other share. */
  protected weightOf(x: AShare): number | null {
    return x instanceof ArithmeticShare ? x.weight : null;
  }

  /** Components of a share of this session; refuses any other object. */
  protected own(x: AShare): readonly Tensor[] {
    if (!(x instanceof ArithmeticShare) || x.origin !== this.origin) throw foreignShare();
    if (x.drawn !== null) throw drawnOutsideProduct(x.shape);
    return x.components;
  }

  /** The weight that x is, where no component of it is kept. */
  protected drawnOf(x: AShare): DrawnWeight | null {
    return x instanceof ArithmeticShare && x.origin === this.origin ? x.drawn : null;
  }

  protected ownBits(x: BShare): readonly Tensor[] {
    if (!(x instanceof BooleanShare) || x.origin !== this.origin) throw foreignShare();
    return x.components;
  }

  protected requireSameShape(op: string, x: AShare | BShare, y: AShare | BShare): void {
    if (!sameShape(x.shape, y.shape)) {
      throw new EngineError('shape', `${op}: ${showShape(x.shape)} with ${showShape(y.shape)}`);
    }
  }

  protected requireSameBits(op: string, x: BShare, y: BShare): void {
    if (!sameShape(x.shape, y.shape) || x.lane !== y.lane) {
      throw new EngineError('shape', `${op}: ${showBits(x)} with ${showBits(y)}`);
    }
  }

  /** Shape and lane that all pairs have; throws `EngineError('shape')` where one differs. */
  protected requirePairs(pairs: readonly (readonly [BShare, BShare])[]): {
    shape: Shape;
    lane: LaneBits;
  } {
    const first = pairs[0]?.[0];
    if (first === undefined) throw new EngineError('shape', 'andAll: no pairs');
    for (const share of pairs.flat()) this.requireSameBits('and', first, share);
    return { shape: first.shape, lane: first.lane };
  }

  /** One bit per 8-bit lane, or a word of bits per lane; throws `EngineError('shape')` otherwise. */
  protected requireLane(op: string, x: BShare, kind: 'word' | 'bit'): void {
    const expected = kind === 'bit' ? 8 : this.ring.bits;
    if (x.lane !== expected) {
      throw new EngineError('shape', `${op}: lanes of ${x.lane} bits, expected ${expected}`);
    }
  }

  protected requireTruncation(bits: number): void {
    if (!Number.isInteger(bits) || bits < 1 || bits > this.ring.bits - 3) {
      throw new EngineError('range', `truncate: ${bits} bits of ${this.ring.bits}`);
    }
  }

  protected mapArithmetic(
    x: AShare,
    step: (part: Uint8Array, out: Uint8Array, index: number) => void,
  ): AShare {
    return this.arithmetic(
      x.shape,
      this.own(x).map((part, index) => {
        const out = allocate(part.elementBits, part.shape);
        step(part.bytes, out.bytes, index);
        return out;
      }),
    );
  }

  protected mapBits(
    x: BShare,
    lane: LaneBits,
    step: (part: Uint8Array, out: Uint8Array, index: number) => void,
  ): BShare {
    return this.bits(
      x.shape,
      lane,
      this.ownBits(x).map((part, index) => {
        const out = allocate(lane, part.shape);
        step(part.bytes, out.bytes, index);
        return out;
      }),
    );
  }

  #combine(op: BinaryOp, x: AShare, y: AShare): AShare {
    const layout = broadcastLayout(op, x.shape, y.shape);
    const right = this.own(y);
    const bits = this.ring.bits;
    const columns = x.shape.at(-1) ?? 1;
    return this.mapArithmetic(x, (part, out, index) => {
      const operand = (right[index] as Tensor).bytes;
      if (layout === 'equal') this.kernels.binary(op, bits, part, operand, out);
      else if (layout === 'row') this.kernels.binaryRow(op, bits, part, operand, out);
      else this.kernels.binaryColumn(op, bits, part, operand, columns, out);
    });
  }

  #onPublicComponent(x: AShare, step: (part: Uint8Array, out: Uint8Array) => void): AShare {
    const parts = this.own(x);
    const index = this.publicComponent;
    const target = index === null ? undefined : parts[index];
    // A new share in every role: whether two shares are one decides what is sent.
    if (target === undefined || index === null) return this.arithmetic(x.shape, parts);
    const out = allocate(target.elementBits, target.shape);
    step(target.bytes, out.bytes);
    return this.arithmetic(x.shape, parts.with(index, out));
  }

  #requireRow(op: string, x: AShare, row: Tensor): void {
    const layout = broadcastLayout(op, x.shape, row.shape);
    if (layout === 'column' || row.elementBits !== this.ring.bits) {
      throw new EngineError(
        'shape',
        `${op}: ${showShape(row.shape)} is no row of ${showShape(x.shape)}`,
      );
    }
  }

  #components(x: AShare | BShare): readonly Tensor[] {
    return x.domain === 'arithmetic' ? this.own(x) : this.ownBits(x);
  }

  #like<S extends AShare | BShare>(x: S, shape: Shape, parts: readonly Tensor[]): S {
    const share: AShare | BShare =
      x.domain === 'arithmetic' ? this.arithmetic(shape, parts) : this.bits(shape, x.lane, parts);
    return share as S;
  }
}

/** How y is repeated over x; throws `EngineError('shape')` when it does not fit. */
export function broadcastLayout(op: string, x: Shape, y: Shape): 'equal' | 'row' | 'column' {
  if (sameShape(x, y)) return 'equal';
  if (y.length <= x.length && sameShape(x.slice(x.length - y.length), y)) return 'row';
  if (x.length === y.length && sameShape(x.with(-1, 1), y)) return 'column';
  throw new EngineError('shape', `${op}: ${showShape(y)} does not repeat over ${showShape(x)}`);
}

/** Smallest lane that holds `bits` bits. */
export function laneFor(bits: number): LaneBits {
  if (bits <= 8) return 8;
  if (bits <= 16) return 16;
  return bits <= 32 ? 32 : 64;
}

function filledLanes(lane: LaneBits, value: bigint, count: number): Uint8Array {
  const bytes = allocateBytes((count * lane) / 8);
  if (bytes.length === 0) return bytes;
  for (let index = 0; index < lane / 8; index++) {
    bytes[index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  for (let filled = lane / 8; filled < bytes.length; filled *= 2) {
    bytes.copyWithin(filled, 0, Math.min(filled, bytes.length - filled));
  }
  return bytes;
}

function showBits(x: BShare): string {
  return `${showShape(x.shape)} in ${x.lane}-bit lanes`;
}

function foreignShare(): EngineError {
  return new EngineError('protocol', 'a share of another run or protocol was used');
}

function drawnOutsideProduct(shape: Shape): EngineError {
  return new EngineError(
    'protocol',
    `a uniform weight of ${showShape(shape)} is kept nowhere and can only be the right factor of a matrix product`,
  );
}
