/**
 * What a run gives up, as data: wherever its numbers go, this goes with them. Browser-safe.
 */
import { hasRandomWeights } from './spec-ids.ts';
import type { RunSpec } from './run-spec.ts';

export const runWarnings = [
  'insecureFirstParty',
  'insecureSeed',
  'randomWeights',
  'uniformWeights',
  'publicLength',
] as const;
export type RunWarning = (typeof runWarnings)[number];

/** Stands wherever an accuracy would, in runs that have none. */
export const randomWeightsNote = 'random weights: latency and cost only';

/** The same, of weights that nobody has: their outputs are not even compared. */
export const uniformWeightsNote = 'uniform weights: timing only';

/** What stands where an accuracy would; null for a run that has one. */
export const weightsNote = (spec: RunSpec): string | null =>
  spec.protocol.weights === 'uniform'
    ? uniformWeightsNote
    : hasRandomWeights(spec)
      ? randomWeightsNote
      : null;

/** Warnings that only say what a run is not good for, or what its spec tells on purpose. */
export const isNote = (warning: RunWarning): boolean =>
  warning === 'randomWeights' || warning === 'uniformWeights' || warning === 'publicLength';

/** What each warning means, a sentence for people. */
export const warningTexts: Readonly<Record<RunWarning, string>> = {
  insecureFirstParty:
    'No privacy against party 0: it deals the correlated randomness to itself and can read everything.',
  insecureSeed: 'No privacy at all: every seed follows from a string in the spec.',
  randomWeights:
    'Random weights: latency and cost only. The shape of the model is the published one; its outputs mean nothing.',
  uniformWeights:
    'Uniform weights: timing only. Every share of a weight is drawn when a product needs it and forgotten: time, bytes and rounds are those of the model, nobody knows its weights, and its outputs mean nothing and are compared with nothing.',
  publicLength:
    'Lengths are public: every party is told how many tokens the longest text of each batch has. The texts stay secret.',
};

/** Of these warnings, the ones that say that somebody can read what should be secret. */
export const privacyWarnings = (warnings: readonly RunWarning[]): RunWarning[] =>
  warnings.filter((warning) => !isNote(warning));

/** Known from the spec alone, so before a run as well as after it. */
export function warningsOf(spec: RunSpec): RunWarning[] {
  const { protocol, seed } = spec;
  const warnings: RunWarning[] = [];
  if (protocol.correlations === 'insecureFirstParty') warnings.push('insecureFirstParty');
  if (seed.kind === 'insecure') warnings.push('insecureSeed');
  if (protocol.weights === 'uniform') warnings.push('uniformWeights');
  else if (hasRandomWeights(spec)) warnings.push('randomWeights');
  if (spec.length === 'public') warnings.push('publicLength');
  return warnings;
}
