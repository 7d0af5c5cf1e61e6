/**
 * Specs whose lengths are public: how many tokens the texts of each batch have, which all roles are told
 * and every price follows from. A batch is padded to its longest text, and only that number is told.
 */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { sharedFolder } from '../db/data-folder.ts';
import { embedded, modelFile } from '../zoo/embedded-files.ts';
import { readConfigJson } from '../zoo/image-model.ts';
import { parseModelConfig } from '../zoo/model-config.ts';
import { loadSamples } from '../zoo/registry.ts';
import { loadTokenizer, type EncodedText } from '../zoo/tokenize.ts';
import { batchSizesOf, fullBatchOf } from './plan-of-spec.ts';
import { canonicalJson } from './spec-hash.ts';

/** Real tokens of a text, [CLS] and [SEP] included; padding stands behind them. */
export const tokensOf = ({ mask }: EncodedText): number => mask.reduce((sum, one) => sum + one, 0);

/** The longest of each batch of one pass. */
export function longestByBatch(tokens: readonly number[], batchSize: number): number[] {
  let at = 0;
  return batchSizesOf(tokens.length, batchSize).map((size) => {
    const longest = Math.max(...tokens.slice(at, at + size));
    at += size;
    return longest;
  });
}

/** Of full batches, the length in the middle, the lower of two: what costs of such a run are stated for. */
export function middleLength(lengths: readonly number[], sizes: readonly number[]): number {
  const full = Math.max(...sizes);
  const sorted = lengths.filter((_, batch) => sizes[batch] === full).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

const mostRemembered = 50;
const remembered = new Map<string, Promise<readonly number[]>>();

/** Tokens of every sample that the spec asks for, cut at its length. */
function tokenCounts({ model, dataset, sequenceLength }: RunSpec): Promise<readonly number[]> {
  const folder = sharedFolder();
  const { id, samples } = dataset;
  const key = canonicalJson({ folder, model, id, samples, sequenceLength });
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const counted = loadSamples(id, samples, folder).then((texts) => {
    const file = embedded('models', model, 'config.json');
    const { truncation } = parseModelConfig(readConfigJson(file), file);
    const path = modelFile(folder, model, 'tokenizer.json');
    const tokenizer = loadTokenizer(path, { maxLength: sequenceLength, truncation });
    return texts.map(({ text, second }) => tokensOf(tokenizer.encode(text, second)));
  });
  // What is not here today may be tomorrow.
  counted.catch(() => remembered.delete(key));
  if (remembered.size >= mostRemembered) remembered.delete([...remembered.keys()][0] ?? '');
  remembered.set(key, counted);
  return counted;
}

/**
 * Tokens that each batch of one pass is padded to; undefined where lengths are hidden, so that all have the
 * spec's.
 * @throws ZooError where model or data set are not here
 */
export async function lengthsOfSpec(spec: RunSpec): Promise<readonly number[] | undefined> {
  if (spec.length !== 'public') return undefined;
  return longestByBatch(await tokenCounts(spec), spec.measurement.batchSize);
}

/**
 * The spec that one inference is priced by: itself, or with public lengths one of the length in the middle,
 * or of the longest.
 */
export async function pricedSpec(
  spec: RunSpec,
  which: 'middle' | 'longest' = 'middle',
): Promise<RunSpec> {
  const lengths = await lengthsOfSpec(spec);
  if (lengths === undefined) return spec;
  const { length: _, ...hidden } = spec;
  const sizes = batchSizesOf(spec.dataset.samples, fullBatchOf(spec));
  const sequenceLength = which === 'longest' ? Math.max(...lengths) : middleLength(lengths, sizes);
  return { ...hidden, sequenceLength };
}
