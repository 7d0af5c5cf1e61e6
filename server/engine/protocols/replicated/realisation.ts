/** The replicated family as data: a variant is a choice of steps; the code is one. */
import type { VariantId } from '../../plan.ts';
import type { Framework } from '../../protocol.ts';
import { requireSteps, type VariantChoice } from '../variant-steps.ts';

export interface Realisation {
  readonly id: Exclude<VariantId, 'clear'>;
  readonly framework: Framework;
  /** Whether a product is truncated before it is shared again. */
  readonly fusedTruncation: boolean;
  /** x^2, x^4, x^8 ...: product and truncation in turn, or an opening for each. */
  readonly squares: 'oneByOne' | 'masked';
  /** A function of pieces: composed, or as a whole under masks. */
  readonly pieces: 'composed' | 'masked';
  /** e^x: composed, or as a whole under masks. */
  readonly exponential: 'composed' | 'masked';
  /** One-hot rows of indices: by tests for zero, or dealt and rotated. */
  readonly oneHot: 'composed' | 'masked';
  /** Bits of the sum and a tree of carries, or under a mask of the third party. */
  readonly comparison: 'carryTree' | 'maskedGates';
  /** Two comparisons and a product of bits, or one masked opening and a tree of products. */
  readonly equality: 'twoComparisons' | 'maskedAndTree';
  /** From the owner, or drawn by the parties; see `drawn-weights.ts`. */
  readonly weights: 'shared' | 'uniform';
}

/** SPU 0.5.0, with which PUMA was measured. */
export const aby3: Realisation = {
  id: 'replicated/aby3',
  framework: 'spu',
  fusedTruncation: false,
  squares: 'oneByOne',
  pieces: 'composed',
  exponential: 'composed',
  oneHot: 'composed',
  comparison: 'carryTree',
  equality: 'twoComparisons',
  weights: 'shared',
};

/** Ours. */
export const fast: Realisation = {
  id: 'replicated/fast',
  framework: null,
  fusedTruncation: true,
  squares: 'masked',
  pieces: 'masked',
  exponential: 'masked',
  oneHot: 'masked',
  comparison: 'maskedGates',
  equality: 'maskedAndTree',
  weights: 'shared',
};

/**
 * The realisation with the steps that a plan replaces. A test for zero follows the comparison.
 * @throws EngineError 'plan' for a step that the variant cannot have
 */
export function withSteps(how: Realisation, choice: VariantChoice): Realisation {
  requireSteps(choice);
  const { truncation, comparison, weights } = choice;
  const stepsOf = {
    maskedGates: { comparison: 'maskedGates', equality: 'maskedAndTree' },
    carryTree: { comparison: 'carryTree', equality: 'twoComparisons' },
    setPropagateKill: {},
  } as const;
  return {
    ...how,
    ...(comparison === undefined ? {} : stepsOf[comparison]),
    ...(truncation === undefined ? {} : { fusedTruncation: truncation === 'fused' }),
    ...(weights === undefined ? {} : { weights }),
  };
}
