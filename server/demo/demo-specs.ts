/**
 * What the demo runs: every system's variants with its own functions and with the others', on a trained
 * text model and on the shape of MPCViT's small image model, over four networks. Few samples each: what
 * is shown is costs and latencies beside each other; accuracies of eight samples say little, and say so.
 */
import { randomDatasetId, type RunSpec } from '../api/schemas/run-spec.ts';
import { correlationsOf } from '../engine/protocols/registry.ts';
import { requireProfile } from './profile-network.ts';

type Approximations = RunSpec['approximations'];
type Variant = RunSpec['protocol']['variant'];

const puma = { gelu: 'puma', softmax: 'puma' } as const;
const quad = { gelu: 'quad', softmax: '2quad' } as const;
const series = { gelu: 'tanh-series', softmax: 'series' } as const;
const relu = { gelu: 'puma', softmax: '2relu' } as const;
const crypten = { gelu: 'crypten-erf-corrected', softmax: 'crypten-corrected' } as const;

interface System {
  readonly variant: Variant;
  readonly fractionBits: number;
  /** Its paper's own functions first. */
  readonly functions: readonly Approximations[];
}

const systems: readonly System[] = [
  { variant: 'replicated/aby3', fractionBits: 18, functions: [puma, quad, series] },
  { variant: 'replicated/fast', fractionBits: 18, functions: [puma, quad] },
  { variant: 'additive/crypten', fractionBits: 16, functions: [quad, crypten, series] },
  { variant: 'additive/semi2k', fractionBits: 18, functions: [relu, puma, quad] },
  { variant: 'additive/fast', fractionBits: 18, functions: [puma, quad] },
];

interface Task {
  readonly model: string;
  readonly dataset: string;
  readonly samples: number;
  readonly sequenceLength: number;
  readonly repeats: number;
}

const text: Task = {
  model: 'minilm-2l-imdb',
  dataset: 'imdb-heldout',
  samples: 8,
  sequenceLength: 64,
  repeats: 1,
};

/** Random weights: latency and cost only. */
const image: Task = {
  model: 'vit_7_4_32',
  dataset: randomDatasetId,
  samples: 1,
  sequenceLength: 65,
  repeats: 3,
};

function specOf(
  task: Task,
  { variant, fractionBits }: System,
  approximations: Approximations,
  network: string,
  dealt = true,
): RunSpec {
  return {
    version: 1,
    model: task.model,
    dataset: { id: task.dataset, samples: task.samples },
    sequenceLength: task.sequenceLength,
    approximations,
    protocol: {
      variant,
      ...(dealt ? {} : { correlations: 'insecureFirstParty' as const }),
      ring: { bits: 64, fractionBits },
    },
    network: requireProfile(network),
    measurement: { batchSize: 1, repeats: task.repeats },
    reveal: 'logits',
    seed: { kind: 'random' },
  };
}

/** What the papers were timed on: a fast network, PUMA's, a slow one. */
const networks = { lan: 'lan-1g', puma: 'puma-lan', wan: 'mpcvit-wan' } as const;

/**
 * All of them, those that say most first, so that a few make a demo too. A WAN takes long in many
 * rounds: there only a system's own functions run, on fewer samples.
 */
export function demoSpecs(): readonly RunSpec[] {
  const own = systems.flatMap((system) => {
    const [functions] = system.functions;
    return functions === undefined ? [] : [{ system, functions }];
  });
  const others = systems.flatMap((system) =>
    system.functions.slice(1).map((functions) => ({ system, functions })),
  );
  const slow: Task = { ...text, samples: 2 };
  const slowImage: Task = { ...image, repeats: 1 };
  const short: Task = { ...text, sequenceLength: 32 };
  return [
    ...own.map(({ system, functions }) => specOf(text, system, functions, networks.lan)),
    ...others.map(({ system, functions }) => specOf(text, system, functions, networks.lan)),
    ...own.map(({ system, functions }) => specOf(image, system, functions, networks.lan)),
    ...own.map(({ system, functions }) => specOf(text, system, functions, networks.puma)),
    ...own.map(({ system, functions }) => specOf(slow, system, functions, networks.wan)),
    ...own.map(({ system, functions }) => specOf(image, system, functions, networks.puma)),
    ...others.map(({ system, functions }) => specOf(image, system, functions, networks.lan)),
    ...own.map(({ system, functions }) => specOf(short, system, functions, networks.lan)),
    ...others.map(({ system, functions }) => specOf(text, system, functions, networks.puma)),
    ...own.map(({ system, functions }) => specOf(slowImage, system, functions, networks.wan)),
    ...own
      .filter(({ system }) => correlationsOf(system) !== null)
      .map(({ system, functions }) => specOf(text, system, functions, networks.lan, false)),
  ];
}
