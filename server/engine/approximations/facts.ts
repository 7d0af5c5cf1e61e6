/**
 * What is stated of every function beside its name: its formula, and the interval of inputs for which it
 * was made. Inputs are those of the function itself; of a softmax, the scores of a row. `replaces` is
 * the function that errors are counted against, also where a model has to be trained with the stand-in.
 */
import type { GeluId, SiluId, SoftmaxId } from '../plan.ts';
import type { AttentionWeights } from './spu/attention.ts';

export type ReplacedFunction = 'gelu' | 'silu' | 'softmax';

export interface ApproximationFacts {
  /** As text, x the input and n the length of a row. */
  readonly formula: string;
  /** Inputs from, to. */
  readonly domain: readonly [number, number];
  /** Why the domain ends there. */
  readonly domainReason: string;
  /** Whether it stands in for the function in any model, or only in models trained with it. */
  readonly needsTraining: boolean;
}

const fact = (
  formula: string,
  domain: readonly [number, number],
  domainReason: string,
  needsTraining = false,
): ApproximationFacts => ({ formula, domain, domainReason, needsTraining });

const saturates = 'Constant or linear outside of its pieces.';
const squares = 'Squares and their sum have to stay inside of the ring.';
const cubes = 'Powers of the input have to stay inside of the ring.';
const trainedRange = 'Beyond it the parabola leaves the function; models are trained to stay near.';
const bottom = 'The limit of its power reaches 0 there; scores count from the row maximum.';
const sums = 'The row sum has to stay in the domain of the reciprocal.';

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
    'Its series goes wrong beyond, see the defect.',
  ),
  'crypten-erf-corrected': fact('x / 2 (1 + erf(x / √2)), erf by a series', [-12, 12], saturates),
  'crypten-hardtanh': fact('x / 2 (1 + Hardtanh(√(2/π) (x + 0.044715 x³)))', [-12, 12], cubes),
  'spu-erf': fact('x / 2 (1 + erf(x / √2)), erf by a quotient', [-12, 12], saturates),
};

export const siluFacts: Readonly<Record<Exclude<SiluId, 'exact-float'>, ApproximationFacts>> = {
  puma: fact('0 below -8; square to -4; degree 6 to 4; x above', [-12, 12], saturates),
};

const powerOf = (bits: number): string =>
  `(1 + y/${bits})^${bits} over its row sum, y = x - max(x)`;

export const softmaxFacts: Readonly<Record<Exclude<SoftmaxId, 'exact-float'>, ApproximationFacts>> =
  {
    puma: fact(`${powerOf(32)}, 0 where y < -14`, [-12, 12], 'Any scores: clipped below -14.'),
    '2quad': fact('(x + 5)² / Σ (x + 5)²', [-12, 12], squares, true),
    '2relu': fact('ReLU(x) / Σ ReLU(x)', [-12, 12], sums, true),
    series: fact(powerOf(256), [-12, 12], bottom),
    exponential: fact('e^y / Σ e^y, y = x - max(x)', [-12, 12], 'Any scores: clipped below -14.'),
    crypten: fact(powerOf(256), [-12, 12], bottom),
    'crypten-no-argmax': fact(powerOf(256), [-12, 12], bottom),
    'crypten-corrected': fact(powerOf(256), [-12, 12], bottom),
    '2quad-shipped': fact(
      '(x + 5)² / Σ (x + 5)²',
      [-12, 12],
      'Row sums above 100 diverge, see the defect.',
      true,
    ),
    '2quad-corrected': fact('(x + 5)² / Σ (x + 5)²', [-12, 12], squares, true),
    '2relu-shipped': fact(
      'ReLU(x) / Σ ReLU(x)',
      [-5, 5],
      'Row sums above 100 diverge, see the defect.',
      true,
    ),
    '2relu-corrected': fact('ReLU(x) / Σ ReLU(x)', [-12, 12], sums, true),
    spu: fact(powerOf(256), [-12, 12], bottom),
  };

/** Kinds of heads in MPCViT's attention, by the ids of `spu/attention.ts`. */
export const headFacts: Readonly<
  Record<Exclude<AttentionWeights['id'], 'softmax'>, ApproximationFacts>
> = {
  rsattn: fact('ReLU(x) / (Σ ReLU(x) + 1e-5)', [-12, 12], sums, true),
  '2quad': fact('x² / (Σ x² + 1e-5)', [-12, 12], squares, true),
  scaleattn: fact('x / n', [-12, 12], 'Linear: no end but the ring.', true),
};
