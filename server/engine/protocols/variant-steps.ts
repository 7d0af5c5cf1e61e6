/**
 * Steps of a variant that a plan may replace by another one of the same family: how products come back
 * to scale, and how signs are found. Plain data; the realisations say what each needs. What parties see
 * in a replaced step is announced here, since `threat-openings.ts` speaks of the variants as they are.
 */
import { EngineError } from '../errors.ts';
import type { VariantId } from '../plan.ts';
import type { SecretVariant, SeenLine } from './threat-openings.ts';
import { seenLines } from './threat-openings.ts';

/**
 * local: each party divides its own share. pair: under a dealt mask. separate: after the product was
 * shared again. fused: as a part of the product.
 */
export type TruncationId = 'local' | 'pair' | 'separate' | 'fused';
export type ComparisonId = 'setPropagateKill' | 'carryTree' | 'maskedGates';

/** uniform: every share of a weight is drawn by its holders, so that the weights are nobody's: timing only. */
export type WeightsId = 'uniform';

/** Variants whose parties can draw the shares of weights. */
const drawing: readonly VariantId[] = ['replicated/aby3', 'replicated/fast'];

/** A variant, and the steps of it that a plan replaces; absent means the variant's own. */
export interface VariantChoice {
  readonly variant: VariantId;
  /** Absent: shared by their owner. */
  readonly weights?: WeightsId;
  readonly truncation?: TruncationId;
  readonly comparison?: ComparisonId;
}

interface Steps {
  readonly truncation: readonly TruncationId[];
  readonly comparison: readonly ComparisonId[];
}

/** Per variant what it can have; the first one is its own. */
export const variantSteps: Readonly<Record<SecretVariant, Steps>> = {
  'replicated/aby3': {
    truncation: ['separate', 'fused'],
    comparison: ['carryTree', 'maskedGates'],
  },
  'replicated/fast': {
    truncation: ['fused', 'separate'],
    comparison: ['maskedGates', 'carryTree'],
  },
  'additive/crypten': {
    truncation: ['local', 'pair'],
    comparison: ['setPropagateKill', 'carryTree', 'maskedGates'],
  },
  'additive/semi2k': {
    truncation: ['pair'],
    comparison: ['carryTree', 'setPropagateKill', 'maskedGates'],
  },
  'additive/fast': {
    truncation: ['pair'],
    comparison: ['maskedGates', 'carryTree', 'setPropagateKill'],
  },
};

/** @throws EngineError 'plan' for a step that the variant cannot have */
export function requireSteps(choice: VariantChoice): void {
  if (choice.weights !== undefined && !drawing.includes(choice.variant)) {
    throw new EngineError(
      'plan',
      `weights is ${choice.weights}, which ${choice.variant} cannot have; ${drawing.join(' and ')} can`,
    );
  }
  if (choice.variant === 'clear') return;
  const steps = variantSteps[choice.variant];
  for (const field of ['truncation', 'comparison'] as const) {
    const value = choice[field];
    const known: readonly string[] = steps[field];
    if (value === undefined || known.includes(value)) continue;
    throw new EngineError(
      'plan',
      `${field} is ${value}, ${choice.variant} can have ${known.join(' or ')}`,
    );
  }
}

/** The variant in which a step is at home, whose lines tell what parties see in it. */
function homeOf({ variant }: VariantChoice, step: string): SecretVariant | null {
  const additive = variant.startsWith('additive/');
  if (step === 'maskedGates') return additive ? 'additive/fast' : 'replicated/fast';
  if (step === 'fused') return 'replicated/fast';
  if (step === 'pair') return 'additive/semi2k';
  if (step === 'carryTree') return additive ? 'additive/semi2k' : 'replicated/aby3';
  if (step === 'setPropagateKill') return 'additive/crypten';
  if (step === 'separate') return 'replicated/aby3';
  return null;
}

const truncating: readonly string[] = ['truncate', 'mulTruncate', 'matmulTruncate'];
const comparing: readonly string[] = ['msb', 'below', 'isZero', 'a2b', 'and'];

/** Lines that replaced steps add to those of the variant. */
export function linesOfSteps(choice: VariantChoice): readonly SeenLine[] {
  const linesFor = (step: string | undefined, ops: readonly string[]): SeenLine[] => {
    const home = step === undefined ? null : homeOf(choice, step);
    if (home === null) return [];
    return seenLines[home].filter(({ opens }) => {
      const named = Object.keys(opens);
      return named.length > 0 && named.every((op) => ops.includes(op));
    });
  };
  return [...linesFor(choice.truncation, truncating), ...linesFor(choice.comparison, comparing)];
}
