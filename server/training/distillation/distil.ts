/**
 * The training of a student, stage after stage: reports, validation, checkpoints, and every way it can
 * end. A model folder is made of the result by product.ts.
 */
import type { Tensor } from '../../zoo/safetensors.ts';
import {
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
  type CurvePoint,
  type Place,
} from '../checkpoint.ts';
import { TrainingError } from '../errors.ts';
import { recipeHash } from '../recipe.ts';
import { Judge } from './judge.ts';
import { judgingBatch, prepare, type DistillationInputs, type Prepared } from './prepare.ts';
import { stageSteps, StageRun } from './stage-run.ts';
import type { StudentShape } from './stage-graph.ts';

/** A stage whose loss, over one report, grew to this multiple of its lowest is given up. */
const divergenceFactor = 10;
/** Steps between two reports. */
const reportEvery = 20;
/** A report saves the last checkpoint when the one before is older. */
const checkpointSeconds = 60;

export interface Progress extends CurvePoint {
  readonly ofSteps: number;
  /** Seconds to the end of the last stage, at the present pace. */
  readonly secondsLeft: number;
  readonly bestAccuracy: number | null;
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

export interface DistillationResult {
  /** Weights of the best checkpoint. */
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly student: StudentShape;
  /** Where the best checkpoint was taken. */
  readonly best: Place;
  readonly curve: readonly CurvePoint[];
  readonly cancelled: boolean;
}

const copyOf = (weights: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
  new Map([...weights].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));

class Distillation {
  readonly #options: DistillationOptions;
  readonly #prepared: Prepared;
  readonly #judge: Judge;
  readonly #hash: string;
  readonly #steps: readonly number[];
  readonly #curve: CurvePoint[];
  readonly #last: Checkpoint | undefined;
  readonly #secondsBefore: number;
  readonly #started = performance.now();
  #best: Checkpoint | undefined;
  #savedAt = performance.now();
  #sittingSteps = 0;

  constructor(options: DistillationOptions, prepared: Prepared, judge: Judge) {
    const { recipe, folder, resume } = options;
    this.#options = options;
    this.#prepared = prepared;
    this.#judge = judge;
    this.#hash = recipeHash(recipe);
    this.#steps = recipe.stages.map((stage) => stageSteps(recipe, stage));
    this.#last = resume ? readCheckpoint(folder, 'last', this.#hash) : undefined;
    this.#best = resume ? readCheckpoint(folder, 'best', this.#hash) : undefined;
    this.#curve = [...(this.#last?.place.curve ?? [])];
    this.#secondsBefore = this.#curve.at(-1)?.seconds ?? 0;
    for (const [name, { data }] of this.#last?.weights ?? []) {
      prepared.weights.get(name)?.data.set(data);
    }
  }

  get #cancelled(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  #place(stage: number, step: number, optimiserSteps: number): Place {
    return {
      recipeHash: this.#hash,
      stage,
      step,
      optimiserSteps,
      bestAccuracy: this.#best?.place.bestAccuracy ?? null,
      curve: [...this.#curve],
    };
  }

