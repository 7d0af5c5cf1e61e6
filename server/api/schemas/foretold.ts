/** What replays of other runs said about a run that was then measured. Browser-safe. */
import type { NetworkSpec } from './network-spec.ts';

export interface Foretold {
  /** The run whose recording was replayed on this run's network. */
  readonly runId: string;
  /** The network on which that run was measured. */
  readonly network: NetworkSpec;
  /** Replay of its median inference. Milliseconds. */
  readonly replayedMs: number;
  /** By how much that replay misses its own measurement, on its own network. */
  readonly ownShare: number;
}

export interface ForetoldRun {
  /** Online, median of `n` inferences of this run. Milliseconds. */
  readonly measuredMs: number;
  readonly n: number;
  /** Newest first; runs of the same settings on other networks. */
  readonly from: readonly Foretold[];
}
