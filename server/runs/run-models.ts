/** The models that a spec can name: trained ones of the zoo, and those of which only the shape is true. */
import { imagePositions, type ModelConfig } from '../engine/models/config.ts';
import { embedded, requireKnown } from '../zoo/embedded-files.ts';
import { imageModelOf, readConfigJson, readsImages } from '../zoo/image-model.ts';
import { continuesTexts, languageModelOf } from '../zoo/language-model.ts';
import { parseModelConfig, type MadeFor } from '../zoo/model-config.ts';
import { labelsMisfit } from '../zoo/labels-fit.ts';
import type { DatasetEntry } from '../zoo/registry.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { textConfigOf } from './plan-of-spec.ts';

/** What is known of a model with weights, before they are read. */
export interface TrainedModel {
  readonly config: ModelConfig;
  readonly kind: 'text' | 'image';
  /** Tells classes apart, or says which piece follows a text. */
  readonly task: 'classify' | 'continue';
  /** Names of the classes, by logit; empty where texts are continued. */
  readonly labels: readonly string[];
  /** Tokens of a sample, fewest and most; of an image there is one number. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Functions that its weights were made for; absent: the exact ones. */
  readonly madeFor?: MadeFor;
}

/**
 * An embedded or added model, without its weights.
 * @throws ZooError 'range' for an unknown id
 */
export async function trainedModelOf(id: string): Promise<TrainedModel> {
  await requireKnown('models', id);
  const file = embedded('models', id, 'config.json');
  const json = readConfigJson(file);
  if (readsImages(json)) {
    const { config, labels } = imageModelOf(json, file);
    const tokens = imagePositions(config);
    const length = { minLength: tokens, maxLength: tokens };
    return { config, kind: 'image', task: 'classify', labels, ...length };
  }
  if (continuesTexts(json)) {
    const { config, maxLength } = languageModelOf(json, file);
    return { config, kind: 'text', task: 'continue', labels: [], minLength: 1, maxLength };
  }
  const text = parseModelConfig(json, file);
  const { labels, maxLength, madeFor } = text;
  const own = madeFor === undefined ? {} : { madeFor };
  const shared = { kind: 'text', task: 'classify', minLength: 1 } as const;
  return { config: textConfigOf(text), ...shared, labels, maxLength, ...own };
}

/** Whether the model reads what the set holds, and its classes are the set's. */
export function fitsDataset(
  { kind, task, labels }: TrainedModel,
  dataset: Pick<DatasetEntry, 'kind' | 'labels' | 'pairs'>,
): boolean {
  if (dataset.kind !== kind) return false;
  // A text is continued whatever it was labelled for.
  if (task === 'continue') return dataset.pairs !== true;
  return labelsMisfit(labels, dataset.labels) === null;
}

/**
 * What the engine runs under this id, trained or not.
 * @throws ZooError 'range' for an unknown id
 */
export async function modelConfigOf(id: string): Promise<ModelConfig> {
  const shape = shapeModels.find((model) => model.id === id);
  return shape === undefined ? (await trainedModelOf(id)).config : shape.config;
}
