/**
 * Trace: what one party did in one inference, aggregated by place in the model and by operation.
 * Every party writes its own; the worker puts them together. Plain JSON.
 */
import type { Peer } from './channel.ts';
import type { Timeline } from './timeline.ts';

/** setup = once per session (weights); offline = before the input is known; online = the rest. */
export type Phase = 'setup' | 'offline' | 'online';

/** One operation at one place of the model outline, summed over its calls. */
export interface TraceRow {
  /** Place in the model outline, e.g. `layer0.attention.softmax`. */
  readonly path: string;
  /** Protocol operation, e.g. `mul`, `msb`, `reveal`; `local` = everything that does not talk. */
  readonly op: string;
  readonly phase: Phase;
  readonly calls: number;
  /** Output elements over all calls. */
  readonly elements: number;
  /** Payload bytes this party sent, by receiver. */
  readonly bytesSentTo: Readonly<Partial<Record<Peer, number>>>;
  readonly messagesSent: number;
  /** Wall time in which this party computed (or was descheduled) in this row. */
  readonly computeMs: number;
  /** Wall time in which this party could do nothing but wait for a frame, charged to this row. */
  readonly waitMs: number;
  /** Largest resident memory that was seen at its ends, asked every 5 ms; absent where it was too short. */
  readonly peakRssBytes?: number;
}

/** A value that left secrecy. Anything else that is opened in a run is masked. */
export interface RevealRecord {
  readonly path: string;
  readonly to: Peer | 'all';
  readonly reason: string;
  readonly shape: readonly number[];
}

export interface PartyTrace {
  readonly party: Peer;
  readonly rows: readonly TraceRow[];
  readonly reveals: readonly RevealRecord[];
  /** Depth of the last message this party depends on, by phase: its number of rounds. */
  readonly rounds: Readonly<Record<Phase, number>>;
  /** Payload bytes sent to other compute parties (not to the owner), by phase. */
  readonly bytesSent: Readonly<Record<Phase, number>>;
  /** Payload bytes sent to the owner. */
  readonly bytesSentToOwner: number;
  /** Wall time of the offline phase before this inference, outside of started to ended; 0 without one. */
  readonly offlineMs: number;
  /** CLOCK_MONOTONIC milliseconds, comparable between processes of one host. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  /** From start to end, event by event; absent in traces that are read from a file. */
  readonly timeline?: Timeline;
  /** The offline phase before this inference in the same way; absent too where none was run. */
  readonly offline?: OfflineTimeline;
}

/** One role's part in an offline phase that came before the trace's own start. */
export interface OfflineTimeline {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly timeline: Timeline;
}
