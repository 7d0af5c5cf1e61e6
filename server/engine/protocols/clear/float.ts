/**
 * The plan's approximations in float64: what they cost before anything is rounded to fixed point.
 *
 * A value is the double `v * 2^fractionBits`, kept in a 64-bit lane, so that views and joins are those of
 * ring tensors. Truncating divides and rounds nothing, nothing wraps. Bits are taken of the value rounded
 * down, as a ring element has them; public constants are those of the fixed point.
 */
import { EngineError } from '../../errors.ts';
import type { Ring } from '../../plan.ts';
import type { AShare, BShare, FloatEscape } from '../../protocol.ts';
import type { Kernels } from '../../ring/kernels.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import { allocate, elementCount, type Shape, type Tensor } from '../../ring/tensor.ts';
import { broadcastLayout } from '../local.ts';
import { ClearProtocol, type ClearEnds } from './index.ts';
import { multiplyMatrices } from './float-matmul.ts';

/** The doubles of a tensor of this protocol; shares its memory. */
export const doublesOf = ({ bytes }: Tensor): Float64Array =>
  new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);

/** Values times 2^fractionBits, not rounded. */
export function floatTensor(values: ArrayLike<number>, shape: Shape, fractionBits: number): Tensor {
  if (values.length !== elementCount(shape)) {
    throw new EngineError('shape', `float: ${values.length} values for [${shape.join(', ')}]`);
  }
  const out = allocate(64, shape);
  const target = doublesOf(out);
  const unit = 2 ** fractionBits;
  for (let at = 0; at < values.length; at += 1) target[at] = (values[at] ?? 0) * unit;
  return out;
}

/** Public ring tensor as signed numbers. */
const signed = ({ bytes }: Tensor): Float64Array =>
  Float64Array.from(new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8), Number);

/** No number of the ring is larger; what lies outside of a function's domain stays a number. */
const most = 2 ** 63;
const bounded = (value: number): number => (value > most ? most : value < -most ? -most : value);

export class FloatProtocol extends ClearProtocol {
  readonly #unit: number;

  /** @throws EngineError 'plan' for a ring that has not 64 bits */
  constructor(kernels: Kernels, ring: Ring, ends: ClearEnds) {
    super(kernels, ring, ends);
    if (ring.bits !== 64)
      throw new EngineError('plan', `float: a ring of ${ring.bits} bits; use 64`);
    this.#unit = 2 ** ring.fractionBits;
  }

  override add(x: AShare, y: AShare): AShare {
    return this.#repeated('add', x, y.shape, this.#doubles(y), (a, b) => a + b);
  }

  override sub(x: AShare, y: AShare): AShare {
    return this.#repeated('sub', x, y.shape, this.#doubles(y), (a, b) => a - b);
  }

  override negate(x: AShare): AShare {
    return this.#map(x, (value) => -value);
  }

  override addFixed(x: AShare, value: number): AShare {
    const added = value * this.#unit;
    return this.#map(x, (own) => own + added);
  }

  override addPublic(x: AShare, y: Tensor): AShare {
    return this.#repeated('addPublic', x, y.shape, signed(y), (a, b) => a + b);
  }

  override scale(x: AShare, factor: bigint): AShare {
    const times = Number(BigInt.asIntN(64, factor));
    return this.#map(x, (value) => value * times);
  }

  override scaleRow(x: AShare, row: Tensor): AShare {
    return this.#repeated('scaleRow', x, row.shape, signed(row), (a, b) => a * b);
  }

  override sum(x: AShare, axis: number): AShare {
    const length = x.shape[axis];
    if (length === undefined) throw new EngineError('shape', `sum: no axis ${axis}`);
    const inner = elementCount(x.shape.slice(axis + 1));
    const values = this.#doubles(x);
    const out = allocate(64, x.shape.toSpliced(axis, 1));
    const totals = doublesOf(out).fill(0);
    for (let start = 0, first = 0; start < values.length; start += inner * length, first += inner) {
      for (let at = 0; at < inner * length; at += 1) {
        totals[first + (at % inner)]! += values[start + at]!;
      }
    }
    return this.arithmetic(out.shape, [out]);
  }

