/**
 * The comparison kernels by their definitions, one bit at a time: part of the reference backend.
 * Inputs of a gate are numbered 0..6: equal of neighbours 3, 2, 1, 0, less of neighbours 2, 1, 0.
 */
import type { Bytes, Kernels } from './kernels.ts';

type Comparison = Pick<
  Kernels,
  'subsetProducts' | 'compareLeaves' | 'gateOpen' | 'gateProducts' | 'gateCombine'
>;

const groups = 16;
/** Products of masks in the order of their planes, as the inputs that they join. */
const joined: readonly (readonly number[])[] = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
  [0, 1, 2],
  [0, 1, 3],
  [0, 2, 3],
  [1, 2, 3],
  [0, 1, 2, 3],
  [4, 0],
  [5, 0],
  [5, 1],
  [5, 0, 1],
  [6, 0],
  [6, 1],
  [6, 2],
  [6, 0, 1],
  [6, 0, 2],
  [6, 1, 2],
  [6, 0, 1, 2],
];

/** Bit `bit` of element i of plane p, lanes of `width` bytes. */
function bitOf(x: Bytes, n: number, width: number, p: number, i: number, bit: number): number {
  return ((x[(p * n + i) * width + (bit >> 3)] ?? 0) >> (bit & 7)) & 1;
}

function setBit(
  x: Bytes,
  n: number,
  width: number,
  p: number,
  i: number,
  bit: number,
  v: number,
): void {
  const at = (p * n + i) * width + (bit >> 3);
  x[at] = (x[at] ?? 0) | (v << (bit & 7));
}

/** Bit of a word; words shorter than 64 bits are continued with zeros. */
function wordBit(x: Bytes, bits: number, i: number, bit: number): number {
  return bit < bits ? bitOf(x, 0, bits / 8, 0, i, bit) : 0;
}

/** Position of one bit of gate input `input`, group `group`, in a packed lane of the gate's width. */
function packed(width: 4 | 1, input: number, group: number): { plane: number; bit: number } {
  return width === 4
    ? { plane: input >> 1, bit: 4 * (input & 1) + group }
    : { plane: 0, bit: input };
}

function productAt(width: 4 | 1, product: number, group: number): { plane: number; bit: number } {
  return width === 4
    ? { plane: product >> 1, bit: 4 * (product & 1) + group }
    : { plane: product >> 3, bit: product & 7 };
}

/** Input of a gate, before masking. */
function inputOf(width: 4 | 1, less: Bytes, equal: Bytes, i: number, input: number, group: number) {
  const lane = width === 4 ? 2 : 1;
  const neighbour = input < 4 ? 3 - input : 6 - input;
  return bitOf(input < 4 ? equal : less, 0, lane, 0, i, 4 * group + neighbour);
}

