/** CrypTen's costs, as its own log of two parties counts them: sent and received, in bytes. */
import type { Shape } from '../ring/tensor.ts';
import type { PublishedCost } from './published.ts';

/** `[op, form, bytes per element, rounds]` */
const elements: readonly (readonly [string, string | null, number, number])[] = [
  ['mul', null, 32, 1],
  ['square', null, 16, 1],
  ['truncate', null, 0, 0],
  ['ltz', null, 432, 8],
  ['eq', null, 208, 7],
  ['relu', null, 464, 9],
  ['exp', null, 128, 8],
  ['reciprocal', 'allPositive', 608, 28],
  ['reciprocal', null, 1104, 38],
  ['division', null, 1136, 39],
  ['inv_sqrt', null, 368, 17],
  ['sqrt', null, 400, 18],
  ['sigmoid', null, 752, 23],
  ['tanh', null, 752, 23],
  ['erf', 'asShipped', 752, 34],
  ['hardtanh', null, 928, 9],
  ['log', null, 736, 32],
  ['gelu', 'erf', 784, 35],
  ['gelu', 'tanh', 832, 26],
  ['gelu', 'hardtanh', 1008, 12],
  ['quad', 'asShipped', 32, 1],
  ['quad', 'paper', 16, 1],
];

/** `[op, form, row length, bytes per row, rounds]` */
const rows: readonly (readonly [string, string | null, number, number, number])[] = [
  ['max', null, 2, 2080, 19],
  ['max', null, 8, 5056, 39],
  ['max', null, 16, 13_536, 41],
  ['max', null, 32, 21_472, 51],
  ['max', null, 128, 89_248, 62],
  ['max', null, 512, 279_712, 82],
  ['argmax', null, 2, 3648, 36],
  ['argmax', null, 8, 10_464, 56],
  ['argmax', null, 16, 24_064, 58],
  ['argmax', null, 32, 42_240, 68],
  ['argmax', null, 128, 171_456, 79],
  ['argmax', null, 512, 607_680, 99],
  ['softmax', 'asShipped', 2, 4560, 73],
  ['softmax', 'asShipped', 8, 12_240, 93],
  ['softmax', 'asShipped', 16, 26_992, 95],
  ['softmax', 'asShipped', 32, 47_472, 105],
  ['softmax', 'asShipped', 128, 190_512, 116],
  ['softmax', 'asShipped', 512, 682_032, 136],
  ['2relu', 'asShipped', 32, 16_480, 48],
  ['2relu', 'asShipped', 128, 62_560, 48],
  ['2relu', 'asShipped', 512, 246_880, 48],
  ['2quad', 'asShipped', 32, 2656, 40],
  ['2quad', 'asShipped', 128, 7264, 40],
  ['2quad', 'asShipped', 512, 25_696, 40],
  ['2quad', 'corrected', 32, 1648, 30],
  ['2quad', 'corrected', 128, 4720, 30],
  ['2quad', 'corrected', 512, 17_008, 30],
];

/** Rows of LayerNorm were measured eight at a time, which share one opening of gamma. */
const hidden = 768;
const eightRows: readonly Shape[] = [[8, hidden]];

const whole: readonly Omit<PublishedCost, 'source' | 'variant'>[] = [
  {
    op: 'matmul',
    form: null,
    shapes: [
      [128, hidden],
      [hidden, hidden],
    ],
    bytes: 16 * (128 * hidden + hidden * hidden),
    rounds: 1,
    note: '16 (m k + k n) bytes.',
  },
  {
    op: 'layernorm',
    form: null,
    shapes: eightRows,
    bytes: 8 * 38_784,
    rounds: 20,
    note: '38,784 bytes per row, measured over eight rows.',
  },
  {
    op: 'layernorm',
    form: 'batchNorm',
    shapes: eightRows,
    bytes: 32 * (8 * hidden + hidden),
    rounds: 2,
    note: '32 (768 t + 768) bytes for t rows.',
  },
];

export const publishedByCrypten: readonly PublishedCost[] = [
  ...elements.map(([op, form, bytes, rounds]) => ({ op, form, shapes: [[1]], bytes, rounds })),
  ...rows.map(([op, form, length, bytes, rounds]) => {
    return { op, form, shapes: [[1, length]], bytes, rounds };
  }),
  ...whole,
].map((figure) => ({ ...figure, source: 'crypten', variant: 'additive/crypten' }));
