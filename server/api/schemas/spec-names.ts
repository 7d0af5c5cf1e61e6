/** Short names of approximations, the same on pages, in exports and in searches. Browser-safe. */
import { headKindIds, type geluIds, type HeadKindId, type softmaxIds } from './spec-ids.ts';
import type { RunSpec } from './run-spec.ts';

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
  secformer: 'SecFormer',
  shaft: 'SHAFT',
  relu: 'ReLU',
  removed: 'Removed',
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
  shaft: 'SHAFT',
  secformer: 'SecFormer 2Quad',
  'the-x': 'THE-X',
  spu: 'SPU',
};

export const headKindNames: Readonly<Record<HeadKindId, string>> = {
  softmax: 'softmax',
  relu: 'ReLU',
  scale: 'scaling',
  '2quad': '2Quad',
};

/** "9 softmax, 19 ReLU": how many heads of each kind. */
export function headsName(heads: readonly (readonly HeadKindId[])[]): string {
  const kinds = heads.flat();
  return [...new Set(kinds)]
    .toSorted((a, b) => headKindIds.indexOf(a) - headKindIds.indexOf(b))
    .map((kind) => `${kinds.filter((own) => own === kind).length} ${headKindNames[kind] ?? kind}`)
    .join(', ');
}

const pairName = ({ gelu, softmax }: { gelu: GeluId; softmax: SoftmaxId }): string =>
  pairNames[`${gelu}/${softmax}`] ??
  `${geluNames[gelu] ?? gelu} GELU + ${softmaxNames[softmax] ?? softmax} softmax`;

/** "PUMA in layers 1-3, Quad + 2Quad in layer 4": neighbours alike are one part. */
export function layersName(layers: NonNullable<RunSpec['approximations']['layers']>): string {
  const parts: { name: string; from: number; to: number }[] = [];
  for (const [index, layer] of layers.entries()) {
    const { geluTokens } = layer;
    const some = geluTokens === undefined ? '' : ` (GELU at ${geluTokens.length} tokens)`;
    const name = `${pairName(layer)}${some}`;
    const last = parts.at(-1);
    if (last?.name === name) last.to = index + 1;
    else parts.push({ name, from: index + 1, to: index + 1 });
  }
  return parts
    .map(
      ({ name, from, to }) =>
        `${name} in ${from === to ? 'layer' : 'layers'} ${from === to ? from : `${from}-${to}`}`,
    )
    .join(', ');
}

export function approximationName(approximations: RunSpec['approximations']): string {
  const { layers, heads } = approximations;
  const name = layers === undefined ? pairName(approximations) : layersName(layers);
  return heads === undefined ? name : `${name}, heads ${headsName(heads)}`;
}
