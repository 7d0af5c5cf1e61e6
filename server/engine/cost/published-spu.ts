/** SPU's costs: ABY3 summed over its three parties, SEMI2K as sent by one of its two. */
import type { Shape } from '../ring/tensor.ts';
import type { PublishedCost } from './published.ts';

type Figure = Omit<PublishedCost, 'source' | 'variant'>;

const one: readonly Shape[] = [[1]];

const aby3: readonly Figure[] = [
  { op: 'mul', form: 'ring', shapes: one, bytes: 24, rounds: 1 },
  { op: 'mul', form: 'fixed', shapes: one, bytes: 88, rounds: 3 },
  { op: 'square', form: 'ring', shapes: one, bytes: 24, rounds: 1 },
  { op: 'square', form: 'fixed', shapes: one, bytes: 88, rounds: 3 },
  {
    op: 'matmul',
    form: 'ring',
    shapes: [
      [128, 768],
      [768, 768],
    ],
    bytes: 24 * 128 * 768,
    rounds: 1,
    note: '24 bytes per entry of the product.',
  },
  { op: 'truncate', form: null, shapes: one, bytes: 64, rounds: 2 },
  { op: 'ltz', form: null, shapes: one, bytes: 108, rounds: 8 },
  {
    op: 'eq',
    form: null,
    shapes: one,
    bytes: 219,
    rounds: 17,
    roundsOverlapped: 9,
    note: 'Two comparisons, then the product of their bits.',
  },
  { op: 'select', form: null, shapes: one, bytes: 64, rounds: 2 },
  { op: 'gelu', form: 'puma', shapes: one, bytes: 1316, rounds: 56, roundsOverlapped: 13 },
  { op: 'silu', form: 'puma', shapes: one, bytes: 1164, rounds: null },
  {
    op: 'softmax',
    form: 'puma',
    shapes: [[1, 129]],
    beyond: [[1, 128]],
    bytes: 936,
    rounds: null,
    note: 'One further score of a row; the reciprocal per row comes on top.',
  },
  {
    op: 'embedding',
    form: null,
    shapes: [[1], [129, 4]],
    beyond: [[1], [128, 4]],
    bytes: 251,
    rounds: null,
    note: 'One further entry of the vocabulary; the matrix product comes on top.',
  },
];

const semi2k: readonly Figure[] = [
  { op: 'mul', form: 'fixed', shapes: one, bytes: 24, rounds: null },
  { op: 'square', form: 'fixed', shapes: one, bytes: 24, rounds: null },
  { op: 'truncate', form: null, shapes: one, bytes: 8, rounds: null },
  { op: 'ltz', form: null, shapes: one, bytes: 56, rounds: null },
  { op: 'select', form: null, shapes: one, bytes: 24, rounds: null },
  { op: 'relu', form: null, shapes: one, bytes: 80, rounds: null },
  { op: 'clamp', form: null, shapes: one, bytes: 160, rounds: null },
  { op: 'max', form: null, shapes: [[1, 128]], bytes: 80 * 127, rounds: null },
  { op: 'exp', form: null, shapes: one, bytes: 200, rounds: null },
  { op: 'division', form: null, shapes: one, bytes: 576, rounds: null },
  {
    op: 'matmul',
    form: 'fixed',
    shapes: [
      [128, 768],
      [768, 768],
    ],
    bytes: 8 * ((128 + 768) * 768 + 128 * 768),
    rounds: null,
    note: '8 (m + n) k + 8 m n bytes with the truncation.',
  },
];

/** Attention normalisers of MPCViT's networks, whole: CIFAR has 7 x 4 x 65 rows, Tiny-ImageNet 9 x 12 x 257. */
const cifar = { title: 'MPCViT on CIFAR', shape: [7 * 4 * 65, 65] };
const tiny = { title: 'MPCViT on Tiny-ImageNet', shape: [9 * 12 * 257, 257] };

/** `[op, form, CIFAR, Tiny-ImageNet]`, in units of 10 kB, to which the source rounds. */
const normalisers: readonly (readonly [string, string | null, number, number])[] = [
  ['softmax', 'perScore', 10_112, 610_388],
  ['softmax', 'perRow', 3687, 218_229],
  ['2relu', 'perScore', 7760, 467_944],
  ['2relu', 'perRow', 1335, 75_785],
  ['2quad', 'perScore', 7098, 427_998],
  ['2quad', 'perRow', 673, 35_839],
  ['truncate', null, 95, 5707],
];

const networks: readonly Figure[] = normalisers.flatMap(([op, form, ...figures]) =>
  [cifar, tiny].map(({ title, shape }, index) => ({
    op,
    form,
    shapes: [shape],
    bytes: (figures[index] ?? 0) * 10_000,
    roundedTo: 10_000,
    rounds: null,
    note: `All heads and layers of ${title}${op === 'truncate' ? ', ScaleAttn' : ''}.`,
  })),
);

export const publishedBySpu: readonly PublishedCost[] = [
  ...aby3.map((figure): PublishedCost => {
    return { ...figure, source: 'aby3', variant: 'replicated/aby3' };
  }),
  ...[...semi2k, ...networks].map((figure): PublishedCost => {
    return { ...figure, source: 'semi2k', variant: 'additive/semi2k' };
  }),
];
