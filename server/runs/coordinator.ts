/**
 * The owner's side of a run: model owner and input owner in one role. It alone sees weights and
 * inputs in the open, shares them with the parties, and receives only what they reveal to it. The two
 * yardsticks (float64 and the clear twin) are computed here too, from data that it holds anyway; a
 * model with random weights has the clear twin only, one with uniform weights none.
 */
import { EngineError } from '../engine/errors.ts';
import { executeClear, executeTwin, type PlaceError } from '../engine/execute.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import type { Batch, Plan, Weights } from '../engine/plan.ts';
import type { Kernels } from '../engine/ring/kernels.ts';
import { modelFile } from '../zoo/embedded-files.ts';
import { classifyFloat, prepareFloatModel, type FloatModel } from '../zoo/float-bert.ts';
import { loadModel, loadSamples } from '../zoo/registry.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { loadTokenizer, stripLineBreaks, type EncodedText } from '../zoo/tokenize.ts';
import type { OwnedSample, OwnerTask } from './messages.ts';
import { batchSizesOf } from './plan-of-spec.ts';
import { longestByBatch, tokensOf } from './public-lengths.ts';
import { imageOwnerInputs } from './image-owner.ts';
import { languageOwnerInputs } from './language-owner.ts';
import { randomOwnerInputs } from './random-owner.ts';

const excerptLength = 120;

export interface OwnerInputs {
  /** Names of the classes, by logit; empty where weights are random. */
  readonly labels: readonly string[];
  readonly weights: Weights;
  readonly samples: readonly {
    readonly id: string;
    readonly text: string;
    readonly second?: string | undefined;
    readonly label: number;
  }[];
  /** One pass over the samples. */
  readonly batches: readonly Batch[];
  /** Positions of each batch, where the spec makes them public; absent: the plan's. */
  readonly lengths?: readonly number[] | undefined;
  /**
   * By sample, its logits by the float model; `twin`: by the float64 half of the twin with exact functions, for
   * models that have no float model of their own; null where weights are random, and there is none.
   */
  readonly plaintext: readonly (() => ArrayLike<number>)[] | 'twin' | null;
  /** What the twin computes the plaintext of, where a run may change the model; absent: the run's. */
  readonly exactModel?: ModelConfig;
}

const excerptOf = (text: string): string => {
  const plain = stripLineBreaks(text).replace(/\s+/g, ' ').trim();
  if (plain.length <= excerptLength) return plain;
  return `${plain.slice(0, plain.lastIndexOf(' ', excerptLength))} …`;
};

/** @param lengthAt positions that a batch is padded to, by its number */
function toBatches(
  encoded: readonly EncodedText[],
  batchSize: number,
  lengthAt: (batch: number) => number,
): Batch[] {
  let at = 0;
  return batchSizesOf(encoded.length, batchSize).map((size, batch) => {
    const length = lengthAt(batch);
    const ids = new Int32Array(size * length);
    const mask = new Uint8Array(size * length);
    const types = new Uint8Array(size * length);
    const samples = encoded.slice(at, at + size);
    samples.forEach((sample, row) => {
      ids.set(sample.ids.subarray(0, length), row * length);
      mask.set(sample.mask.subarray(0, length), row * length);
      if (sample.types !== undefined) types.set(sample.types.subarray(0, length), row * length);
    });
    at += size;
    const pairs = samples.some((sample) => sample.types !== undefined);
    return { size, ids, mask, ...(pairs ? { types } : {}) };
  });
}

/** Loads model and samples, or makes them, and puts them into batches of the plan's length. */
export async function prepareInputs(task: OwnerTask): Promise<OwnerInputs> {
  const shape = shapeModels.find(({ id }) => id === task.model);
  if (shape !== undefined) return randomOwnerInputs(task, shape);
  const { architecture } = task.plan.model;
  if (architecture === 'vit' || architecture === 'vit-lite') return imageOwnerInputs(task);
  if (architecture === 'gpt2' || architecture === 'llama') return languageOwnerInputs(task);
  return trainedInputs(task);
}

