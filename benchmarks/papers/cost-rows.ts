/**
 * What the engine's cost model says of the rows that papers print, beside what they print. The model
 * adds up declared messages of the models' own code; no number of a paper enters it.
 *
 *   node benchmarks/papers/cost-rows.ts
 *
 * GB is 10^9 bytes. Reported over model near 0.95 in PUMA's rows is what a GB of 2^30 bytes (1.074)
 * leaves with about 2 % more bytes than modelled.
 */
import { predictCost } from '../../server/engine/execute.ts';
import {
  imagePositions,
  type MpcformerBenchmarkConfig,
  type VitLiteConfig,
} from '../../server/engine/models/config.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { shapeModel } from '../../server/zoo/shape-models.ts';
import {
  mpcformerRows,
  mpcvitRows,
  pumaRows,
  type MpcformerRow,
  type MpcvitRow,
  type PumaRow,
} from './published.ts';

export interface ComparedRow {
  readonly table: string;
  readonly model: string;
  readonly counts: string;
  readonly reportedGB: number;
  readonly modelGB: number;
  /** Reported over model. */
  readonly ratio: number;
  readonly reportedRounds: number | null;
  /** In program order. */
  readonly rounds: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** `replicated/aby3` with PUMA's functions, 64 bits with 18 of fraction, one sample. */
export async function comparePuma(row: PumaRow): Promise<ComparedRow> {
  const { config } = shapeModel(row.model);
  const isDecoder = config.architecture === 'gpt2' || config.architecture === 'llama';
  let bytes = 0;
  let rounds = 0;
  for (const length of row.lengths) {
    const plan: Plan = {
      variant: 'replicated/aby3',
      ring: { bits: 64, fractionBits: 18 },
      model: config,
      approximations: { gelu: 'puma', softmax: 'puma', silu: 'puma' },
      length,
      ...(isDecoder ? { output: 'argmax-as-puma' as const } : {}),
    };
    const cost = await predictCost(plan, 1);
    const all = sum(cost.onlineBytesSent);
    // Roles rotate by a public counter here and at random there: one party's bytes are the mean.
    bytes += row.counts === 'allParties' ? all : all / cost.onlineBytesSent.length;
    rounds += cost.programRounds;
  }
  return {
    table: row.table,
    model: `${row.model}, ${row.lengths.join(' + ')} tokens`,
    counts: row.counts === 'allParties' ? 'three parties' : 'one party',
    ...compared(row.reported, bytes),
    reportedRounds: null,
    rounds,
  };
}

const benchmarkSizes: Record<MpcformerRow['size'], MpcformerBenchmarkConfig> = {
  base: benchmark(12, 768),
  large: benchmark(24, 1024),
};

function benchmark(layers: number, hidden: number): MpcformerBenchmarkConfig {
  return {
    architecture: 'mpcformer-benchmark',
    layers,
    hidden,
    heads: hidden / 64,
    ffn: 4 * hidden,
    vocabularySize: 28_996,
    maxPositions: 512,
    embeddingBlocks: 250,
  };
}

/** `additive/crypten` with CrypTen's functions, 64 bits with 16 of fraction, one sample. */
export async function compareMpcformer(row: MpcformerRow): Promise<ComparedRow> {
  const { table, size, length, gelu, softmax, correlations, reported } = row;
  const cost = await predictCost(
    {
      variant: 'additive/crypten',
      correlations,
      ring: { bits: 64, fractionBits: 16 },
      model: benchmarkSizes[size],
      approximations: { gelu, softmax },
      length,
    },
    1,
  );
  // What one of two parties sends and receives is what both send.
  return {
    table,
    model: `BERT ${size}, ${length} tokens, ${softmax}, ${gelu}`,
    counts: correlations === 'dealer' ? 'sent + received, dealer' : 'sent + received',
    ...compared(reported, sum(cost.onlineBytesSent) + cost.dealerBytes),
    reportedRounds: row.rounds,
    rounds: cost.programRounds,
  };
}

/**
 * `additive/semi2k` with SPU's functions, all heads of one kind, a division for every score. The ratio
 * is of what the scores cost; the model's own bytes are the whole network's.
 */
export async function compareMpcvit(row: MpcvitRow): Promise<ComparedRow & { scoresMB: number }> {
  const { config } = shapeModel(row.model);
  if (config.architecture !== 'vit-lite') throw new TypeError(`${row.model} is no ViT-Lite`);
  const model: VitLiteConfig = {
    ...config,
    quotient: 'perScore',
    attention: config.attention.map((heads) => heads.map(() => row.heads)),
  };
  const cost = await predictCost(
    {
      variant: 'additive/semi2k',
      ring: { bits: 64, fractionBits: 18 },
      model,
      approximations: { gelu: 'spu-erf', softmax: 'spu' },
      length: imagePositions(model),
    },
    1,
  );
  const scores = cost.rows.filter(({ path }) => path.includes('.attention.softmax'));
  const scoresMB = sum(scores.map(({ bytesSent }) => bytesSent[0] ?? 0)) / 1e6;
  return {
    table: 'SEMI2K log, MPCViT',
    model: `${row.model}, ${row.heads}, of ${((cost.onlineBytesSent[0] ?? 0) / 1e9).toFixed(3)} GB`,
    counts: 'one party, scores',
    ...compared(row.reported / 1e3, scoresMB * 1e6),
    reportedRounds: null,
    rounds: cost.programRounds,
    scoresMB,
  };
}

function compared(reportedGB: number, bytes: number) {
  const modelGB = bytes / 1e9;
  return { reportedGB, modelGB, ratio: reportedGB / modelGB };
}

if (import.meta.main) {
  const rows = [
    ...(await Promise.all(pumaRows.map(comparePuma))),
    ...(await Promise.all(mpcformerRows.map(compareMpcformer))),
    ...(await Promise.all(mpcvitRows.map(compareMpcvit))),
  ];
  console.table(
    rows.map((row) => ({
      table: row.table,
      model: row.model,
      counts: row.counts,
      'reported GB': Number(row.reportedGB.toPrecision(5)),
      'model GB': Number(row.modelGB.toPrecision(5)),
      'reported / model': Number(row.ratio.toFixed(3)),
      'known rounds': row.reportedRounds ?? '',
      rounds: row.rounds,
    })),
  );
}
