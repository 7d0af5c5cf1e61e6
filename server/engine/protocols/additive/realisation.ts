/**
 * The additive family as data: two parties hold x = x_0 + x_1 (mod 2^k), bits as xor, and somebody
 * deals them correlations. A variant is a choice of circuits; the code is one.
 */
import type { VariantId } from '../../plan.ts';
import type { Framework } from '../../protocol.ts';
import { requireSteps, type VariantChoice } from '../variant-steps.ts';

export interface Realisation {
  readonly id: Exclude<VariantId, 'clear'>;
  readonly framework: Framework;
  /**
   * `local`: each party divides its own share (Mohassel, Zhang 2017, SecureML), free, and wrong with
   * probability |x| / 2^k. `pair`: a masked opening and a dealt pair, never wrong by more than one.
   */
  readonly truncation: 'local' | 'pair';
  /** From shares to bits, and how the sign follows. */
  readonly comparison: 'setPropagateKill' | 'carryTree' | 'maskedGates';
  readonly equality: 'wordAndTree' | 'twoComparisons' | 'maskedGates';
  /** x^2 from a dealt (r, r^2), or as any product. */
  readonly square: 'pair' | 'product';
  /** x^2, x^4, x^8 ...: product and truncation in turn, or an opening for each. */
  readonly squares: 'oneByOne' | 'masked';
  /** A function of pieces: composed, or as a whole under masks. */
  readonly pieces: 'composed' | 'masked';
  /** e^x: composed, or as a whole under masks. */
  readonly exponential: 'composed' | 'masked';
  /** One-hot rows of indices: by tests for zero, or dealt and rotated. */
  readonly oneHot: 'composed' | 'masked';
  /** bit times number: convert the bit, then multiply; or both at once with a dealt r, a, r a. */
  readonly bitProduct: 'convertThenMultiply' | 'atOnce';
  /** Opened to make one bit a number: a whole word (as frameworks send it), or eight bits. */
  readonly bitLane: 'word' | 'byte';
  /** Words of bits to numbers: every bit in a word of its own, or all masked in one. */
  readonly wordOpening: 'wordPerBit' | 'oneWord';
  /** Whether a weight is masked and opened once per session, or in every product. */
  readonly weights: 'everyProduct' | 'once';
}

/** CrypTen 0.4.0 (commit 775868a), as MPCFormer ran it. */
export const crypten: Realisation = {
  id: 'additive/crypten',
  framework: 'crypten',
  truncation: 'local',
  comparison: 'setPropagateKill',
  equality: 'wordAndTree',
  square: 'pair',
  squares: 'oneByOne',
  pieces: 'composed',
  exponential: 'composed',
  oneHot: 'composed',
  bitProduct: 'convertThenMultiply',
  bitLane: 'word',
  wordOpening: 'wordPerBit',
  weights: 'everyProduct',
};

/** SPU 0.5.0b0, SEMI2K with two parties, as MPCViT ran its predecessor. */
export const semi2k: Realisation = {
  id: 'additive/semi2k',
  framework: 'spu',
  truncation: 'pair',
  comparison: 'carryTree',
  equality: 'twoComparisons',
  square: 'product',
  squares: 'oneByOne',
  pieces: 'composed',
  exponential: 'composed',
  oneHot: 'composed',
  bitProduct: 'convertThenMultiply',
  bitLane: 'word',
  wordOpening: 'oneWord',
  weights: 'everyProduct',
};

/** Ours. */
export const fast: Realisation = {
  id: 'additive/fast',
  framework: null,
  truncation: 'pair',
  comparison: 'maskedGates',
  equality: 'maskedGates',
  square: 'pair',
  squares: 'masked',
  pieces: 'masked',
  exponential: 'masked',
  oneHot: 'masked',
  bitProduct: 'atOnce',
  bitLane: 'byte',
  wordOpening: 'oneWord',
  weights: 'once',
};

/**
 * The realisation with the steps that a plan replaces. A test for zero follows the comparison, of which
 * it is made.
 * @throws EngineError 'plan' for a step that the variant cannot have
 */
export function withSteps(how: Realisation, choice: VariantChoice): Realisation {
  requireSteps(choice);
  const { truncation, comparison } = choice;
  const equality =
    comparison === 'maskedGates'
      ? 'maskedGates'
      : comparison !== undefined && how.equality === 'maskedGates'
        ? 'twoComparisons'
        : how.equality;
  return {
    ...how,
    equality,
    comparison: comparison ?? how.comparison,
    ...(truncation === 'local' || truncation === 'pair' ? { truncation } : {}),
  };
}
