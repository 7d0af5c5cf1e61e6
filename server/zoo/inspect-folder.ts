/**
 * A folder in the Hub's layout, read up to its numbers: config, the headers of its weights, tokenizer, and
 * that they agree with one another. What is not right is refused by name.
 */
import { join } from 'node:path';
import type { ModelConfig } from '../engine/models/config.ts';
import { findTokenizer, type FoundTokenizer } from './build-tokenizer.ts';
import { readEngineConfig, type HubConfig } from './engine-config.ts';
import { ZooError } from './errors.ts';
import { randomWeights } from './random-weights.ts';
import { matchTensors, type NamedTensor } from './tensor-names.ts';
import { createTokenizer, readVocabulary } from './tokenize.ts';
import { findWeights, type WeightFiles } from './weight-files.ts';

export interface InspectedFolder {
  readonly config: HubConfig;
  readonly weights: WeightFiles;
  /** What inference reads, in the engine's order and by its names. */
  readonly tensors: readonly NamedTensor[];
  /** Null for a model of images. */
  readonly tokenizer: FoundTokenizer | null;
}

/**
 * Tables of words are padded to a round number of rows, which no piece has. More rows to spare than this:
 * the tokenizer is another model's.
 */
const mostSpareRows = 127;

function requireVocabulary(
  { json, source }: FoundTokenizer,
  size: number,
  model: ModelConfig,
): void {
  const { vocabularySize, largestId } = readVocabulary(json, source);
  if (largestId >= size || vocabularySize < size - mostSpareRows) {
    throw new ZooError(
      'corrupt',
      `${source}: the tokenizer knows ${vocabularySize} pieces up to the id ${largestId}, the config's vocab_size is ${size}. Use the tokenizer of this model.`,
    );
  }
  if (model.architecture !== 'bert' && model.architecture !== 'roberta') return;
  const truncation = { headFraction: 1 };
  const { paddingId } = createTokenizer(json, { maxLength: 4, truncation, source });
  if (model.architecture === 'roberta' && paddingId !== model.paddingId) {
    throw new ZooError(
      'corrupt',
      `${source}: the padding piece has the id ${paddingId}, the config's pad_token_id is ${model.paddingId}; positions are counted from it. Use the tokenizer of this model.`,
    );
  }
}

/** @throws ZooError naming the file, the field or tensor, what is there and what is expected */
export async function inspectFolder(folder: string): Promise<InspectedFolder> {
  const config = readEngineConfig(join(folder, 'config.json'));
  const { model, tied } = config;
  const weights = await findWeights(folder);
  const expected = await randomWeights(model, 'shapes');
  const tensors = matchTensors(model.architecture, expected, weights, tied);
  if (!('vocabularySize' in model)) return { config, weights, tensors, tokenizer: null };
  const tokenizer = findTokenizer(folder);
  requireVocabulary(tokenizer, model.vocabularySize, model);
  return { config, weights, tensors, tokenizer };
}
