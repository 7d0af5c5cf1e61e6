/** Shares as the protocols hold them: a list of component tensors, marked with their session. */
import type { AShare, BShare } from '../protocol.ts';
import type { LaneBits } from '../ring/kernels.ts';
import type { Prg } from '../ring/prg.ts';
import type { Shape, Tensor } from '../ring/tensor.ts';

/** Marks the shares of one session, so that a share of another one is refused. */
export type Origin = symbol;

/** A matrix [inputs, outputs] by the streams that its components are tiles of, one a component. */
export interface DrawnWeight {
  readonly shape: Shape;
  readonly streams: readonly Prg[];
}

export class ArithmeticShare implements AShare {
  readonly domain = 'arithmetic';
  readonly origin: Origin;
  readonly shape: Shape;
  readonly components: readonly Tensor[];
  /** Number of the weight that this is, unchanged; null for every other value. */
  readonly weight: number | null;
  /** A weight that has no components until a product draws them. */
  readonly drawn: DrawnWeight | null;

  constructor(
    origin: Origin,
    shape: Shape,
    components: readonly Tensor[],
    weight: number | null = null,
    drawn: DrawnWeight | null = null,
  ) {
    this.origin = origin;
    this.shape = shape;
    this.components = components;
    this.weight = weight;
    this.drawn = drawn;
  }
}

export class BooleanShare implements BShare {
  readonly domain = 'boolean';
  readonly origin: Origin;
  readonly shape: Shape;
  readonly lane: LaneBits;
  readonly components: readonly Tensor[];

  constructor(origin: Origin, shape: Shape, lane: LaneBits, components: readonly Tensor[]) {
    this.origin = origin;
    this.shape = shape;
    this.lane = lane;
    this.components = components;
  }
}
