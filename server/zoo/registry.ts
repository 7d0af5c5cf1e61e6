/**
 * The models and data sets that come with the repository, ready without network access, and those that
 * were trained or added here, which lie in the data folder in the same layout.
 *
 *   embedded/models/<id>/    config.json, tokenizer.json, model.safetensors, README.md (the Hub's layout)
 *   embedded/datasets/<id>/  ids.json, or card.json and samples.json; README.md
 *
 * A model's card (title, licence, checksum, reported accuracy) is in its config.json under
 * `parley.card`, written by the training's export step. Nothing is returned before its checksum
 * agrees: weights against the card, reviews against their ids.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { sharedFolder } from '../db/data-folder.ts';
import { listAddedDatasets, listShippedCards } from './added-datasets.ts';
import { embedded, listFolders, modelFile, readJson, requireKnown } from './embedded-files.ts';
import { ZooError } from './errors.ts';
import { imageModelOf, readsImages, type ImageModel } from './image-model.ts';
import { languageModelOf, type LanguageModel } from './language-model.ts';
import { parseModelConfig, type TextModelConfig } from './model-config.ts';
import { parseSafetensors, type Tensor } from './safetensors.ts';
import { idListSchema } from './samples.ts';
import {
  loadPieceReader,
  loadTokenizer,
  type PieceReader,
  type TextTokenizer,
} from './tokenize.ts';

export { loadSamples, type Sample } from './samples.ts';

const cardSchema = z.object({
  title: z.string(),
  licence: z.string(),
  /** SHA-256 of model.safetensors, 64 hex digits. */
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Fraction right on `n` held-out rows, as found by the training; provenance "reported". */
  accuracy: z.object({ value: z.number(), n: z.number().int(), source: z.string() }).optional(),
  /** Of a model that was added: repository and revision, or folder. */
  origin: z.string().optional(),
});

export type ModelEntry = z.infer<typeof cardSchema> & {
  readonly id: string;
  /** What it reads. */
  readonly kind: 'text' | 'image';
};

export type DatasetEntry = {
  readonly id: string;
  readonly kind: 'text' | 'image';
  readonly title: string;
  readonly licence: string;
  readonly labels: readonly string[];
  /** How many samples `loadSamples` can return. */
  readonly size: number;
  /** Every sample has two texts. */
  readonly pairs?: true;
  /** Of images: the size of every one, in pixels. */
  readonly images?: { readonly width: number; readonly height: number };
};

export type LoadedModel = {
  readonly config: TextModelConfig;
  readonly tensors: Map<string, Tensor>;
  readonly tokenizer: TextTokenizer;
  /** SHA-256 of model.safetensors. */
  readonly sha256: string;
};

export type LoadedImageModel = {
  readonly image: ImageModel;
  readonly tensors: Map<string, Tensor>;
  /** SHA-256 of model.safetensors. */
  readonly sha256: string;
};

export type LoadedLanguageModel = {
  readonly language: LanguageModel;
  readonly pieces: PieceReader;
  readonly tensors: Map<string, Tensor>;
  /** SHA-256 of model.safetensors. */
  readonly sha256: string;
};

const configWithCard = z.looseObject({
  model_type: z.string(),
  parley: z.looseObject({ card: cardSchema }),
});

/** Every embedded model, by id. */
export async function listModels(): Promise<ModelEntry[]> {
  const ids = await listFolders('models');
  return Promise.all(
    ids.map(async (id) => {
      const json = await readJson(embedded('models', id, 'config.json'), configWithCard);
      const kind = readsImages(json) ? ('image' as const) : ('text' as const);
      return { id, kind, ...json.parley.card };
    }),
  );
}

/** Every data set, by id: those that ship, then those that were added. */
export async function listDatasets(data = sharedFolder()): Promise<DatasetEntry[]> {
  const cards = await listShippedCards();
  const withSamples = new Set(cards.map(({ id }) => id));
  const ids = (await listFolders('datasets', data)).filter((id) => !withSamples.has(id));
  const added = await listAddedDatasets(data);
  const shipped = await Promise.all(
    ids.map(async (id) => {
      const list = await readJson(embedded('datasets', id, 'ids.json'), idListSchema);
      const { title, licence, labels } = list;
      return { id, kind: 'text' as const, title, licence, labels, size: list.items.length };
    }),
  );
  return [
    ...shipped,
    ...[...cards, ...added].map((card) => {
      const kind = card.images === undefined ? ('text' as const) : ('image' as const);
      return { kind, ...card };
    }),
  ];
}

/** Weights of a model, where their checksum is the card's. */
async function loadWeights(
  id: string,
  expected: string,
  data: string,
): Promise<{ tensors: Map<string, Tensor>; sha256: string }> {
  const file = modelFile(data, id, 'model.safetensors');
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== expected) {
    throw new ZooError(
      'corrupt',
      `${file}: SHA-256 ${sha256}, its card says ${expected}. Restore it from the repository.`,
    );
  }
  return { tensors: parseSafetensors(bytes, file).tensors, sha256 };
}

/**
 * Loads an image classifier; the same otherwise as `loadModel`.
 * @throws ZooError 'range' for an unknown id, 'unsupported' for a model of texts
 */
export async function loadImageModel(id: string, data = sharedFolder()): Promise<LoadedImageModel> {
  await requireKnown('models', id, data);
  const file = modelFile(data, id, 'config.json');
  const json = await readJson(file, configWithCard);
  const image = imageModelOf(json, file);
  return { image, ...(await loadWeights(id, json.parley.card.weightsSha256, data)) };
}

/**
 * Loads a language model that was added; the same otherwise as `loadModel`.
 * @throws ZooError 'range' for an unknown id, 'unsupported' for another kind of model
 */
export async function loadLanguageModel(
  id: string,
  data = sharedFolder(),
): Promise<LoadedLanguageModel> {
  await requireKnown('models', id, data);
  const file = modelFile(data, id, 'config.json');
  const json = await readJson(file, configWithCard);
  const language = languageModelOf(json, file);
  const pieces = loadPieceReader(modelFile(data, id, 'tokenizer.json'));
  return { language, pieces, ...(await loadWeights(id, json.parley.card.weightsSha256, data)) };
}

/**
 * Loads an embedded model: config, tokenizer and float32 weights.
 * @param data the data folder, where models lie that were trained here
 * @throws ZooError 'range' for an unknown id, 'corrupt' when the weights' checksum is not the card's
 */
export async function loadModel(id: string, data = sharedFolder()): Promise<LoadedModel> {
  await requireKnown('models', id, data);
  const configFile = modelFile(data, id, 'config.json');
  const json = await readJson(configFile, configWithCard);
  const config = parseModelConfig(json, configFile);
  const { tensors, sha256 } = await loadWeights(id, json.parley.card.weightsSha256, data);
  const tokenizer = loadTokenizer(modelFile(data, id, 'tokenizer.json'), config);
  if (tokenizer.largestId >= config.vocabularySize) {
    throw new ZooError(
      'corrupt',
      `${id}: the tokenizer's largest id is ${tokenizer.largestId}, the config has ${config.vocabularySize} pieces.`,
    );
  }
  return { config, tensors, tokenizer, sha256 };
}
