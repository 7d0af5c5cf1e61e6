/**
 * What pages, CLI and exports see of a run. Browser-safe plain types; every number's name says its
 * unit, every statistic its n. Built by `server/runs/views.ts`, frozen into permalinks as JSON.
 */
import type { RunSpec } from './run-spec.ts';

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
}

export interface Headline {
  readonly samples: number;
  readonly accuracy: {
    /** Float64, exact functions. */
    readonly plaintext: Proportion;
    /** The same fixed-point arithmetic and approximations in the open. */
    readonly clear: Proportion;
    /** From the logits that the secure run revealed. */
    readonly secure: Proportion;
  };
  /** Samples whose secure label differs from the plaintext label, and from the clear label. */
  readonly disagreement: { readonly withPlaintext: number; readonly withClear: number };
  /** Largest |secure - clear| and |clear - plaintext| over all logits. */
  readonly maxLogitError: { readonly protocol: number; readonly approximation: number };
  /** One inference (one batch): from the first party's start to the last party's end. */
  readonly onlineMs: Median;
  readonly onlineMsPerSample: Median;
  readonly offlineMs: Median;
  /** One full batch, payload bytes sent to other compute parties, by party. */
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  readonly rounds: number;
  /** Largest over parties. */
  readonly peakRssBytes: number;
  /** Sum over parties, whole run. */
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
  /** Mean over inferences of the largest over parties. */
  readonly computeMs: number;
  readonly waitMs: number;
}

export interface SampleRow {
  readonly sampleId: string;
  /** First words of the review, for the page; never the whole text. */
  readonly excerpt: string;
  readonly label: number;
  readonly plaintextLogits: readonly number[];
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

export interface PartyTotals {
  readonly party: number;
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

/** What was computed from shapes before the run, for one full batch. */
export interface Prediction {
  readonly rounds: number;
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  readonly agrees: boolean | null;
}

export interface RunDetail extends RunSummary {
  readonly labels: readonly string[];
  readonly prediction: Prediction | null;
  readonly operations: readonly OperationRow[];
  readonly samples: readonly SampleRow[];
  readonly parties: readonly PartyTotals[];
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
}

/** Price of a spec before it runs. */
export interface Preview {
  readonly specHash: string;
  readonly issues: readonly { readonly field: string; readonly message: string }[];
  readonly prediction: Prediction | null;
  /** Bytes per operation family at one place, one full batch, summed over parties; largest first. */
  readonly byPlace: readonly { readonly path: string; readonly bytesSent: number }[];
  /** Finished runs with this very spec. */
  readonly identicalRunIds: readonly string[];
  /** Median wall time of earlier finished runs of this spec, null where there is none. */
  readonly earlierWallMs: number | null;
}

export interface CatalogEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Paper or page; null for our own. */
  readonly source: string | null;
}

export interface Catalog {
  readonly models: readonly (CatalogEntry & {
    readonly kind: 'text';
    readonly maxLength: number;
    readonly labels: readonly string[];
    readonly datasets: readonly string[];
    readonly reportedAccuracy: { readonly value: number; readonly n: number } | null;
  })[];
  readonly datasets: readonly (CatalogEntry & {
    readonly kind: 'text' | 'image';
    readonly samples: number;
  })[];
  readonly gelu: readonly CatalogEntry[];
  readonly softmax: readonly CatalogEntry[];
  readonly protocols: readonly (CatalogEntry & {
    readonly parties: number;
    readonly trust: string;
  })[];
  readonly networks: readonly (CatalogEntry & {
    readonly backend: 'inline' | 'none';
    readonly bitsPerSecond: number;
    readonly rttMs: number;
  })[];
  readonly presets: readonly (CatalogEntry & { readonly spec: RunSpec })[];
}
