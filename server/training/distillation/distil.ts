/**
 * The training of a student, stage after stage. Each keeps its checkpoints in a folder of its name; the
 * student is the best checkpoint of them all. A model folder is made of it by product.ts.
 */
import { join } from 'node:path';
import type { Tensor } from '../../zoo/safetensors.ts';
import { readCheckpoint, type CurvePoint } from '../checkpoint.ts';
import { TrainingError } from '../errors.ts';
import { fit, type FitProgress } from '../fit.ts';
import { recipeHash } from '../recipe.ts';
import { Judge } from './judge.ts';
import { judgingBatch, prepare, type DistillationInputs } from './prepare.ts';
import type { StudentShape } from './stage-graph.ts';
import { isHead, stageRun, stageSteps } from './stage-run.ts';

export interface Progress extends FitProgress {
  /** Seconds to the end of the last stage, at the present pace. */
  readonly secondsLeft: number;
}

export interface DistillationOptions extends DistillationInputs {
  /** Where checkpoints lie; made when absent. */
  readonly folder: string;
  /** Goes on from the last checkpoint, where there is one. */
  readonly resume: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the training after the step under way; the best checkpoint stays. */
  readonly signal?: AbortSignal;
}

/** Where the best checkpoint was taken, and its validation accuracy. */
export interface Best {
  readonly stage: string;
  readonly step: number;
  readonly accuracy: number;
}

export interface DistillationResult {
  /** Weights of the best checkpoint. */
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly student: StudentShape;
  readonly best: Best;
  /** Of all stages; seconds count from the start of each. */
  readonly curve: readonly CurvePoint[];
  readonly cancelled: boolean;
}

/** The higher of two accuracies, of which either may be missing. */
function highest(own: number | null, before: number | undefined): number | null {
  return own === null || before === undefined ? (own ?? before ?? null) : Math.max(own, before);
}

/**
 * Runs the recipe to its end, or until it is cancelled.
 *
 * @throws TrainingError as `fit` does; also when it ends before the first validation, since there is no
 *   student to speak of yet
 */
export async function distil(options: DistillationOptions): Promise<DistillationResult> {
  const { recipe, rows, threads, folder, resume, onProgress, signal } = options;
  const prepared = prepare(options);
  const { student, weights } = prepared;
  const hash = recipeHash(recipe);
  const { validationRows } = recipe.data;
  const curve: CurvePoint[] = [];
  let best: { stage: string; accuracy: number } | undefined;
  let cancelled = false;
  const judge = await Judge.open(student, weights, judgingBatch, threads);
  try {
    for (const [index, stage] of recipe.stages.entries()) {
      const later = recipe.stages
        .slice(index + 1)
        .reduce((sum, other) => sum + stageSteps(recipe, other), 0);
      const before = best?.accuracy;
      const fitted = await fit({
        ...stageRun(recipe, stage, prepared, rows.train),
        name: stage.name,
        weights,
        schedule: stage,
        optimiser: recipe.optimiser,
        rateFactorOf: (name) => (isHead(name) ? recipe.optimiser.headRateFactor : 1),
        accuracy: () => judge.accuracy(weights, rows.validation, validationRows),
        evaluateEvery: recipe.evaluateEvery,
        threads,
        folder: join(folder, stage.name),
        recipeHash: hash,
        resume,
        ...(signal === undefined ? {} : { signal }),
        onPoint: (point) =>
          onProgress?.({
            ...point,
            bestAccuracy: highest(point.bestAccuracy, before),
            secondsLeft: point.secondsPerStep * (point.ofSteps - point.step + later),
          }),
      });
      curve.push(...fitted.curve);
      const accuracy = fitted.bestAccuracy;
      if (accuracy !== null && accuracy > (best?.accuracy ?? -1)) {
        best = { stage: stage.name, accuracy };
      }
      cancelled = !fitted.finished;
      if (cancelled) break;
    }
  } finally {
    await judge.close();
  }
  const found =
    best === undefined ? undefined : readCheckpoint(join(folder, best.stage), 'best', hash);
  if (best === undefined || found === undefined) {
    throw new TrainingError(
      'checkpoint',
      `ended before the first validation (every ${recipe.evaluateEvery} steps): ` +
        `there is no best checkpoint yet; resume to go on.`,
    );
  }
  const { step } = found.place;
  return { weights: found.weights, student, best: { ...best, step }, curve, cancelled };
}
