/** Every interactive operation, as the conformance suite runs it: inputs, program, declared query. */
import { geluEven } from '../../server/engine/approximations/gelu-even.ts';
import { geluPuma } from '../../server/engine/approximations/gelu-puma.ts';
import { exponential } from '../../server/engine/approximations/softmax.ts';
import { oneHotRows } from '../../server/engine/models/embedding.ts';
import type { AShare, BShare, InteractiveOp, Protocol } from '../../server/engine/protocol.ts';
import type { Ring } from '../../server/engine/plan.ts';
import type { CostQuery } from '../../server/engine/protocols/schedule.ts';
import type { LaneBits } from '../../server/engine/ring/kernels.ts';
import { elementCount, type Shape, type Tensor } from '../../server/engine/ring/tensor.ts';
import { ringTensor } from '../support/simulate.ts';

/** Entries of a one-hot row: not a power of two. */
const sizes = 11;

export interface OperationCase {
  readonly op: InteractiveOp;
  readonly title: string;
  readonly inputs: (ring: Ring, shape: Shape, random: () => number) => Tensor[];
  /** Local or free preparation, whose messages are not the operation's. */
  readonly prepare: (
    mpc: Protocol,
    inputs: readonly AShare[],
  ) => Promise<readonly (AShare | BShare)[]>;
  readonly run: (mpc: Protocol, operands: readonly (AShare | BShare)[]) => Promise<AShare | BShare>;
  readonly elements: (shape: Shape) => number;
  readonly lane: LaneBits;
  /** What else the declared cost depends on. */
  readonly query?: (ring: Ring, shape: Shape) => Partial<CostQuery>;
  /** The operations of which it consists in variants that do not have it as one. */
  readonly parts?: readonly InteractiveOp[];
  /** Left out where the variant composes it of operations with cases of their own. */
  readonly onlyWhole?: boolean;
  /** Largest distance from the clear result, in units of the last place. */
  readonly ulps: bigint;
}

/** Signed values up to a quarter of the ring, edges first. */
export function signedValues(ring: Ring, count: number, random: () => number): bigint[] {
  const limit = 1n << BigInt(ring.bits - 3);
  const edges = [0n, 1n, -1n, limit - 1n, -limit, 2n, -3n];
  return Array.from({ length: count }, (_, index) => {
    const edge = edges[index];
    if (edge !== undefined && random() < 0.7) return edge;
    const magnitude = Math.floor(random() * (ring.bits - 3));
    const value = BigInt(Math.floor(random() * 2 ** Math.min(magnitude, 52)));
    return random() < 0.5 ? value : -value;
  });
}

const arithmetic = (x: AShare | BShare | undefined): AShare => {
  if (x?.domain !== 'arithmetic') throw new TypeError('expected an arithmetic share');
  return x;
};
const boolean = (x: AShare | BShare | undefined): BShare => {
  if (x?.domain !== 'boolean') throw new TypeError('expected a boolean share');
  return x;
};

/** Signed values whose products lie within truncation's domain, edges first. */
function factors(ring: Ring, shape: Shape, random: () => number): Tensor {
  const limit = 2 ** (ring.bits / 2 - 3);
  const values = Array.from({ length: elementCount(shape) }, (_, index) => {
    const edge = [limit, -limit, 0, 1, -1][index];
    return BigInt(edge ?? Math.floor((2 * random() - 1) * limit));
  });
  return ringTensor(ring.bits, shape, values);
}

const one = (ring: Ring, shape: Shape, random: () => number): Tensor[] => [
  ringTensor(ring.bits, shape, signedValues(ring, elementCount(shape), random)),
];
const two = (ring: Ring, shape: Shape, random: () => number): Tensor[] => [
  ...one(ring, shape, random),
  ...one(ring, shape, random),
];
const same = async (_: Protocol, inputs: readonly AShare[]) => inputs;
const wordOf = async (mpc: Protocol, inputs: readonly AShare[]) => [
  await mpc.a2b(arithmetic(inputs[0])),
];

