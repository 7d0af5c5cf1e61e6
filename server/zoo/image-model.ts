/** Reads the config.json of an image classifier: its shape, classes, and how pixels become numbers. */
import { readFileSync } from 'node:fs';
import type { VitConfig, VitLiteConfig } from '../engine/models/config.ts';
import { isFields, type Fields } from './config-reader.ts';
import { engineConfigOf } from './engine-config.ts';
import { ZooError } from './errors.ts';
import { normalisationOf, type Normalisation } from './images/normalise.ts';

export interface ImageModel {
  readonly config: VitConfig | VitLiteConfig;
  /** Names of the classes, by logit. */
  readonly labels: readonly string[];
  readonly normalisation: Normalisation;
}

const types: readonly unknown[] = ['vit', 'deit', 'vit-lite'];

/** Whether a model of this config reads images. */
export const readsImages = (json: Fields): boolean => types.includes(json['model_type']);

/** @throws ZooError naming the first field that Parley cannot honour */
export function imageModelOf(json: Fields, source: string): ImageModel {
  const { model, labels } = engineConfigOf(json, source);
  const reads = model.architecture === 'vit' || model.architecture === 'vit-lite';
  if (!reads || labels === null) {
    throw new ZooError('unsupported', `${source}: a ${model.architecture}, which reads no images.`);
  }
  const own = isFields(json['parley']) ? json['parley'] : {};
  const image = isFields(own['image']) ? own['image'] : {};
  const normalisation = normalisationOf(image, model.channels, `${source}: parley.image`);
  return { config: model, labels, normalisation };
}

/** The parsed config.json of a model, whatever it reads. */
export function readConfigJson(path: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ZooError('missing', `${path}: cannot read this config (${String(cause)}).`, {
      cause,
    });
  }
  if (isFields(parsed)) return parsed;
  throw new ZooError('corrupt', `${path}: expected a JSON object.`);
}