  #save(run: StageRun, stage: number, step: number): void {
    const { steps, tensors: moments } = run.optimiser.state();
    const { weights } = this.#prepared;
    writeCheckpoint(this.#options.folder, 'last', {
      place: this.#place(stage, step, steps),
      weights,
      moments,
    });
    this.#savedAt = performance.now();
  }

  /** Validation accuracy; where it is the best so far, the weights become the best checkpoint. */
  async #validate(stage: number, step: number): Promise<number> {
    const { recipe, rows, folder } = this.#options;
    const { weights } = this.#prepared;
    const { validationRows } = recipe.data;
    const accuracy = await this.#judge.accuracy(weights, rows.validation, validationRows);
    if (accuracy > (this.#best?.place.bestAccuracy ?? -1)) {
      const place = { ...this.#place(stage, step, 0), bestAccuracy: accuracy };
      this.#best = { place, weights: copyOf(weights), moments: new Map() };
      writeCheckpoint(folder, 'best', this.#best);
    }
    return accuracy;
  }

  #report(point: CurvePoint, stage: number): void {
    const later = this.#steps.slice(stage + 1).reduce((total, count) => total + count, 0);
    const ofSteps = this.#steps[stage]!;
    const pace = (performance.now() - this.#started) / 1000 / this.#sittingSteps;
    this.#options.onProgress?.({
      ...point,
      ofSteps,
      secondsLeft: pace * (ofSteps - point.step + later),
      bestAccuracy: this.#best?.place.bestAccuracy ?? null,
    });
  }

  #requireBounded(loss: number, lowest: number, index: number, step: number): void {
    if (loss <= divergenceFactor * lowest) return;
    const { name, learningRate } = this.#options.recipe.stages[index]!;
    throw new TrainingError(
      'diverged',
      `stage "${name}", step ${step} of ${this.#steps[index]}: loss ${loss.toPrecision(4)} is over ` +
        `${divergenceFactor} times its lowest, ${lowest.toPrecision(4)}. Lower learningRate (${learningRate}); ` +
        `the last good checkpoint is kept.`,
    );
  }

  async #runStage(index: number): Promise<void> {
    const { recipe } = this.#options;
    const { name } = recipe.stages[index]!;
    const run = await StageRun.open(this.#prepared.inputsOf(index));
    try {
      const { place, moments } = this.#last ?? {};
      let step = 0;
      if (place?.stage === index && moments !== undefined) {
        step = place.step;
        run.optimiser.restore(place.optimiserSteps, moments);
      }
      let losses: number[] = [];
      let lowest = Infinity;
      while (step < run.steps && !this.#cancelled) {
        losses.push(await run.step(step));
        step += 1;
        this.#sittingSteps += 1;
        const judged = step === run.steps || step % recipe.evaluateEvery === 0;
        if (!judged && !this.#cancelled && step % reportEvery !== 0) continue;
        const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
        losses = [];
        this.#requireBounded(loss, lowest, index, step);
        lowest = Math.min(lowest, loss);
        const accuracy = judged ? await this.#validate(index, step) : null;
        const seconds = this.#secondsBefore + (performance.now() - this.#started) / 1000;
        const point = { stage: name, step, loss, accuracy, seconds };
        this.#curve.push(point);
        const stale = performance.now() - this.#savedAt >= 1000 * checkpointSeconds;
        if (judged || stale || this.#cancelled) this.#save(run, index, step);
        this.#report(point, index);
      }
    } finally {
      await run.close();
    }
  }

  async run(): Promise<DistillationResult> {
    for (let index = this.#last?.place.stage ?? 0; index < this.#steps.length; index += 1) {
      if (this.#cancelled) break;
      await this.#runStage(index);
    }
    if (this.#best === undefined) {
      throw new TrainingError(
        'checkpoint',
        `ended before the first validation (every ${this.#options.recipe.evaluateEvery} steps): ` +
          `there is no best checkpoint yet; resume to go on.`,
      );
    }
    const { weights, place } = this.#best;
    const { student } = this.#prepared;
    const cancelled = this.#cancelled;
    return { weights, student, best: place, curve: this.#curve, cancelled };
  }
}

/**
 * Runs the recipe to its end, or until it is cancelled.
 *
 * @throws TrainingError 'diverged' with the step; 'checkpoint' when a file cannot be written or belongs
 *   to another recipe. The checkpoints on the disk are whole in every case.
 */
export async function distil(options: DistillationOptions): Promise<DistillationResult> {
  const prepared = prepare(options);
  const { student, weights } = prepared;
  const judge = await Judge.open(student, weights, judgingBatch, options.threads);
  try {
    return await new Distillation(options, prepared, judge).run();
  } finally {
    await judge.close();
  }
}
