/**
 * Checkpoints: weights, moments and place of a training in one safetensors file (float32), written
 * atomically. `last` is where a killed training goes on; `best` is the one with the highest validation
 * accuracy so far.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseSafetensors, writeSafetensors, type Tensor } from '../zoo/safetensors.ts';
import { TrainingError } from './errors.ts';
import { writeAtomically } from './files.ts';

/** One line of the curves. */
const pointSchema = z.object({
  stage: z.string(),
  /** Steps done in it. */
  step: z.number().int(),
  /** Mean over the steps since the last point. */
  loss: z.number(),
  /** Fraction right on the validation rows; null where it was not taken. */
  accuracy: z.number().nullable(),
  /** Seconds of training until here, over all sittings. */
  seconds: z.number(),
});
export type CurvePoint = z.infer<typeof pointSchema>;

const placeSchema = z.object({
  recipeHash: z.string(),
  /** Steps done. */
  step: z.number().int(),
  optimiserSteps: z.number().int(),
  bestAccuracy: z.number().nullable(),
  curve: z.array(pointSchema),
});
export type Place = z.infer<typeof placeSchema>;

export interface Checkpoint {
  readonly place: Place;
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Of the optimiser; absent from `best`, which nobody goes on from. */
  readonly moments: ReadonlyMap<string, Tensor>;
}

export type CheckpointName = 'last' | 'best';

const fileOf = (folder: string, name: CheckpointName): string =>
  join(folder, 'checkpoint', `${name}.safetensors`);

const momentPrefix = 'optimiser/';

export function writeCheckpoint(
  folder: string,
  name: CheckpointName,
  { place, weights, moments }: Checkpoint,
): void {
  mkdirSync(join(folder, 'checkpoint'), { recursive: true });
  const tensors = new Map<string, Tensor>(weights);
  for (const [key, tensor] of moments) tensors.set(momentPrefix + key, tensor);
  const metadata = { place: JSON.stringify(place) };
  writeAtomically(fileOf(folder, name), writeSafetensors(tensors, { dtype: 'F32', metadata }));
}

/**
 * @returns undefined when there is none
 * @throws TrainingError 'checkpoint' when the file is of another recipe or cannot be understood
 */
export function readCheckpoint(
  folder: string,
  name: CheckpointName,
  recipeHash: string,
): Checkpoint | undefined {
  const path = fileOf(folder, name);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { tensors, metadata } = parseSafetensors(bytes, path);
  const parsed = placeSchema.safeParse(JSON.parse(metadata['place'] ?? 'null'));
  if (!parsed.success) {
    throw new TrainingError(
      'checkpoint',
      `${path}: its place is not readable (${z.prettifyError(parsed.error)}); start afresh in another folder.`,
    );
  }
  if (parsed.data.recipeHash !== recipeHash) {
    throw new TrainingError(
      'checkpoint',
      `${path} belongs to recipe ${parsed.data.recipeHash.slice(0, 12)}, not to ${recipeHash.slice(0, 12)}; give another --out.`,
    );
  }
  const weights = new Map<string, Tensor>();
  const moments = new Map<string, Tensor>();
  for (const [key, tensor] of tensors) {
    if (key.startsWith(momentPrefix)) moments.set(key.slice(momentPrefix.length), tensor);
    else weights.set(key, tensor);
  }
  return { place: parsed.data, weights, moments };
}
