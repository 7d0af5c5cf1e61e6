/** The models that a spec can name: trained ones of the zoo, and those of which only the shape is true. */
import type { ModelConfig } from '../engine/models/config.ts';
import { embedded, requireKnown } from '../zoo/embedded-files.ts';
import { readModelConfig, type TextModelConfig } from '../zoo/model-config.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { textConfigOf } from './plan-of-spec.ts';

/**
 * Config of an embedded model, without its weights.
 * @throws ZooError 'range' for an unknown id
 */
export async function trainedConfigOf(id: string): Promise<TextModelConfig> {
  await requireKnown('models', id);
  return readModelConfig(embedded('models', id, 'config.json'));
}

/**
 * What the engine runs under this id, trained or not.
 * @throws ZooError 'range' for an unknown id
 */
export async function modelConfigOf(id: string): Promise<ModelConfig> {
  const shape = shapeModels.find((model) => model.id === id);
  return shape === undefined ? textConfigOf(await trainedConfigOf(id)) : shape.config;
}
