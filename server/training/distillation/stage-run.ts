/** A stage that is open: its session and its optimiser, one step at a time. */
import { batchSource, stepsPerEpoch, tokenFeeds, type TokenRows } from '../data.ts';
import { TrainingError } from '../errors.ts';
import { AdamW, type TrainedParameter } from '../optimiser.ts';
import { dropoutMask, randomStream } from '../random.ts';
import type { DistillationRecipe, Stage } from '../recipe.ts';
import { rateAt } from '../schedule.ts';
import { TrainingSession, type Feeds } from '../session.ts';
import {
  stageGraph,
  type DropoutSite,
  type StageGraph,
  type StudentShape,
  type Weights,
} from './stage-graph.ts';

/** The pooler and the classifier: what stands on the encoder. */
const isHead = (name: string): boolean => /^(bert\.pooler|classifier)\./.test(name);

export function stageSteps(recipe: DistillationRecipe, stage: Stage): number {
  const perEpoch = stepsPerEpoch(recipe.data.trainRows, recipe.batch);
  return Math.max(1, Math.round(stage.epochs * perEpoch));
}

export interface StageInputs {
  readonly recipe: DistillationRecipe;
  readonly stage: Stage;
  readonly student: StudentShape;
  /** Changed in place. */
  readonly weights: Weights;
  readonly teacherWeights: Weights;
  readonly rows: TokenRows;
  readonly threads: number;
}

export class StageRun {
  readonly steps: number;
  readonly optimiser: AdamW;
  readonly #inputs: StageInputs;
  readonly #session: TrainingSession;
  readonly #trained: readonly string[];
  readonly #dropoutSites: readonly DropoutSite[];
  readonly #batchAt: (step: number) => Uint32Array;

  private constructor(inputs: StageInputs, session: TrainingSession, built: StageGraph) {
    const { recipe, stage, weights } = inputs;
    this.#inputs = inputs;
    this.#session = session;
    this.#trained = built.trained;
    this.#dropoutSites = built.dropoutSites;
    this.steps = stageSteps(recipe, stage);
    this.#batchAt = batchSource(recipe.data.trainRows, recipe.batch, recipe.seed, stage.name);
    const parameters = built.trained.map((name): TrainedParameter => {
      const { shape, data } = weights.get(name)!;
      const rateFactor = isHead(name) ? recipe.optimiser.headRateFactor : 1;
      return { name, shape, data, rateFactor };
    });
    this.optimiser = new AdamW(parameters, recipe.optimiser);
  }

  static async open(inputs: StageInputs): Promise<StageRun> {
    const { recipe, stage, student, weights, teacherWeights, threads } = inputs;
    const { dropout } = recipe.student;
    const built = stageGraph(student, weights, teacherWeights, stage, recipe.batch, dropout);
    return new StageRun(inputs, await TrainingSession.open(built.graph, threads), built);
  }

  #feeds(step: number): Feeds {
    const { recipe, stage, weights, rows } = this.#inputs;
    const feeds: Record<string, Float32Array | BigInt64Array> = {
      ...tokenFeeds(rows, this.#batchAt(step)),
    };
    for (const [name, { data }] of weights) feeds[name] = data;
    for (const { name, count } of this.#dropoutSites) {
      const random = randomStream(recipe.seed, stage.name, step, name);
      feeds[name] = dropoutMask(count, recipe.student.dropout, random);
    }
    return feeds;
  }

  /**
   * One step; with `learn` false the weights stay (to time it).
   * @returns the batch's loss before the step
   * @throws TrainingError 'diverged' when loss or gradients are not finite; the weights are then untouched
   */
  async step(step: number, learn = true): Promise<number> {
    const outputs = await this.#session.run(this.#feeds(step));
    const loss = outputs['loss']![0]!;
    const gradientOf = (name: string): Float32Array => outputs[`gradient:${name}`]!;
    const norm = AdamW.norm(this.#trained.map(gradientOf));
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const { stage } = this.#inputs;
      throw new TrainingError(
        'diverged',
        `stage "${stage.name}", step ${step + 1} of ${this.steps}: loss ${loss}, gradient norm ${norm}. ` +
          `Lower learningRate (${stage.learningRate}) or optimiser.clipNorm; the last good checkpoint is kept.`,
      );
    }
    if (learn) {
      this.optimiser.step(gradientOf, norm, rateAt(this.#inputs.stage, step, this.steps));
    }
    return loss;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
