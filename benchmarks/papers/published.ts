/**
 * Communication that papers print, row by row, with what each number counts. Reported numbers only;
 * what the engine predicts for the same rows is in cost-rows.ts, which fits nothing to them.
 */
import type { HeadKind } from '../../server/engine/models/config.ts';

export interface PumaRow {
  readonly table: string;
  /** Id in server/zoo/shape-models.ts. */
  readonly model: string;
  /** Positions of each inference: the input, then a pass more for every further output token. */
  readonly lengths: readonly number[];
  /** As printed under "Comm. (GB)". */
  readonly reported: number;
  /** The paper does not say whose bytes they are; both readings follow from its own rows. */
  readonly counts: 'allParties' | 'oneParty';
}

const puma = (
  table: string,
  model: string,
  lengths: readonly number[],
  reported: number,
  counts: PumaRow['counts'] = 'allParties',
): PumaRow => ({ table, model, lengths, reported, counts });

/** PUMA (Dong et al. 2023, arXiv 2307.12533v3), tables 3 to 6, its own rows. */
export const pumaRows: readonly PumaRow[] = [
  puma('PUMA table 3', 'bert-base', [128], 10.773),
  puma('PUMA table 3', 'roberta-base', [128], 11.463),
  puma('PUMA table 3', 'bert-large', [128], 27.246),
  puma('PUMA table 4', 'gpt2', [32], 3.774),
  puma('PUMA table 4', 'gpt2-medium', [32], 7.059),
  puma('PUMA table 4', 'gpt2-large', [32], 11.952),
  puma('PUMA table 5', 'bert-base', [64], 4.881),
  puma('PUMA table 5', 'bert-base', [128], 10.773),
  puma('PUMA table 5', 'bert-base', [256], 26.004),
  puma('PUMA table 5', 'gpt2', [16], 1.875),
  puma('PUMA table 5', 'gpt2', [32], 3.777),
  puma('PUMA table 5', 'gpt2', [64], 7.821),
  puma('PUMA table 6', 'llama-7b', [4], 0.907, 'oneParty'),
  puma('PUMA table 6', 'llama-7b', [8], 1.794, 'oneParty'),
  puma('PUMA table 6', 'llama-7b', [8, 9], 3.857, 'oneParty'),
];

export interface MpcformerRow {
  readonly table: string;
  readonly size: 'base' | 'large';
  readonly length: number;
  readonly gelu: 'crypten-tanh' | 'crypten-erf' | 'quad-shipped';
  readonly softmax: 'crypten' | '2relu-shipped' | '2quad-shipped';
  /** Whether a dealer sends the correlations, or party 0 makes them itself. */
  readonly correlations: 'dealer' | 'insecureFirstParty';
  /** GB, sent and received by a party, dealer included. */
  readonly reported: number;
  /** In program order, where they are known. */
  readonly rounds: number | null;
}

const withDealer = (
  table: string,
  size: MpcformerRow['size'],
  length: number,
  reported: number,
): MpcformerRow => ({
  table,
  size,
  length,
  gelu: 'crypten-tanh',
  softmax: 'crypten',
  correlations: 'dealer',
  reported,
  rounds: null,
});

const measured = (
  size: MpcformerRow['size'],
  length: number,
  softmax: MpcformerRow['softmax'],
  gelu: MpcformerRow['gelu'],
  reported: number,
  rounds: number,
): MpcformerRow => ({
  table: 'CrypTen 0.4.0, measured',
  size,
  length,
  gelu,
  softmax,
  correlations: 'insecureFirstParty',
  reported,
  rounds,
});

/**
 * MPCFormer (Li et al. 2023) prints no bytes. The first rows are what one layer of its benchmark
 * sends on CrypTen 0.4.0, measured and scaled to the model, once with a dealer and a tanh GeLU, once
 * without dealer; the last what PUMA's authors measured of it ("MPCFormer without Quad").
 */
export const mpcformerRows: readonly MpcformerRow[] = [
  withDealer('CrypTen 0.4.0, with dealer', 'base', 64, 5.7),
  withDealer('CrypTen 0.4.0, with dealer', 'base', 128, 12.12),
  withDealer('CrypTen 0.4.0, with dealer', 'base', 256, 30.4),
  withDealer('CrypTen 0.4.0, with dealer', 'large', 128, 32.7),
  measured('base', 128, 'crypten', 'crypten-erf', 9.33, 2208),
  measured('base', 128, '2relu-shipped', 'quad-shipped', 3.42, 984),
  measured('base', 128, '2quad-shipped', 'quad-shipped', 2.4, 888),
  measured('base', 512, 'crypten', 'crypten-erf', 68.86, 2448),
  measured('base', 512, '2quad-shipped', 'quad-shipped', 6.28, 888),
  measured('large', 128, 'crypten', 'crypten-erf', 25.5, 4164),
  withDealer('PUMA table 5, MPCFormer', 'base', 64, 5.707),
  withDealer('PUMA table 3, MPCFormer', 'base', 128, 12.089),
  withDealer('PUMA table 5, MPCFormer', 'base', 256, 29.927),
  withDealer('PUMA table 3, MPCFormer', 'large', 128, 32.577),
];

export interface MpcvitRow {
  readonly model: 'vit_7_4_32' | 'vit_9_12_64';
  readonly heads: HeadKind;
  /** MB that one party sends for turning scores into weights, all layers. */
  readonly reported: number;
}

const mpcvit = (model: MpcvitRow['model'], heads: HeadKind, reported: number): MpcvitRow => ({
  model,
  heads,
  reported,
});

/**
 * MPCViT (Zeng et al. 2023) prints no bytes. These follow from the profiler's log of an independent
 * re-implementation on its engine, SEMI2K in SPU 0.5.0b0 (NYU-DICE-Lab/privit, src/benchmark): bytes
 * per score with a division for every score, times the scores of the network.
 */
export const mpcvitRows: readonly MpcvitRow[] = [
  mpcvit('vit_7_4_32', 'softmax', 101.1),
  mpcvit('vit_7_4_32', 'relu', 77.6),
  mpcvit('vit_7_4_32', '2quad', 71),
  mpcvit('vit_7_4_32', 'scale', 0.95),
  mpcvit('vit_9_12_64', 'softmax', 6103.9),
  mpcvit('vit_9_12_64', 'relu', 4679.4),
  mpcvit('vit_9_12_64', '2quad', 4280),
  mpcvit('vit_9_12_64', 'scale', 57.1),
];
