/**
 * What a run gives up, as data: wherever its numbers go, this goes with them. Browser-safe.
 */
import type { RunSpec } from './run-spec.ts';

export const runWarnings = ['insecureFirstParty', 'insecureSeed'] as const;
export type RunWarning = (typeof runWarnings)[number];

/** What each warning means, a sentence for people. */
export const warningTexts: Readonly<Record<RunWarning, string>> = {
  insecureFirstParty:
    'No privacy against party 0: it deals the correlated randomness to itself and can read everything.',
  insecureSeed: 'No privacy at all: every seed follows from a string in the spec.',
};

/** Known from the spec alone, so before a run as well as after it. */
export function warningsOf({ protocol, seed }: RunSpec): RunWarning[] {
  const warnings: RunWarning[] = [];
  if (protocol.correlations === 'insecureFirstParty') warnings.push('insecureFirstParty');
  if (seed.kind === 'insecure') warnings.push('insecureSeed');
  return warnings;
}
