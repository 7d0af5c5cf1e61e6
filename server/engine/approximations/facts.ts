/**
 * What is stated of every function beside its name: its formula, and the interval of inputs for which it
 * was made. Inputs are those of the function itself; of a softmax, the scores of a row. `replaces` is
 * the function that errors are counted against, also where a model has to be trained with the stand-in.
 */
import type { GeluId, LayerNormId, SiluId, SoftmaxId } from '../plan.ts';
import type { AttentionWeights } from './spu/attention.ts';

export type ReplacedFunction = 'gelu' | 'silu' | 'softmax' | 'layernorm';

export interface ApproximationFacts {
  /** As text, x the input and n the length of a row. */
  readonly formula: string;
  /** Inputs from, to. */
  readonly domain: readonly [number, number];
  /** Why the domain ends there. */
  readonly domainReason: string;
  /** Who says so: paper or code, or Parley where they name no end. */
  readonly domainSource: string;
  /** Whether it stands in for the function in any model, or only in models trained with it. */
  readonly needsTraining: boolean;
}

/** Why a domain ends, and who says so. */
type Reason = readonly [why: string, source: string];

const fact = (
  formula: string,
  domain: readonly [number, number],
  [domainReason, domainSource]: Reason,
  needsTraining = false,
): ApproximationFacts => ({ formula, domain, domainReason, domainSource, needsTraining });

const grid = 'Parley: the inputs at which errors are measured; no end is published';
const saturates: Reason = ['Constant or linear outside of its pieces.', grid];
const squares: Reason = ['Squares and their sum have to stay inside of the ring.', grid];
const cubes: Reason = ['Powers of the input have to stay inside of the ring.', grid];
const trainedRange: Reason = [
  'Beyond it the parabola leaves the function; models are trained to stay near.',
  'Parley: where it is within 1.5 of GeLU; MPCFormer names no end',
];
const bottom: Reason = [
  'The limit of its power reaches 0 at -256; scores count from the row maximum.',
  'CrypTen 0.4.0 and SPU 0.5.0: (1 + x/256)^256',
];
const sums: Reason = ['The row sum has to stay in the domain of the reciprocal.', grid];
const clipped: Reason = ['Any scores: clipped below -14.', 'PUMA (Dong et al. 2023), section 4.2'];
const diverges = 'Row sums above 100 diverge, see the defect.';
const measured = 'Parley: measured, see the defect';

export const geluFacts: Readonly<Record<Exclude<GeluId, 'exact-float'>, ApproximationFacts>> = {
  puma: fact('0 below -4; cubic to -1.95; degree 6 to 3; x above', [-12, 12], saturates),
  even: fact('0 below -2.8; x / 2 + cubic in x² to 2.8; x above', [-12, 12], saturates),
  quad: fact('0.125 x² + 0.25 x + 0.5', [-4, 4], trainedRange, true),
  'tanh-series': fact('x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³)))', [-12, 12], cubes),
  'quad-shipped': fact('0.125 x² + 0.5 x + 0.25', [-4, 4], trainedRange, true),
  'crypten-tanh': fact('x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³)))', [-12, 12], cubes),
  'crypten-erf': fact(
    'x / 2 (1 + erf(x / √2)), erf by a series',
    [-0.7, 1.4],
    ['Its series goes wrong beyond, see the defect.', measured],
  ),
  'crypten-erf-corrected': fact('x / 2 (1 + erf(x / √2)), erf by a series', [-12, 12], saturates),
  'crypten-hardtanh': fact('x / 2 (1 + Hardtanh(√(2/π) (x + 0.044715 x³)))', [-12, 12], cubes),
  'spu-erf': fact(
    'x / 2 (1 + erf(x / √2)), erf by a quotient',
    [-12, 12],
    [
      'Beyond 5 its erf stays at 1.0057 instead of 1, so the error grows with x.',
      'Parley: measured with 18 fraction bits',
    ],
  ),
  secformer: fact(
    'x / 2 (1 + Σ βₖ sin(k π x / (10 √2))), 7 sines, for |x| < 2.4',
    [-12, 12],
    saturates,
  ),
  shaft: fact('ReLU(x) + Σ βₖ sin(k π |x| / 4), 8 sines, for |x| < 4', [-12, 12], saturates),
  relu: fact('max(0, x)', [-12, 12], ['Linear on both sides: no end but the ring.', grid], true),
  removed: fact('x', [-12, 12], ['Linear: no end but the ring.', grid], true),
};