export const comparisonReference: Comparison = {
  subsetProducts(bits, r, out) {
    const n = (r.length * 8) / bits;
    out.fill(0);
    for (let i = 0; i < n; i++) {
      for (let subset = 1; subset < groups; subset++) {
        for (let group = 0; group < groups; group++) {
          const members = [0, 1, 2, 3].filter((bit) => (subset >> bit) & 1);
          const product = members.every((bit) => wordBit(r, bits, i, 4 * group + bit) === 1);
          setBit(out, n, 2, subset - 1, i, group, product ? 1 : 0);
        }
      }
    }
  },

  compareLeaves(bits, first, whole, c, products, less, equal, top) {
    const n = top.length;
    const topGroup = bits / 4 - 1;
    less.fill(0);
    equal.fill(0);
    for (let i = 0; i < n; i++) {
      for (let group = 0; group < groups; group++) {
        const unset = (bit: number) => 1 - wordBit(c, bits, i, 4 * group + bit);
        /** Half of a subset's product times unset of the bits from `from` on that are not in it. */
        const term = (subset: number, from: number): number => {
          const skipped = (bit: number) => !whole && group === topGroup && bit === 3;
          const half = subset === 0 ? Number(first) : bitOf(products, n, 2, subset - 1, i, group);
          return [0, 1, 2, 3].every((bit) => {
            if ((subset >> bit) & 1) return !skipped(bit);
            return bit < from || skipped(bit) || unset(bit) === 1;
          })
            ? half
            : 0;
        };
        let smaller = 0;
        let same = 0;
        for (let subset = 0; subset < groups; subset++) {
          same ^= term(subset, 0);
          const lowest = 31 - Math.clz32(subset & -subset);
          if (subset > 0) smaller ^= term(subset, lowest + 1) & unset(lowest);
        }
        setBit(less, n, 2, 0, i, group, smaller);
        setBit(equal, n, 2, 0, i, group, same);
      }
      const opened = first ? bitOf(c, 0, bits / 8, 0, i, bits - 1) : 0;
      top[i] = bitOf(products, n, 2, 7, i, topGroup) ^ opened;
    }
  },

  gateOpen(width, less, equal, mask, out) {
    const n = mask.length / width;
    const inputs = new Uint8Array(mask.length);
    for (let i = 0; i < n; i++) {
      for (let input = 0; input < 7; input++) {
        for (let group = 0; group < width; group++) {
          const { plane, bit } = packed(width, input, group);
          setBit(inputs, n, 1, plane, i, bit, inputOf(width, less, equal, i, input, group));
        }
      }
    }
    out.set(inputs.map((byte, at) => byte ^ (mask[at] ?? 0)));
  },

  gateProducts(width, mask, out) {
    const n = mask.length / width;
    out.fill(0);
    for (let i = 0; i < n; i++) {
      for (let group = 0; group < width; group++) {
        const maskOf = (input: number): number => {
          const { plane, bit } = packed(width, input, group);
          return bitOf(mask, n, 1, plane, i, bit);
        };
        for (const [index, inputs] of joined.entries()) {
          const { plane, bit } = productAt(width, index, group);
          setBit(out, n, 1, plane, i, bit, inputs.every((input) => maskOf(input) === 1) ? 1 : 0);
        }
      }
    }
  },

  gateCombine(width, first, opened, mask, products, less, lessOut, equalOut) {
    const n = lessOut.length;
    lessOut.fill(0);
    equalOut.fill(0);
    for (let i = 0; i < n; i++) {
      for (let group = 0; group < width; group++) {
        const open = (input: number): number => {
          const { plane, bit } = packed(width, input, group);
          return bitOf(opened, n, 1, plane, i, bit);
        };
        /** Half of the product of some inputs' masks. */
        const masks = (inputs: readonly number[]): number => {
          const [only] = inputs;
          if (only === undefined) return first ? 1 : 0;
          if (inputs.length === 1) {
            const { plane, bit } = packed(width, only, group);
            return bitOf(mask, n, 1, plane, i, bit);
          }
          const index = joined.findIndex(
            (known) =>
              known.length === inputs.length && known.every((input) => inputs.includes(input)),
          );
          const { plane, bit } = productAt(width, index, group);
          return bitOf(products, n, 1, plane, i, bit);
        };
        /** Half of the product of some inputs: public factors outside of every subset of masks. */
        const product = (inputs: readonly number[]): number => {
          let sum = 0;
          for (let subset = 0; subset < 1 << inputs.length; subset++) {
            const masked = inputs.filter((_, index) => (subset >> index) & 1);
            const plain = inputs.filter((_, index) => !((subset >> index) & 1));
            sum ^= plain.every((input) => open(input) === 1) ? masks(masked) : 0;
          }
          return sum;
        };
        const own = bitOf(less, n, width === 4 ? 2 : 1, 0, i, 4 * group + 3);
        const smaller = own ^ product([0, 4]) ^ product([0, 1, 5]) ^ product([0, 1, 2, 6]);
        setBit(lessOut, n, 1, 0, i, group, smaller);
        setBit(equalOut, n, 1, 0, i, group, product([0, 1, 2, 3]));
      }
    }
  },
};
