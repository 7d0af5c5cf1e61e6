/** Whole models, each a spec of benchmarks/specs, with what it is to reach and where the papers are. */

/** Upper bounds in milliseconds; absent where nothing is promised of it. */
export interface Target {
  /** Name of a file in benchmarks/specs, without its ending. */
  readonly spec: string;
  /** Inferences; of more than one the first is not timed. */
  readonly repeats: number;
  /** Emulated here, all roles on this machine. */
  readonly onlineMs?: number;
  /** Replayed with a machine for each party. */
  readonly replayedMs?: number;
  /** What was published for the same work, with its machines. */
  readonly reported?: { readonly ms: number; readonly source: string };
}

const puma = 'PUMA, table 3: BERT-base, 128 tokens, 3 x 32 vCPU, 5 Gbit/s, 1 ms';

export const targets: readonly Target[] = [
  { spec: 'fast2pc-exp-minilm2-imdb-lan', repeats: 6, onlineMs: 600 },
  { spec: 'fast3pc-exp-minilm2-imdb-lan', repeats: 6, onlineMs: 600 },
  { spec: 'fast2pc-minilm2-imdb-lan', repeats: 6 },
  { spec: 'fast3pc-minilm2-imdb-lan', repeats: 6 },
  { spec: 'puma-minilm2-imdb-lan', repeats: 6 },
  { spec: 'crypten-minilm2-imdb-lan', repeats: 6 },
  {
    spec: 'bert-base-128-fast3pc-puma',
    repeats: 2,
    onlineMs: 12_000,
    replayedMs: 6000,
    reported: { ms: 33_913, source: puma },
  },
  {
    spec: 'bert-base-128-fast2pc-puma',
    repeats: 2,
    onlineMs: 12_000,
    reported: { ms: 33_913, source: puma },
  },
  { spec: 'bert-base-128-aby3-puma', repeats: 2, reported: { ms: 33_913, source: puma } },
];