export const siluFacts: Readonly<Record<Exclude<SiluId, 'exact-float'>, ApproximationFacts>> = {
  puma: fact('0 below -8; square to -4; degree 6 to 4; x above', [-12, 12], saturates),
};

const powerOf = (bits: number): string =>
  `(1 + y/${bits})^${bits} over its row sum, y = x - max(x)`;

export const softmaxFacts: Readonly<Record<Exclude<SoftmaxId, 'exact-float'>, ApproximationFacts>> =
  {
    puma: fact(`${powerOf(32)}, 0 where y < -14`, [-12, 12], clipped),
    '2quad': fact('(x + 5)² / Σ (x + 5)²', [-12, 12], squares, true),
    '2relu': fact('ReLU(x) / Σ ReLU(x)', [-12, 12], sums, true),
    series: fact(powerOf(256), [-12, 12], bottom),
    exponential: fact('e^y / Σ e^y, y = x - max(x)', [-12, 12], clipped),
    crypten: fact(powerOf(256), [-12, 12], bottom),
    'crypten-no-argmax': fact(powerOf(256), [-12, 12], bottom),
    'crypten-corrected': fact(powerOf(256), [-12, 12], bottom),
    '2quad-shipped': fact('(x + 5)² / Σ (x + 5)²', [-12, 12], [diverges, measured], true),
    '2quad-corrected': fact('(x + 5)² / Σ (x + 5)²', [-12, 12], squares, true),
    '2relu-shipped': fact('ReLU(x) / Σ ReLU(x)', [-5, 5], [diverges, measured], true),
    '2relu-corrected': fact('ReLU(x) / Σ ReLU(x)', [-12, 12], sums, true),
    shaft: fact(
      'y ← y + (x/16 - Σ y x/16) y, 16 times from 1/n, x held between -4 and 12',
      [-4, 12],
      ['Scores are clipped there.', 'SHAFT (Kei and Chow 2025)'],
    ),
    secformer: fact(
      '(x + 5)² / Σ (x + 5)², by 13 steps of Goldschmidt',
      [-11, 11],
      ['The mean of the squares has to stay below 256.', 'Parley: the scaling chosen here'],
      true,
    ),
    'the-x': fact('x / Σ ReLU((x/2 + 1)³)', [-12, 12], sums, true),
    spu: fact(powerOf(256), [-12, 12], bottom),
  };

/** Errors are those with gamma 1 and beta 0, of rows of 32 numbers. */
export const layerNormFacts: Readonly<Record<LayerNormId, ApproximationFacts>> = {
  exact: fact(
    'γ (x - mean) / √(variance + ε) + β',
    [-12, 12],
    [
      'Variances below 2^14: their sum has to stay inside of the ring.',
      'Parley: with 18 fraction bits and rows of up to 4096',
    ],
  ),
  linear: fact('γ x + β', [-12, 12], ['Linear: no end but the ring.', grid], true),
};

/** Kinds of heads in MPCViT's attention, by the ids of `spu/attention.ts`. */
export const headFacts: Readonly<
  Record<Exclude<AttentionWeights['id'], 'softmax'>, ApproximationFacts>
> = {
  rsattn: fact('ReLU(x) / (Σ ReLU(x) + 1e-5)', [-12, 12], sums, true),
  '2quad': fact('x² / (Σ x² + 1e-5)', [-12, 12], squares, true),
  scaleattn: fact('x / n', [-12, 12], ['Linear: no end but the ring.', grid], true),
};
