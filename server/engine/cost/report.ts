/** What a plan costs, computed from shapes alone; the twin of what the parties' traces measure. */

/** Directed link between two compute parties, e.g. `0>1`. */
export type LinkName = `${number}>${number}`;

export interface CostRow {
  readonly path: string;
  readonly op: string;
  readonly calls: number;
  readonly elements: number;
  /** Payload bytes by sending party. */
  readonly bytesSent: readonly number[];
}

/** Cost of one inference of one batch. Bytes are payload between compute parties. */
export interface CostReport {
  readonly rounds: number;
  /** By party. */
  readonly onlineBytesSent: readonly number[];
  readonly offlineBytesSent: readonly number[];
  readonly links: Readonly<Record<LinkName, number>>;
  readonly rows: readonly CostRow[];
}