  override async mul(x: AShare, y: AShare): Promise<AShare> {
    this.requireSameShape('mul', x, y);
    const right = this.#doubles(y);
    return this.#map(x, (value, at) => bounded(value * (right[at] ?? 0)));
  }

  override async matmul(x: AShare, y: AShare): Promise<AShare> {
    const { out: shape, kernel } = matmulShapes(x.shape, y.shape);
    const out = allocate(64, shape);
    multiplyMatrices(this.#doubles(x), this.#doubles(y), doublesOf(out), kernel);
    return this.arithmetic(shape, [out]);
  }

  override async truncate(x: AShare, bits: number): Promise<AShare> {
    this.requireTruncation(bits);
    const factor = 2 ** -bits;
    return this.#map(x, (value) => bounded(value * factor));
  }

  override async a2b(x: AShare): Promise<BShare> {
    const out = allocate(64, x.shape);
    const words = new BigInt64Array(out.bytes.buffer, out.bytes.byteOffset, out.bytes.length / 8);
    this.#doubles(x).forEach((value, at) => {
      words[at] = BigInt(Math.floor(value));
    });
    return this.bits(x.shape, 64, [out]);
  }

  override async b2a(x: BShare, kind: 'word' | 'bit'): Promise<AShare> {
    this.requireLane('b2a', x, kind);
    const [bits] = this.ownBits(x) as [Tensor];
    if (kind === 'word') return this.arithmetic(x.shape, [floatTensor(signed(bits), x.shape, 0)]);
    const out = allocate(64, x.shape);
    const target = doublesOf(out);
    for (let at = 0; at < target.length; at += 1) target[at] = bits.bytes[at]! & 1;
    return this.arithmetic(x.shape, [out]);
  }

  override async msb(x: AShare): Promise<BShare> {
    return this.#bit(x, (value) => value < 0);
  }

  override async isZero(x: AShare): Promise<BShare> {
    return this.#bit(x, (value) => value === 0);
  }

  override async bitMul(bit: BShare, x: AShare): Promise<AShare> {
    this.requireSameShape('bitMul', bit, x);
    this.requireLane('bitMul', bit, 'bit');
    const [{ bytes }] = this.ownBits(bit) as [Tensor];
    return this.#map(x, (value, at) => (((bytes[at] ?? 0) & 1) === 1 ? value : 0));
  }

  override readonly float: FloatEscape = (x, fn) => {
    const values = fn(this.#doubles(x).map((value) => value / this.#unit));
    return this.arithmetic(x.shape, [floatTensor(values, x.shape, this.ring.fractionBits)]);
  };

  /** Of a share of this protocol, in units of 2^-fractionBits unless a product has not been truncated. */
  valuesOf(x: AShare): Float64Array {
    return this.#doubles(x);
  }

  #doubles(x: AShare): Float64Array {
    const [tensor] = this.own(x) as [Tensor];
    return doublesOf(tensor);
  }

  #map(x: AShare, step: (value: number, at: number) => number): AShare {
    const out = allocate(64, x.shape);
    const target = doublesOf(out);
    const values = this.#doubles(x);
    for (let at = 0; at < values.length; at += 1) target[at] = step(values[at]!, at);
    return this.arithmetic(x.shape, [out]);
  }

  #bit(x: AShare, holds: (value: number) => boolean): BShare {
    const out = allocate(8, x.shape);
    const values = this.#doubles(x);
    for (let at = 0; at < values.length; at += 1) out.bytes[at] = holds(values[at] ?? 0) ? 1 : 0;
    return this.bits(x.shape, 8, [out]);
  }

  #repeated(
    op: string,
    x: AShare,
    shape: Shape,
    right: Float64Array,
    step: (left: number, right: number) => number,
  ): AShare {
    const layout = broadcastLayout(op, x.shape, shape);
    const columns = x.shape.at(-1) ?? 1;
    return this.#map(x, (value, at) => {
      const index = layout === 'column' ? Math.floor(at / columns) : at % right.length;
      return step(value, right[index] ?? 0);
    });
  }
}
