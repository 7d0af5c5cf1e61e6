/**
 * The catalogue as SPU 0.5.0 has it, by the protocol that it runs on. The first form of an operation is
 * what the paper that was timed with that protocol runs; the others are here for comparison.
 */
import { geluPuma } from '../approximations/gelu-puma.ts';
import { geluQuad } from '../approximations/gelu-quad.ts';
import { geluTanhSeries } from '../approximations/gelu-tanh.ts';
import { softmax2Quad, softmaxPuma, softmaxSeries } from '../approximations/softmax.ts';
import {
  reluSoftmax,
  softmax,
  squareAttention,
  type AttentionWeights,
  type Quotient,
} from '../approximations/spu/attention.ts';
import { geluErf } from '../approximations/spu/gelu-erf.ts';
import { oneTensor, rows, type Operation, type OperationForm } from './operation.ts';
import {
  named,
  separateProducts,
  sharedOperations,
  truncatedProducts,
  unary,
} from './operations-spu-functions.ts';

const gelus = {
  puma: named('puma', geluPuma),
  erf: named('erf', geluErf),
  tanh: named('tanh', geluTanhSeries),
  quad: named('quad', geluQuad),
} as const;

function attentionForms(weights: AttentionWeights): [OperationForm, ...OperationForm[]] {
  const { description, source } = weights;
  const by = (id: string, how: string, quotient: Quotient) =>
    unary(id, `${description} ${how}`, source, (mpc, x) => weights.evaluate(mpc, x, quotient));
  return [
    by('perScore', 'A division for every score.', 'perScore'),
    by('perRow', 'One division a row, then products.', 'inverseByDivision'),
    by('reciprocal', 'One reciprocal a row, then products.', 'inverse'),
  ];
}

const pumaSoftmax = unary('puma', softmaxPuma.description, softmaxPuma.source, (mpc, x) =>
  softmaxPuma.evaluate(mpc, x, null),
);
const seriesSoftmax = unary('series', softmaxSeries.description, softmaxSeries.source, (mpc, x) =>
  softmaxSeries.evaluate(mpc, x, null),
);
const shiftedQuad = unary('mpcformer', softmax2Quad.description, softmax2Quad.source, (mpc, x) =>
  softmax2Quad.evaluate(mpc, x, null),
);

/** ABY3 as PUMA ran it, and the fast variants, which evaluate the same functions. */
export const aby3Operations: readonly Operation[] = [
  ...separateProducts,
  ...sharedOperations,
  { name: 'gelu', ...oneTensor, forms: [gelus.puma, gelus.erf, gelus.tanh, gelus.quad] },
  {
    name: 'softmax',
    ...rows,
    forms: [pumaSoftmax, seriesSoftmax, ...attentionForms(softmax)],
  },
  { name: '2quad', ...rows, forms: [shiftedQuad, ...attentionForms(squareAttention)] },
  { name: '2relu', ...rows, forms: attentionForms(reluSoftmax) },
];

/** SEMI2K as MPCViT ran it. */
export const semi2kOperations: readonly Operation[] = [
  ...truncatedProducts,
  ...sharedOperations,
  { name: 'gelu', ...oneTensor, forms: [gelus.erf, gelus.tanh, gelus.puma, gelus.quad] },
  { name: 'softmax', ...rows, forms: [...attentionForms(softmax), pumaSoftmax, seriesSoftmax] },
  { name: '2quad', ...rows, forms: [...attentionForms(squareAttention), shiftedQuad] },
  { name: '2relu', ...rows, forms: attentionForms(reluSoftmax) },
];