async function trainedInputs(task: OwnerTask): Promise<OwnerInputs> {
  const [{ config, tensors }, samples] = await Promise.all([
    loadModel(task.model, task.dataFolder),
    loadSamples(task.dataset.id, task.dataset.samples, task.dataFolder),
  ]);
  const { length } = task.plan;
  const tokenizer = loadTokenizer(modelFile(task.dataFolder, task.model, 'tokenizer.json'), {
    maxLength: length,
    truncation: config.truncation,
  });
  const encoded = samples.map(({ text, second }) => tokenizer.encode(text, second));
  const lengths = publicLengthsOf(task, encoded);
  const batches = toBatches(encoded, task.batchSize, (batch) => lengths?.[batch] ?? length);
  const { labels } = config;
  // Made when the first is asked for: the parties get their shares before.
  let model: FloatModel | undefined;
  const plaintext = encoded.map(({ ids, mask, types }) => () => {
    model ??= prepareFloatModel(config, tensors);
    return classifyFloat(model, ids, mask, types).logits;
  });
  return { labels, weights: tensors, samples, batches, lengths, plaintext };
}

/**
 * Of each batch of one pass; undefined where they are hidden.
 * @throws EngineError 'plan' where the session was told others: a text would be cut
 */
function publicLengthsOf(
  { lengths: told, batchSize }: OwnerTask,
  encoded: readonly EncodedText[],
): readonly number[] | undefined {
  if (told === undefined) return undefined;
  const own = longestByBatch(encoded.map(tokensOf), batchSize);
  const other = own.findIndex((length, batch) => length !== told[batch]);
  if (other < 0) return own;
  throw new EngineError(
    'plan',
    `batch ${other} has ${own[other]} tokens, the session was told ${told[other]}; the data set has changed, run it again`,
  );
}

/** Lets the event loop breathe between two long computations, so that a cancel is heard. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Norms stay the run's, whose root is right to 5e-5 of itself; GPT-2's GELU is the erf form, within 5e-4. */
const exactFunctions = {
  gelu: 'exact-float',
  softmax: 'exact-float',
  silu: 'exact-float',
} as const;

export interface Yardsticks {
  readonly samples: readonly OwnedSample[];
  /** Empty where weights are random. */
  readonly placeErrors: readonly PlaceError[];
}

/**
 * Logits of all yardsticks for every sample; of the clear twin alone where weights are random,
 * of none where they are uniform.
 * @param onProgress told after each piece of work; may throw to stop
 */
export async function computeYardsticks(
  { weights, samples, batches, lengths, plaintext, exactModel }: OwnerInputs,
  plan: Plan,
  kernels: Kernels,
  onProgress: (done: number, of: number) => void,
): Promise<Yardsticks> {
  if (plan.weights === 'uniform') return { samples: ownedOf(samples, {}), placeErrors: [] };
  const thunks = plaintext === 'twin' ? [] : (plaintext ?? []);
  const of = thunks.length + (plaintext === 'twin' ? 2 : 1) * batches.length;
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    onProgress(done, of);
    await breathe();
  };
  const exact: number[][] = [];
  for (const logitsOf of thunks) {
    exact.push(Array.from(logitsOf()));
    await step();
  }
  const clear: number[][] = [];
  const approximated: number[][] = [];
  const take = (to: number[][], inference: number, logits: Float64Array): void => {
    const { size } = batches[inference] ?? { size: 0 };
    const width = logits.length / size;
    for (let row = 0; row < size; row += 1) {
      to.push(Array.from(logits.subarray(row * width, (row + 1) * width)));
    }
  };
  const work = { plan, kernels, weights, batches, lengths };
  if (plaintext === 'twin') {
    await executeTwin({
      ...work,
      plan: { ...plan, model: exactModel ?? plan.model, approximations: exactFunctions },
      onLogits: (inference, { float }) => {
        take(exact, inference, float);
        return step();
      },
    });
  }
  const placeErrors =
    plaintext === null
      ? []
      : await executeTwin({
          ...work,
          onLogits: (inference, { fixed, float }) => {
            take(clear, inference, fixed);
            take(approximated, inference, float);
            return step();
          },
        });
  if (plaintext === null) {
    await executeClear({
      ...work,
      onLogits: (inference, logits) => {
        take(clear, inference, logits);
        return step();
      },
    });
  }
  return { samples: ownedOf(samples, { exact, approximated, clear }), placeErrors };
}

/** Samples with their logits by each yardstick that there is. */
function ownedOf(
  samples: OwnerInputs['samples'],
  by: Partial<Record<'exact' | 'approximated' | 'clear', readonly number[][]>>,
): OwnedSample[] {
  return samples.map(({ id, text, second, label }, index) => {
    const float = by.approximated?.[index];
    return {
      id,
      excerpt: excerptOf(second === undefined ? text : `${text} / ${second}`),
      label,
      plaintextLogits: by.exact?.[index] ?? [],
      ...(float === undefined ? {} : { approximatedLogits: float }),
      clearLogits: by.clear?.[index] ?? [],
    };
  });
}
