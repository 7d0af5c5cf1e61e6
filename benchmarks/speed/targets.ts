/** Whole models, each a spec of benchmarks/specs, with what it is to reach and where the papers are. */

/** Upper bounds in milliseconds; absent where nothing is promised of it. */
export interface Target {
  /** Tells the row apart; absent: the name of its spec. */
  readonly name?: string;
  /** Name of a file in benchmarks/specs, without its ending. */
  readonly spec: string;
  /** Samples per inference; absent: 1. */
  readonly batch?: number;
  /** Inferences; of more than one the first is not timed. */
  readonly repeats: number;
  /** Emulated here, all roles on this machine. */
  readonly onlineMs?: number;
  /** Replayed with a machine for each party. */
  readonly replayedMs?: number;
  /** What was published for the same work, with its machines. */
  readonly reported?: { readonly ms: number; readonly source: string };
  /** How many times another row's it is. */
  readonly against?: Against;
}

export interface Against {
  /** Name of the other row. */
  readonly row: string;
  /** Upper bounds; absent where the ratio is told and nothing is promised. */
  readonly times?: { readonly online: number; readonly bytes: number; readonly rounds: number };
  /** Published ratio of the times. */
  readonly reported?: { readonly online: number; readonly source: string };
}

export const rowName = ({ name, spec }: Target): string => name ?? spec;

/** BERT large beside BERT base: twice the layers, 4/3 of the width. */
const largeToBase = { online: 3.2, bytes: 2.75, rounds: 2.05 };
const mpcformer = 'MPCFormer: Quad and 2Quad against BERT base as it is';
const pumaLlama = 'PUMA: LLaMA-7B, 8 tokens in, 1 out, 3 x 128 threads and 1 TB, 20 Gbit/s, 0.1 ms';
const mpcvit = 'MPCViT, CIFAR-10 over its WAN: 48 to 64 s by ratio; the slowest here';
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
  {
    spec: 'llama-7b-8-fast3pc-puma',
    repeats: 1,
    onlineMs: 60_000,
    reported: { ms: 200_473, source: pumaLlama },
  },
  { spec: 'llama-7b-8-aby3-puma', repeats: 1, reported: { ms: 200_473, source: pumaLlama } },
  { spec: 'llama-7b-block-fast3pc-puma', repeats: 1 },
  { spec: 'bert-base-128-fast3pc-wan', repeats: 1, onlineMs: 30_000 },
  { spec: 'bert-base-128-fast2pc-wan', repeats: 1, onlineMs: 30_000 },
  {
    spec: 'bert-large-128-fast3pc-puma',
    repeats: 2,
    against: { row: 'bert-base-128-fast3pc-puma', times: largeToBase },
  },
  {
    spec: 'bert-large-128-fast2pc-puma',
    repeats: 2,
    against: { row: 'bert-base-128-fast2pc-puma', times: largeToBase },
  },
  { spec: 'gpt2-32-fast3pc-puma', repeats: 2, onlineMs: 6000 },
  {
    spec: 'vit-cifar-fast2pc-wan',
    repeats: 2,
    onlineMs: 10_000,
    reported: { ms: 64_000, source: mpcvit },
  },
  ...[128, 512].flatMap((tokens): Target[] => {
    const row = `quad2quad-bert-base-${tokens}-puma`;
    const reported = { online: tokens === 128 ? 2.2 : 5.3, source: mpcformer };
    return [
      { spec: row, repeats: 1 },
      { spec: `exact-bert-base-${tokens}-puma`, repeats: 1, against: { row, reported } },
      { spec: `exact-no-argmax-bert-base-${tokens}-puma`, repeats: 1, against: { row } },
    ];
  }),
  ...['fast2pc-exp-minilm2-imdb-lan', 'fast3pc-exp-minilm2-imdb-lan'].map((spec): Target => ({
    name: `${spec}, batch of 16`,
    spec,
    batch: 16,
    repeats: 2,
    // 0.15 s a review.
    onlineMs: 16 * 150,
  })),
];
