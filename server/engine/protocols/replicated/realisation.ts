/** The replicated family as data: a variant is a choice of steps; the code is one. */
import type { VariantId } from '../../plan.ts';
import type { Framework } from '../../protocol.ts';

export interface Realisation {
  readonly id: Exclude<VariantId, 'clear'>;
  readonly framework: Framework;
  /** Whether a product is truncated before it is shared again. */
  readonly fusedTruncation: boolean;
  /** Bits of the sum and a tree of carries, or under a mask of the third party. */
  readonly comparison: 'carryTree' | 'maskedGates';
  /** Two comparisons and a product of bits, or one masked opening and a tree of products. */
  readonly equality: 'twoComparisons' | 'maskedAndTree';
}

/** SPU 0.5.0, with which PUMA was measured. */
export const aby3: Realisation = {
  id: 'replicated/aby3',
  framework: 'spu',
  fusedTruncation: false,
  comparison: 'carryTree',
  equality: 'twoComparisons',
};

/** Ours. */
export const fast: Realisation = {
  id: 'replicated/fast',
  framework: null,
  fusedTruncation: true,
  comparison: 'maskedGates',
  equality: 'maskedAndTree',
};
