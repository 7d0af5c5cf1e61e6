/** What a plan costs, computed from shapes alone; the twin of what the roles' traces measure. */
import type { LinkName } from '../protocols/schedule.ts';

export type { LinkName } from '../protocols/schedule.ts';

export interface CostRow {
  readonly path: string;
  readonly op: string;
  readonly calls: number;
  readonly elements: number;
  /** Online payload bytes by sending party. */
  readonly bytesSent: readonly number[];
  /** Offline payload bytes that the dealer sends. */
  readonly dealerBytes: number;
  /** Rounds if nothing overlapped: the sum over the calls. */
  readonly rounds: number;
}

/** Cost of one inference of one batch. Bytes are payload; the owner's are not among them. */
export interface CostReport {
  /** Rounds as run, independent work overlapping. */
  readonly rounds: number;
  /** Rounds if every operation waited for the one before it in the program. */
  readonly programRounds: number;
  /** By party. */
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  /** What the dealer sends offline, 0 without one. */
  readonly dealerBytes: number;
  /** Both phases; only the dealer's are offline. */
  readonly links: Readonly<Partial<Record<LinkName, number>>>;
  readonly rows: readonly CostRow[];
  /** Once per session, before any inference: what it takes to share the weights. */
  readonly setup: {
    readonly rounds: number;
    readonly bytesSent: readonly number[];
  };
}
