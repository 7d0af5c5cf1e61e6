/** Price of a spec before it runs, as pages and REST see it. Browser-safe; class `predicted`. */
import type { LatencyPrediction } from './latency.ts';
import type { Prediction } from './run-view.ts';
import type { RunWarning } from './warnings.ts';

/** Resident bytes at the peak, computed from shapes, of all roles at once on one machine. */
export interface MemoryNeed {
  /** Of each party. */
  readonly partyBytes: number;
  readonly ownerBytes: number;
  /** 0 without one. */
  readonly dealerBytes: number;
  /** All parties, owner and dealer. */
  readonly totalBytes: number;
  /** What this machine has in all. */
  readonly machineBytes: number;
}

/** Price of a spec before it runs. */
export interface Preview {
  readonly specHash: string;
  readonly issues: readonly { readonly field: string; readonly message: string }[];
  /** Empty while there are issues. */
  readonly warnings: readonly RunWarning[];
  readonly prediction: Prediction | null;
  /** Null while there are issues. */
  readonly memory: MemoryNeed | null;
  /**
   * Online bytes at one place of the model, one full batch, summed over parties, and what the dealer
   * sends for it; most bytes of both together first.
   */
  readonly byPlace: readonly {
    readonly path: string;
    readonly bytesSent: number;
    readonly dealerBytes: number;
  }[];
  /** The same by part of the model and protocol operation, with rounds as if nothing overlapped. */
  readonly byOperation: readonly {
    readonly place: string;
    readonly op: string;
    readonly bytesSent: number;
    readonly dealerBytes: number;
    readonly rounds: number;
  }[];
  /** Finished runs with this very spec, newest first; not all of them where there are many. */
  readonly identicalRunIds: readonly string[];
  /** How many there are. */
  readonly identicalRuns: number;
  /** Median wall time of earlier finished runs of this spec, null where there is none. */
  readonly earlierWallMs: number | null;
  /** Of one full batch; null while there are issues. */
  readonly latency: LatencyPrediction | null;
  /** The whole run from its start to its end, ms; null while there are issues. */
  readonly runMs: number | null;
  /**
   * Truncations of one full batch that are expected to be wrong by the whole ring, for values of size 1
   * on average; 0 where the truncation cannot wrap, absent while there are issues.
   */
  readonly wrongTruncations?: number;
  /** What is ahead of it; null while there are issues. */
  readonly queue: { readonly runs: number; readonly waitMs: number } | null;
}
