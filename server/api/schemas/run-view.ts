/**
 * What pages, CLI and exports see of a run. Browser-safe plain types; every number's name says its
 * unit, every statistic its n. Built by `server/runs/views.ts`, frozen into permalinks as JSON.
 */
import type { correlationsIds } from './spec-ids.ts';
import type { LatencyPrediction } from './latency.ts';
import type { RunSpec } from './run-spec.ts';
import type { RunWarning } from './warnings.ts';
export type { MemoryNeed, Preview } from './preview-view.ts';

export const runStates = [
  'queued',
  'preparing',
  'linkCheck',
  'running',
  'scoring',
  'done',
  'failed',
  'cancelled',
  'lost',
] as const;
export type RunState = (typeof runStates)[number];
export const endStates: readonly RunState[] = ['done', 'failed', 'cancelled', 'lost'];

/** Where a number comes from; the five classes are never averaged together. */
export type Provenance = 'measured' | 'predicted' | 'replayed' | 'reported' | 'imported';

/** Who asked for the run. */
export type RunOrigin = 'web' | 'cli' | 'first-start';

/** What a person may ask of the queue; within one, users share the workers. */
export const runPriorities = ['low', 'normal', 'high'] as const;
export type RunPriority = (typeof runPriorities)[number];

/** Who deals correlated randomness. */
export type Correlations = (typeof correlationsIds)[number];

/** Payload bytes by directed link: `0>1`, `dealer>0`. */
export type LinkBytes = Readonly<Record<string, number>>;

