/** Short names of approximations, the same on pages, in exports and in searches. Browser-safe. */
import type { geluIds, RunSpec, softmaxIds } from './run-spec.ts';

type GeluId = (typeof geluIds)[number];
type SoftmaxId = (typeof softmaxIds)[number];

const pairNames: Readonly<Record<string, string>> = {
  'puma/puma': 'PUMA',
  'quad/2quad': 'Quad + 2Quad',
  'tanh-series/series': 'Exact (series)',
  'even/exponential': 'Even GeLU + exp softmax',
};

/** Every id has its short name here: one that lacks it does not compile. */
export const geluNames: Readonly<Record<GeluId, string>> = {
  puma: 'PUMA',
  even: 'Even polynomial',
  quad: 'Quad',
  'tanh-series': 'tanh by series',
  'quad-shipped': 'Quad as timed',
  'crypten-tanh': 'CrypTen tanh',
  'crypten-erf': 'CrypTen erf, as shipped',
  'crypten-erf-corrected': 'CrypTen erf, corrected',
  'crypten-hardtanh': 'CrypTen Hardtanh',
  'spu-erf': 'SPU erf',
};

export const softmaxNames: Readonly<Record<SoftmaxId, string>> = {
  puma: 'PUMA',
  '2quad': '2Quad',
  '2relu': '2ReLU',
  series: 'exp by series',
  exponential: 'exp',
  crypten: 'CrypTen, as shipped',
  'crypten-no-argmax': 'CrypTen without argmax',
  'crypten-corrected': 'CrypTen, corrected',
  '2quad-shipped': '2Quad as timed',
  '2quad-corrected': '2Quad on CrypTen, corrected',
  '2relu-shipped': '2ReLU as timed',
  '2relu-corrected': '2ReLU on CrypTen, corrected',
  spu: 'SPU',
};

export function approximationName({ gelu, softmax }: RunSpec['approximations']): string {
  return (
    pairNames[`${gelu}/${softmax}`] ??
    `${geluNames[gelu] ?? gelu} GELU + ${softmaxNames[softmax] ?? softmax} softmax`
  );
}
