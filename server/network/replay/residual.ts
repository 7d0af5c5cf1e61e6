/**
 * Residual: by how much a replay at the run's own network misses what was measured there. It is the
 * only evidence that the replay at another network means anything, so it goes wherever the replay goes;
 * pages lock what they would say about other networks where it is too large.
 */
import type { LinkChoice } from '../link.ts';
import type { Recording } from './recording.ts';
import { replay } from './replay.ts';

/** A replay that misses its own measurement by more says nothing about other networks. */
export const mostResidual = 0.1;

export interface Residual {
  /** Median of `n` inferences. Milliseconds. */
  readonly measuredMs: number;
  /** Median of the replays of the same inferences, at the run's own network. */
  readonly replayedMs: number;
  readonly n: number;
  /** (replayed - measured) / measured. */
  readonly share: number;
  /** How many roles could compute at once: null = each of them had a core. */
  readonly cores: number | null;
}

/**
 * Of the inferences of one run. `cores`: this machine's; with as many as there are roles, everybody had
 * one. Throws `EngineError` as `replay` does, and 'range' without any inference.
 */
export function residualOf(
  inferences: readonly { readonly recording: Recording; readonly measuredMs: number }[],
  link: LinkChoice | undefined,
  cores: number,
): Residual {
  const roles = inferences[0]?.recording.roles.length ?? 0;
  const own = cores >= roles;
  const options = { link, cores: own ? Infinity : cores };
  const measuredMs = middle(inferences.map((inference) => inference.measuredMs));
  const replayedMs = middle(
    inferences.map(({ recording }) => replay(recording, options).latencyMs),
  );
  return {
    measuredMs,
    replayedMs,
    n: inferences.length,
    share: (replayedMs - measuredMs) / measuredMs,
    cores: own ? null : cores,
  };
}

/** Lower of the two middle ones where their number is even, so that it is one that was measured. */
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