/** k of n with its 95 % Wilson interval. */
export interface Proportion {
  readonly correct: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/** Median of n values; the interval is distribution-free (order statistics), null where n < 6. */
export interface Median {
  readonly median: number;
  readonly n: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly min: number;
  readonly max: number;
  /**
   * 95th percentile by nearest rank: the least of the values that 95 % of them do not exceed. Absent where
   * n < 20, of which it would be the most, and in runs from before it was computed.
   */
  readonly p95?: number;
}

export interface Accuracy {
  /** Float64, exact functions. */
  readonly plaintext: Proportion;
  /** Float64, the run's approximations. Absent in runs from before it was computed. */
  readonly approximated?: Proportion;
  /** The same fixed-point arithmetic and approximations in the open. */
  readonly clear: Proportion;
  /** From the logits that the secure run revealed. */
  readonly secure: Proportion;
}

export interface ReplayedLatency {
  /** Median of `n` inferences. */
  readonly onlineMs: number;
  readonly n: number;
  readonly share: number;
}

export interface Headline {
  readonly samples: number;
  /** Null where weights are random: there is nothing to be right about. */
  readonly accuracy: Accuracy | null;
  /**
   * Samples whose secure label differs from the plaintext label, and from the clear label. Null where
   * weights are random.
   */
  readonly disagreement: { readonly withPlaintext: number; readonly withClear: number } | null;
  /**
   * Largest |secure - clear| and |clear - plaintext| over all logits; the second is null where weights
   * are random, of which there is no plaintext computation.
   */
  readonly maxLogitError: {
    /** Null where weights are uniform: nothing was computed to compare with. */
    readonly protocol: number | null;
    readonly approximation: number | null;
  };
  /** Mean |secure - clear| over all logits; null in runs from before it was computed, and of uniform weights. */
  readonly meanLogitError: number | null;
  /** One inference (one batch): from the first party's start to the last party's end. */
  readonly onlineMs: Median;
  readonly onlineMsPerSample: Median;
  /**
   * The same online time replayed on the asked link with a machine for each party; `share` is what the
   * replay on this machine's cores misses the measured time by. Absent where nothing was recorded.
   */
  readonly replayed?: ReplayedLatency | null;
  /** Before the inputs are known: the dealer makes and sends what the inference uses up. */
  readonly offlineMs: Median;
  /** Online and offline together, inference by inference. */
  readonly totalMs: Median;
  /** One full batch, payload bytes sent to other compute parties, by party. */
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  /** One full batch, what the dealer sends offline; 0 without one. */
  readonly dealerBytes: number;
  /** One full batch, parties and dealer, both phases. Only the dealer's links are offline. */
  readonly links: LinkBytes;
  /** One full batch, both phases, parties and dealer together. */
  readonly totalBytesSent: number;
  /** Who dealt correlated randomness; null in protocols that need none. */
  readonly correlations: Correlations | null;
  /** Online. */
  readonly rounds: number;
  /**
   * Of a spec that makes lengths public: tokens that each batch of a pass was padded to, and of how many bytes and
   * rounds are stated (the middle of full batches; times are over all lengths). Absent: all had the spec's.
   */
  readonly lengths?: { readonly byBatch: readonly number[]; readonly stated: number };
  /** Largest over parties and dealer. */
  readonly peakRssBytes: number;
  /** Sum over parties and dealer, whole run. */
  readonly cpuMs: number;
  readonly setupMs: number;
  /** Weight shares that the model owner sent, all parties. */
  readonly setupBytes: number;
}

export interface RunSummary {
  readonly id: string;
  readonly specHash: string;
  readonly spec: RunSpec;
  readonly state: RunState;
  readonly origin: RunOrigin;
  readonly provenance: Provenance;
  /** Came with Parley: measured elsewhere, in no statistic of this installation. Absent means no. */
  readonly shipped?: boolean;
  /** From the spec, so there from the start; see `warningTexts`. */
  readonly warnings: readonly RunWarning[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly headline: Headline | null;
  readonly linkVerdict: 'met' | 'not met' | null;
  /** Why the run failed, was cancelled or lost; a sentence for people. */
  readonly reason: string | null;
}

/** One operation at one place of the model outline, one full batch. */
export interface OperationRow {
  readonly path: string;
  readonly op: string;
  readonly phase: 'setup' | 'offline' | 'online';
  readonly calls: number;
  readonly elements: number;
  /** Payload bytes by sending party, measured. */
  readonly bytesSent: readonly number[];
  /** The same, computed from shapes before the run; null where nothing was predicted. */
  readonly predictedBytesSent: readonly number[] | null;
  /** Payload bytes that the dealer sent for it, in rows of the offline phase; else 0. */
  readonly dealerBytes: number;
  /** The same from shapes; null where nothing was predicted, and in rows of other phases. */
  readonly predictedDealerBytes: number | null;
  /**
   * Means over inferences. Online both are those of the slowest party, so that they add up to its time;
   * in other phases each is the largest over roles.
   */
  readonly computeMs: number;
  readonly waitMs: number;
  /** Both, replayed on the asked link, a machine for every role: of online rows of recorded runs. */
  readonly replayed?: { readonly computeMs: number; readonly waitMs: number };
  /**
   * Largest resident memory of a party's process while it was at work on this, asked every 5 ms. Absent
   * where it was too short to be asked, and in runs from before it was measured.
   */
  readonly peakRssBytes?: number;
}

/** How far what a place of the model hands on lies from float64, over all samples; by the clear twin. */
export interface PlaceError {
  readonly path: string;
  readonly elements: number;
  readonly maxError: number;
  readonly meanError: number;
  /** Largest |value|. */
  readonly largest: number;
}

export interface SampleRow {
  readonly sampleId: string;
  /** First words of the review, for the page; never the whole text. */
  readonly excerpt: string;
  readonly label: number;
  readonly plaintextLogits: readonly number[];
  /** Float64 with the run's approximations. Absent in runs from before they were computed. */
  readonly approximatedLogits?: readonly number[];
  readonly clearLogits: readonly number[];
  readonly secureLogits: readonly number[];
}

export interface LinkCheck {
  readonly verdict: 'met' | 'not met';
  readonly reasons: readonly string[];
  readonly asked: { readonly bitsPerSecond: number; readonly rttMs: number };
  readonly pairs: readonly {
    readonly link: string;
    readonly rttMs: {
      readonly n: number;
      readonly min: number;
      readonly p50: number;
      readonly p99: number;
    };
    readonly bitsPerSecond: number;
  }[];
  readonly tolerance: string;
}

/** What one role spent over the whole run. */
export interface RoleTotals {
  readonly bytesSent: number;
  readonly frameBytesSent: number;
  readonly framesSent: number;
  readonly rounds: number;
  readonly computeMs: number;
  readonly waitMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  readonly framesLate: number;
  readonly framesReceived: number;
  readonly worstLateMs: number;
}

export interface PartyTotals extends RoleTotals {
  readonly party: number;
}

/** What was computed from shapes before the run, for one full batch. */
export interface Prediction {
  readonly rounds: number;
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  readonly dealerBytes: number;
  readonly links: LinkBytes;
  /** Whether every number above was measured so; null while nothing is measured. */
  readonly agrees: boolean | null;
  /**
   * Online rounds of each operation if nothing overlapped, by `path|operation`. Absent in runs from
   * before they were kept.
   */
  readonly operationRounds?: Readonly<Record<string, number>>;
}

/** Numbers of a run that has no headline, because another tool measured it; null = not said. */
export interface ImportedFigures {
  readonly accuracy: number | null;
  readonly plaintextAccuracy: number | null;
  readonly onlineMs: number | null;
  readonly onlineMsPerSample: number | null;
  readonly offlineMs: number | null;
  readonly totalMs: number | null;
  /** One batch: what the busiest party sends online; all roles and phases; the dealer. */
  readonly onlineBytes: number | null;
  readonly totalBytes: number | null;
  readonly dealerBytes: number | null;
  readonly rounds: number | null;
  readonly peakRssBytes: number | null;
}

export interface RunDetail extends RunSummary {
  /** Of an imported run; absent in all others. */
  readonly imported?: ImportedFigures;
  /** What people say about it. Only on its own page: absent in copies and files. */
  readonly note?: string;
  readonly tags?: readonly string[];
  /** What was said of its latency when it was queued. Only on its own page; null where nothing was said. */
  readonly expected?: LatencyPrediction | null;
  /** While it waits: runs ahead of it, and until it starts, ms, predicted. Only on its own page. */
  readonly queue?: { readonly runs: number; readonly waitMs: number };
  /** Level in the queue, while it waits. Only on its own page. */
  readonly priority?: RunPriority;
  /** By logit; empty where weights are random. */
  readonly labels: readonly string[];
  readonly prediction: Prediction | null;
  readonly operations: readonly OperationRow[];
  /** Absent where weights are random, and in runs from before it was computed. */
  readonly placeErrors?: readonly PlaceError[];
  /** Empty where weights are random: inputs without a label, outputs without a meaning. */
  readonly samples: readonly SampleRow[];
  readonly parties: readonly PartyTotals[];
  /** Null without a dealer. */
  readonly dealer: RoleTotals | null;
  readonly linkCheck: LinkCheck | null;
  readonly reveals: readonly {
    readonly path: string;
    readonly to: string;
    readonly reason: string;
    /** Single numbers that left secrecy, all inferences together. */
    readonly values: number;
    readonly inferences: number;
  }[];
  /** Engine commit, versions, CPU, cores, kernels backend: whatever may change a number. */
  readonly environment: Readonly<Record<string, string>>;
  readonly artifacts: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

/** Progress of a live run; `seq` grows by one per run and is the SSE event id. */
export interface RunEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'state' | 'progress' | 'log' | 'linkCheck';
  readonly state: RunState;
  /** 0..1 over the whole run, null while unknown. */
  readonly fraction: number | null;
  readonly etaMs: number | null;
  readonly message: string | null;
  /** Inference now running, of how many. */
  readonly inference: { readonly index: number; readonly of: number } | null;
  readonly parties: readonly {
    readonly party: number;
    readonly path: string;
    readonly bytesSent: number;
    readonly rounds: number;
    readonly rssBytes: number;
  }[];
  /** Null without a dealer, and while it has said nothing. */
  readonly dealer: { readonly bytesSent: number; readonly rssBytes: number } | null;
}
