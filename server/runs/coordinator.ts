/**
 * The owner's side of a run: model owner and input owner in one role. It alone sees weights and
 * inputs in the open, shares them with the parties, and receives only what they reveal to it. The two
 * yardsticks (float64 and the clear twin) are computed here too, from data that it holds anyway.
 */
import { executeClear } from '../engine/execute.ts';
import type { Batch, Plan, Weights } from '../engine/plan.ts';
import type { Kernels } from '../engine/ring/kernels.ts';
import { embedded } from '../zoo/embedded-files.ts';
import { classifyFloat, prepareFloatModel } from '../zoo/float-bert.ts';
import type { TextModelConfig } from '../zoo/model-config.ts';
import { loadModel, loadSamples } from '../zoo/registry.ts';
import { loadTokenizer, stripLineBreaks, type EncodedText } from '../zoo/tokenize.ts';
import type { OwnedSample, OwnerTask } from './messages.ts';
import { batchSizesOf } from './plan-of-spec.ts';

const excerptLength = 120;

export interface OwnerInputs {
  readonly config: TextModelConfig;
  readonly weights: Weights;
  readonly samples: readonly {
    readonly id: string;
    readonly text: string;
    readonly label: number;
  }[];
  readonly encoded: readonly EncodedText[];
  /** One pass over the samples. */
  readonly batches: readonly Batch[];
}

const excerptOf = (text: string): string => {
  const plain = stripLineBreaks(text).replace(/\s+/g, ' ').trim();
  if (plain.length <= excerptLength) return plain;
  return `${plain.slice(0, plain.lastIndexOf(' ', excerptLength))} …`;
};

function toBatches(encoded: readonly EncodedText[], batchSize: number, length: number): Batch[] {
  let at = 0;
  return batchSizesOf(encoded.length, batchSize).map((size) => {
    const ids = new Int32Array(size * length);
    const mask = new Uint8Array(size * length);
    encoded.slice(at, at + size).forEach((sample, row) => {
      ids.set(sample.ids, row * length);
      mask.set(sample.mask, row * length);
    });
    at += size;
    return { size, ids, mask };
  });
}

/** Loads model and samples and turns the texts into batches of the plan's length. */
export async function prepareInputs(task: OwnerTask): Promise<OwnerInputs> {
  const [{ config, tensors }, samples] = await Promise.all([
    loadModel(task.model),
    loadSamples(task.dataset.id, task.dataset.samples, task.dataFolder),
  ]);
  const { length } = task.plan;
  const tokenizer = loadTokenizer(embedded('models', task.model, 'tokenizer.json'), {
    maxLength: length,
    truncation: config.truncation,
  });
  const encoded = samples.map(({ text }) => tokenizer.encode(text));
  const batches = toBatches(encoded, task.batchSize, length);
  return { config, weights: tensors, samples, encoded, batches };
}

/** Lets the event loop breathe between two long computations, so that a cancel is heard. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Logits of both yardsticks for every sample.
 * @param onProgress told after each piece of work; may throw to stop
 */
export async function computeYardsticks(
  { config, weights, samples, encoded, batches }: OwnerInputs,
  plan: Plan,
  kernels: Kernels,
  onProgress: (done: number, of: number) => void,
): Promise<OwnedSample[]> {
  const of = samples.length + batches.length;
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    onProgress(done, of);
    await breathe();
  };
  const model = prepareFloatModel(config, weights);
  const plaintext: number[][] = [];
  for (const { ids, mask } of encoded) {
    plaintext.push([...classifyFloat(model, ids, mask).logits]);
    await step();
  }
  const labels = config.labels.length;
  const clear: number[][] = [];
  await executeClear({
    plan,
    kernels,
    weights,
    batches,
    onLogits: (inference, logits) => {
      const { size } = batches[inference] ?? { size: 0 };
      for (let row = 0; row < size; row += 1) {
        clear.push(Array.from(logits.subarray(row * labels, (row + 1) * labels)));
      }
      return step();
    },
  });
  return samples.map(({ id, text, label }, index) => ({
    id,
    excerpt: excerptOf(text),
    label,
    plaintextLogits: plaintext[index] ?? [],
    clearLogits: clear[index] ?? [],
  }));
}