/** One-bit share of the sign by steps that leave the role counter alone. */
async function signOf(mpc: Protocol, x: AShare): Promise<BShare> {
  return mpc.resizeLanes(mpc.shiftBits(await mpc.a2b(x), 'right', mpc.ring.bits - 1), 8);
}

/** Public numbers of `below`, among them one that is a value and one that is between two. */
const thresholds = [-1, 0, 2 ** -8, 3.3] as const;

export function operationCases(bits: 32 | 64): readonly OperationCase[] {
  return [
    {
      op: 'mul',
      title: 'mul',
      inputs: two,
      prepare: same,
      run: (mpc, [x, y]) => mpc.mul(arithmetic(x), arithmetic(y)),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'square',
      title: 'square',
      inputs: one,
      prepare: same,
      run: (mpc, [x]) => mpc.square(arithmetic(x)),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'matmul',
      title: 'matmul',
      inputs: (ring, shape, random) => {
        const rows = elementCount(shape);
        return [...one(ring, [rows, 3], random), ...one(ring, [3, 2], random)];
      },
      prepare: same,
      run: (mpc, [x, y]) => mpc.matmul(arithmetic(x), arithmetic(y)),
      elements: (shape) => elementCount(shape) * 2,
      lane: 8,
      query: (_, shape) => ({
        product: { batch: 1, yBatch: 1, m: elementCount(shape), k: 3, n: 2 },
      }),
      ulps: 0n,
    },
    {
      op: 'matmul',
      title: 'matmul of a batch by one matrix',
      inputs: (ring, shape, random) => [
        ...one(ring, [elementCount(shape), 2, 3], random),
        ...one(ring, [3, 2], random),
      ],
      prepare: same,
      run: (mpc, [x, y]) => mpc.matmul(arithmetic(x), arithmetic(y)),
      elements: (shape) => elementCount(shape) * 4,
      lane: 8,
      query: (_, shape) => ({
        product: { batch: 1, yBatch: 1, m: elementCount(shape) * 2, k: 3, n: 2 },
      }),
      ulps: 0n,
    },
    {
      op: 'matmul',
      title: 'matmul of two batches',
      inputs: (ring, shape, random) => [
        ...one(ring, [elementCount(shape), 1, 3], random),
        ...one(ring, [elementCount(shape), 3, 2], random),
      ],
      prepare: same,
      run: (mpc, [x, y]) => mpc.matmul(arithmetic(x), arithmetic(y)),
      elements: (shape) => elementCount(shape) * 2,
      lane: 8,
      query: (_, shape) => ({
        product: { batch: elementCount(shape), yBatch: elementCount(shape), m: 1, k: 3, n: 2 },
      }),
      ulps: 0n,
    },
    {
      op: 'mulTruncate',
      title: 'mulTruncate',
      inputs: (ring, shape, random) => [factors(ring, shape, random), factors(ring, shape, random)],
      prepare: same,
      run: (mpc, [x, y]) => mpc.mulTruncate(arithmetic(x), arithmetic(y), mpc.ring.fractionBits),
      elements: elementCount,
      lane: 8,
      query: (ring) => ({ cut: ring.fractionBits }),
      parts: ['mul', 'truncate'],
      ulps: 1n,
    },
    {
      op: 'mulTruncate',
      title: 'mulTruncate of a square',
      inputs: (ring, shape, random) => [factors(ring, shape, random)],
      prepare: same,
      run: (mpc, [x]) => mpc.mulTruncate(arithmetic(x), arithmetic(x), mpc.ring.fractionBits),
      elements: elementCount,
      lane: 8,
      query: (ring) => ({ cut: ring.fractionBits }),
      parts: ['square', 'truncate'],
      ulps: 1n,
    },
    {
      op: 'squareTimes',
      title: 'squareTimes',
      inputs: (ring, shape, random) => {
        // Up to one and a half: the fourth power, before its truncation, stays within the domain.
        const scale = 2 ** ring.fractionBits;
        const values = Array.from({ length: elementCount(shape) }, () =>
          BigInt(Math.floor((2 * random() - 1) * 1.5 * scale)),
        );
        return [ringTensor(ring.bits, shape, values)];
      },
      prepare: same,
      run: (mpc, [x]) => mpc.squareTimes(arithmetic(x), 2, mpc.ring.fractionBits),
      elements: elementCount,
      lane: 8,
      query: (ring) => ({ times: 2, cut: ring.fractionBits }),
      parts: ['square', 'truncate', 'square', 'truncate'],
      // One of the first truncation, squared: 2 x 2.25, and one of the second.
      ulps: 6n,
    },
    {
      op: 'matmulTruncate',
      title: 'matmulTruncate',
      inputs: (ring, shape, random) => [
        factors(ring, [elementCount(shape), 3], random),
        factors(ring, [3, 2], random),
      ],
      prepare: same,
      run: (mpc, [x, y]) => mpc.matmulTruncate(arithmetic(x), arithmetic(y), mpc.ring.fractionBits),
      elements: (shape) => elementCount(shape) * 2,
      lane: 8,
      query: (ring, shape) => ({
        cut: ring.fractionBits,
        product: { batch: 1, yBatch: 1, m: elementCount(shape), k: 3, n: 2 },
      }),
      parts: ['matmul', 'truncate'],
      ulps: 1n,
    },
    {
      op: 'truncate',
      title: 'truncate',
      inputs: one,
      prepare: same,
      run: (mpc, [x]) => mpc.truncate(arithmetic(x), mpc.ring.fractionBits),
      elements: elementCount,
      lane: 8,
      query: (ring) => ({ cut: ring.fractionBits }),
      ulps: 1n,
    },
    {
      op: 'and',
      title: `and (${bits}-bit lanes)`,
      inputs: two,
      prepare: async (mpc, [x, y]) => [await mpc.a2b(arithmetic(x)), await mpc.a2b(arithmetic(y))],
      run: (mpc, [x, y]) => mpc.and(boolean(x), boolean(y)),
      elements: elementCount,
      lane: bits,
      ulps: 0n,
    },
    {
      op: 'a2b',
      title: 'a2b',
      inputs: one,
      prepare: same,
      run: (mpc, [x]) => mpc.a2b(arithmetic(x)),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'b2aWord',
      title: 'b2a (word)',
      inputs: one,
      prepare: wordOf,
      run: (mpc, [x]) => mpc.b2a(boolean(x), 'word'),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'b2aBit',
      title: 'b2a (bit)',
      inputs: one,
      prepare: async (mpc, [x]) => [await signOf(mpc, arithmetic(x))],
      run: (mpc, [x]) => mpc.b2a(boolean(x), 'bit'),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'msb',
      title: 'msb',
      inputs: one,
      prepare: same,
      run: async (mpc, [x]) => mpc.maskBits(await mpc.msb(arithmetic(x)), 1n),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'below',
      title: 'below',
      inputs: one,
      prepare: same,
      run: async (mpc, [x]) => mpc.maskBits(await mpc.below(arithmetic(x), thresholds), 1n),
      elements: (shape) => thresholds.length * elementCount(shape),
      lane: 8,
      query: () => ({ thresholds: thresholds.length }),
      parts: ['msb'],
      ulps: 0n,
    },
    {
      op: 'isZero',
      title: 'isZero',
      inputs: one,
      prepare: same,
      run: async (mpc, [x]) => mpc.maskBits(await mpc.isZero(arithmetic(x)), 1n),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
    {
      op: 'pieces',
      title: 'pieces',
      inputs: (ring, shape, random) => {
        const scale = 2 ** ring.fractionBits;
        const edges = [-4, -1.95, 3, 2 ** 20, -(2 ** 20), 0];
        const values = Array.from({ length: elementCount(shape) }, (_, index) => {
          const edge = edges[index];
          return BigInt(Math.round((edge ?? (2 * random() - 1) * 6) * scale));
        });
        return [ringTensor(ring.bits, shape, values)];
      },
      prepare: same,
      run: (mpc, [x]) => geluPuma.evaluate(mpc, arithmetic(x)),
      elements: elementCount,
      lane: 8,
      query: ({ fractionBits }) => ({ fractionBits, polynomials: 2 }),
      onlyWhole: true,
      // Mostly the other's: where composed, the sixth power's coefficient is rounded to 18 bits, and
      // at 3 the power is 729. Against the polynomials themselves: tests/engine/masked-pieces.test.ts.
      ulps: 400n,
    },
    {
      op: 'pieces',
      title: 'pieces, one polynomial',
      inputs: (ring, shape, random) => {
        const scale = 2 ** ring.fractionBits;
        const edges = [-2.8, 2.8, 0, 2 ** 20, -(2 ** 20), 0];
        const values = Array.from({ length: elementCount(shape) }, (_, index) => {
          const edge = edges[index];
          return BigInt(Math.round((edge ?? (2 * random() - 1) * 6) * scale));
        });
        return [ringTensor(ring.bits, shape, values)];
      },
      prepare: same,
      run: (mpc, [x]) => geluEven.evaluate(mpc, arithmetic(x)),
      elements: elementCount,
      lane: 8,
      query: ({ fractionBits }) => ({ fractionBits, polynomials: 1 }),
      onlyWhole: true,
      // Mostly the other's: where composed, the sixth power's coefficient is rounded to 18 bits, and
      // at 3 the power is 729. Against the polynomials themselves: tests/engine/masked-pieces.test.ts.
      ulps: 400n,
    },
    {
      op: 'exponential',
      title: 'exponential',
      inputs: (ring, shape, random) => {
        const scale = 2 ** ring.fractionBits;
        const edges = [-14, -14.1, 1.999, 0, -(2 ** 20), -256, -15.99, -16, -17.9, -18];
        const values = Array.from({ length: elementCount(shape) }, (_, index) => {
          const edge = edges[index];
          return BigInt(Math.round((edge ?? random() * 18 - 16) * scale));
        });
        return [ringTensor(ring.bits, shape, values)];
      },
      prepare: same,
      run: (mpc, [x]) => exponential(mpc, arithmetic(x)),
      elements: elementCount,
      lane: 8,
      query: ({ fractionBits }) => ({ fractionBits }),
      onlyWhole: true,
      // 2e-6 of e^2, and two.
      ulps: 6n,
    },
    {
      op: 'oneHot',
      title: 'oneHot',
      inputs: (ring, shape, random) => [
        ringTensor(
          ring.bits,
          shape,
          Array.from({ length: elementCount(shape) }, (_, index) =>
            BigInt([0, sizes - 1][index] ?? Math.floor(random() * sizes)),
          ),
        ),
      ],
      prepare: async (mpc, [x]) => [
        mpc.view(arithmetic(x), { reshape: [elementCount(arithmetic(x).shape)] }),
      ],
      run: (mpc, [x]) => oneHotRows(mpc, arithmetic(x), sizes),
      elements: (shape) => sizes * elementCount(shape),
      lane: 8,
      query: () => ({ thresholds: sizes }),
      onlyWhole: true,
      ulps: 0n,
    },
    {
      op: 'bitMul',
      title: 'bitMul',
      inputs: two,
      prepare: async (mpc, [x, y]) => [await signOf(mpc, arithmetic(x)), arithmetic(y)],
      run: (mpc, [bit, x]) => mpc.bitMul(boolean(bit), arithmetic(x)),
      elements: elementCount,
      lane: 8,
      ulps: 0n,
    },
  ];
}
