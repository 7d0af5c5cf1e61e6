/** What the owner of the inputs does in the open before sharing: checks, and unfolding of patches. */
import { EngineError } from '../errors.ts';
import type { Batch, ImageBatch, TextBatch } from '../plan.ts';
import { imagePatches, type ModelConfig, type VitConfig, type VitLiteConfig } from './config.ts';
import type { InputRecipe } from './model.ts';

/** Ids and mask, and of pairs the types, [batch, length] each. */
export function textInputs(
  batch: number,
  length: number,
  segments: 1 | 2 = 1,
): readonly InputRecipe[] {
  const each: InputRecipe = { shape: [batch, length], scale: 'integer' };
  return segments === 2 ? [each, each, each] : [each, each];
}

const segmentsOf = (config: ModelConfig): 1 | 2 =>
  config.architecture === 'bert' ? (config.segments ?? 1) : 1;

export function encodeTexts(config: ModelConfig, batch: Batch): readonly ArrayLike<number>[] {
  const { ids, mask, types } = texts(config, batch);
  const segments = segmentsOf(config);
  // RoBERTa has one type for both texts of a pair.
  if (segments === 1 && (types === undefined || config.architecture === 'roberta')) {
    return [ids, mask];
  }
  if (segments === 2 && types !== undefined) return [ids, mask, types];
  throw new EngineError(
    'plan',
    segments === 2
      ? 'batch: no types, but the model reads pairs of texts (segments 2)'
      : 'batch: types given, but the model reads one text each; set segments to 2',
  );
}

/** Ids alone, for decoders, which have no padding. */
export function encodeFullTexts(config: ModelConfig, batch: Batch): readonly ArrayLike<number>[] {
  const { ids, mask } = texts(config, batch);
  const padded = mask.indexOf(0);
  if (padded >= 0) {
    throw new EngineError(
      'plan',
      `batch: mask[${padded}] is 0, but ${config.architecture} has no padding; give texts of full length`,
    );
  }
  return [ids];
}

function texts(config: ModelConfig, batch: Batch): TextBatch {
  if ('ids' in batch) return batch;
  throw new EngineError('plan', `batch: images given, ${config.architecture} reads texts`);
}

function images(config: ModelConfig, batch: Batch): ImageBatch {
  if ('pixels' in batch) return batch;
  throw new EngineError('plan', `batch: texts given, ${config.architecture} reads images`);
}

export function patchInputs(batch: number, config: VitConfig | VitLiteConfig): InputRecipe[] {
  const { channels, patchSize } = config;
  return [
    {
      shape: [batch, imagePatches(config), channels * patchSize ** 2],
      scale: 'fixed',
    },
  ];
}

/**
 * Patches as rows: [size, patches, channels * patch * patch] from pixels [size, channels, height,
 * width], so that a convolution whose stride is its kernel becomes one matrix product.
 */
export function encodePatches(
  config: VitConfig | VitLiteConfig,
  batch: Batch,
): readonly ArrayLike<number>[] {
  const { size, pixels } = images(config, batch);
  const { channels, imageSize, patchSize } = config;
  const perImage = channels * imageSize ** 2;
  if (pixels.length !== size * perImage) {
    throw new EngineError(
      'plan',
      `batch: ${pixels.length} pixels for ${size} images of ${perImage} each`,
    );
  }
  const across = imageSize / patchSize;
  const out = new Float64Array(pixels.length);
  let at = 0;
  for (let image = 0; image < size; image++) {
    for (let patch = 0; patch < across ** 2; patch++) {
      const top = Math.floor(patch / across) * patchSize;
      const left = (patch % across) * patchSize;
      for (let channel = 0; channel < channels; channel++) {
        for (let row = top; row < top + patchSize; row++) {
          const start = image * perImage + (channel * imageSize + row) * imageSize + left;
          out.set(pixels.subarray(start, start + patchSize), at);
          at += patchSize;
        }
      }
    }
  }
  return [out];
}
