/** The models that a spec can name: trained ones of the zoo, and those of which only the shape is true. */
import { imagePositions, type ModelConfig } from '../engine/models/config.ts';
import { embedded, requireKnown } from '../zoo/embedded-files.ts';
import { imageModelOf, readConfigJson, readsImages } from '../zoo/image-model.ts';
import { parseModelConfig, type MadeFor } from '../zoo/model-config.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { textConfigOf } from './plan-of-spec.ts';

/** What is known of a model with weights, before they are read. */
export interface TrainedModel {
  readonly config: ModelConfig;
  readonly kind: 'text' | 'image';
  /** Names of the classes, by logit. */
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
    return { config, kind: 'image', labels, minLength: tokens, maxLength: tokens };
  }
  const text = parseModelConfig(json, file);
  const { labels, maxLength, madeFor } = text;
  const own = madeFor === undefined ? {} : { madeFor };
  return { config: textConfigOf(text), kind: 'text', labels, minLength: 1, maxLength, ...own };
}

/**
 * What the engine runs under this id, trained or not.
 * @throws ZooError 'range' for an unknown id
 */
export async function modelConfigOf(id: string): Promise<ModelConfig> {
  const shape = shapeModels.find((model) => model.id === id);
  return shape === undefined ? (await trainedModelOf(id)).config : shape.config;
}
