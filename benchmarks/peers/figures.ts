/** What one system needed for one computation. */
export interface Figures {
  /** Of each repetition: the slowest party's milliseconds. */
  readonly ms: readonly number[];
  /** Payload bytes of the party that sent most, one repetition. */
  readonly bytesSent: number;
  /** Dependent messages (ours), calls of the communicator (CrypTen), or messages that a party sent (SPU). */
  readonly rounds: number;
  /** That party 0 got from the dealer; null where the parties make their own within the time. */
  readonly offlineBytes: number | null;
  /** Largest error against floats; null for ours, whose tests hold every operation to its bound. */
  readonly error: number | null;
  readonly version: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
