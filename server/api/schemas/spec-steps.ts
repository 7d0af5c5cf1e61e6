/**
 * The settings that lie inside a protocol variant: what each can be, what the variant itself has, and
 * why something else cannot be had. Browser-safe; a test holds the lists to those of the engine.
 */
import type { RunSpec } from './run-spec.ts';

/**
 * local: each party divides its own share. pair: under a dealt mask. separate: after the product was
 * shared again. fused: as a part of the product.
 */
export const truncationIds = ['local', 'pair', 'separate', 'fused'] as const;
export const comparisonIds = ['setPropagateKill', 'carryTree', 'maskedGates'] as const;

type Variant = RunSpec['protocol']['variant'];
export type TruncationId = (typeof truncationIds)[number];
export type ComparisonId = (typeof comparisonIds)[number];
/** Where the shares of weights come from; absent means from their owner. */
export const weightsIds = ['uniform'] as const;
/** Variants whose parties can draw them. */
export const drawingVariants: readonly Variant[] = ['replicated/aby3', 'replicated/fast'];

export type StepField = 'truncation' | 'comparison';

interface Steps {
  readonly truncation: readonly TruncationId[];
  readonly comparison: readonly ComparisonId[];
}

/** Per variant what it can have; the first one is its own. */
export const variantSteps: Readonly<Record<Variant, Steps>> = {
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

export const stepNames: Readonly<Record<TruncationId | ComparisonId, string>> = {
  local: 'local truncation',
  pair: 'truncation with a dealt pair',
  separate: 'separate truncation',
  fused: 'fused truncation',
  setPropagateKill: 'set-propagate-kill adder',
  carryTree: 'carry tree',
  maskedGates: 'masked gates',
};

export const stepTexts: Readonly<Record<TruncationId | ComparisonId, string>> = {
  local: 'Each party divides its own share: free, and rarely wrong by the whole ring',
  pair: 'Opened under a dealt mask: one round, never wrong by more than one ulp',
  separate: 'Two rounds of its own after each product',
  fused: 'Joins the product: one round and 24 bytes less each',
  setPropagateKill: 'Adder of two words, as CrypTen has it',
  carryTree: 'Tree of carries, as SPU has it',
  maskedGates: 'One masked opening, then two levels of gates',
};

/** Why a variant cannot have a step; null where it can. */
export function reasonAgainstStep(
  variant: Variant,
  step: TruncationId | ComparisonId,
): string | null {
  const { truncation, comparison } = variantSteps[variant];
  if ([...truncation, ...comparison].some((known) => known === step)) return null;
  const additive = variant.startsWith('additive/');
  if (step === 'local' && additive) {
    return 'CrypTen’s own step: it can be wrong by the whole ring, so no other variant has it';
  }
  if (step === 'local') return 'Three parties hold two components each: no share to divide alone';
  if (step === 'pair') return 'Needs somebody who deals; three parties make their own mask';
  if (step === 'separate') return 'Two parties truncate with a pair instead';
  if (step === 'fused') return 'Needs the third party’s mask';
  return 'A circuit for two halves; three parties hold components';
}

/** What is wrong with a step in a spec, and what to do; null where nothing is. */
export function stepIssue(
  variant: Variant,
  field: StepField,
  value: TruncationId | ComparisonId | undefined,
): { readonly message: string; readonly fix: string } | null {
  if (value === undefined) return null;
  const known: readonly string[] = variantSteps[variant][field];
  if (known.includes(value)) return null;
  return {
    message: `${variant} cannot have it: ${reasonAgainstStep(variant, value) ?? value}`,
    fix: `Use ${known.join(' or ')}, or leave it out.`,
  };
}

/** CrypTen ships 16; SPU's ring of 64 bits comes with 18, and ours follow it. */
export const fractionBitsOf = (variant: string): number =>
  variant === 'additive/crypten' ? 16 : 18;

/** Settings of the arithmetic in which a protocol differs from its variant: "16 fraction bits". */
export function changedSettings(protocol: RunSpec['protocol']): readonly string[] {
  const { variant, truncation, comparison, ring, weights } = protocol;
  const own = variantSteps[variant];
  const parts: string[] = [];
  if (ring.fractionBits !== fractionBitsOf(variant))
    parts.push(`${ring.fractionBits} fraction bits`);
  if (truncation !== undefined && truncation !== own.truncation[0])
    parts.push(stepNames[truncation]);
  if (comparison !== undefined && comparison !== own.comparison[0])
    parts.push(stepNames[comparison]);
  if (weights !== undefined) parts.push('uniform weights');
  return parts;
}

/** Everything in which a protocol differs from its variant; who deals is told by the variant too. */
export const customParts = (protocol: RunSpec['protocol']): readonly string[] =>
  protocol.correlations === 'insecureFirstParty'
    ? [...changedSettings(protocol), 'party 0 dealing to itself']
    : changedSettings(protocol);

/** Said wherever the numbers of a protocol with changed settings stand. */
export const mixtureNote =
  'No published system has this mixture of settings, so no published figure speaks of it.';

/** "replicated/aby3", or as a custom variant "replicated/aby3 with 16 fraction bits, carry tree". */
export function variantName(protocol: RunSpec['protocol']): string {
  const parts = customParts(protocol);
  return parts.length === 0 ? protocol.variant : `${protocol.variant} with ${parts.join(', ')}`;
}

/** Largest size of a product before it is truncated, with so many fraction bits in a ring of 64. */
export const largestProduct = (fractionBits: number): number => 2 ** (63 - 2 * fractionBits);

/**
 * Chance that one local truncation is wrong by the whole ring, for a value of size 1: the product has
 * twice the fraction bits, in a ring of 64.
 */
export const localFailure = (fractionBits: number): number => 2 ** (2 * fractionBits - 64);

/**
 * How many times a value of this size could double before its product leaves the ring; negative where
 * it has left it. Infinite for 0.
 */
export const marginBits = (fractionBits: number, largest: number): number =>
  Math.log2(largestProduct(fractionBits) / Math.abs(largest));
