/** Specs for tests: the smallest that the zoo accepts. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';

/** Four samples in two batches, over raw loopback. */
export const smallSpec: RunSpec = {
  version: 1,
  model: 'minilm-2l-imdb',
  dataset: { id: 'imdb-heldout', samples: 4 },
  sequenceLength: 8,
  approximations: { gelu: 'quad', softmax: '2quad' },
  protocol: { variant: 'replicated/aby3', ring: { bits: 64, fractionBits: 18 } },
  network: { name: 'loopback', backend: 'none', bitsPerSecond: 1e12, rttMs: 0, topology: 'pair' },
  measurement: { batchSize: 2, repeats: 1 },
  reveal: 'logits',
  seed: { kind: 'random' },
};

/** The same with two parties and a dealer. */
export const smallAdditiveSpec: RunSpec = {
  ...smallSpec,
  protocol: { variant: 'additive/fast', ring: { bits: 64, fractionBits: 18 } },
};

/** One image for the smallest model of which only the shape is true. */
export const smallShapeSpec: RunSpec = {
  ...smallSpec,
  model: 'vit_7_4_32',
  dataset: { id: 'random', samples: 1 },
  sequenceLength: 65,
  measurement: { batchSize: 1, repeats: 1 },
};
