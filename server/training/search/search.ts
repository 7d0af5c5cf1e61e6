/** One phase of a search after another: each is trained, judged, and keeps its own checkpoints. */
import { join } from 'node:path';
import type { Tensor } from '../../zoo/safetensors.ts';
import type { CurvePoint } from '../checkpoint.ts';
import { batchSource, requireLearnable, stepsPerEpoch } from '../data.ts';
import { TrainingError } from '../errors.ts';
import { fit, type FitProgress } from '../fit.ts';
import { imageFeeds, imagesBetween, type ImageRows } from '../images.ts';
import type { VitLiteConfig } from '../models/vit-lite.ts';
import { randomStream } from '../random.ts';
import { recipeHash } from '../recipe.ts';
import { ImageJudge } from './image-judge.ts';
import {
  firstNetwork,
  networkConfig,
  trainingGraph,
  type LossOptions,
  type Weights,
} from './network.ts';
import { rounded } from './product.ts';
import type { SearchPhase, SearchRecipe } from './recipe.ts';

export interface SearchOptions {
  readonly recipe: SearchRecipe;
  readonly images: { readonly train: ImageRows; readonly test: ImageRows };
  readonly threads: number;
  readonly folder: string;
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  readonly onPoint?: (point: FitProgress) => void;
}

export interface SearchedNetwork {
  /** Fraction of heads with ReLU-softmax; null for the teacher. */
  readonly budget: number | null;
  readonly config: VitLiteConfig;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly testAccuracy: number;
  readonly curve: readonly CurvePoint[];
}

/** Steps of a phase: whole batches. */
export const phaseSteps = ({ data, batch }: SearchRecipe, { epochs }: SearchPhase): number =>
  Math.max(1, Math.round(epochs * stepsPerEpoch(data.trainRows, batch)));

/** Softmax in every head. */
export const teacherKinds = ({ network }: SearchRecipe): VitLiteConfig['attention'] =>
  Array.from({ length: network.layers }, () => Array(network.heads).fill('softmax') as 'softmax'[]);

export class Search {
  readonly #options: SearchOptions;
  readonly #train: ImageRows;
  readonly #validation: ImageRows;

  constructor(options: SearchOptions) {
    const { recipe, images } = options;
    const { trainRows, validationRows, testRows } = recipe.data;
    const count = images.train.labels.length;
    if (trainRows + validationRows > count || testRows > images.test.labels.length) {
      throw new TrainingError(
        'recipe',
        `data: ${trainRows} + ${validationRows} rows to train and validate and ${testRows} to test, ` +
          `there are ${count} and ${images.test.labels.length}.`,
      );
    }
    if (images.train.size % recipe.network.patchSize !== 0) {
      throw new TrainingError(
        'recipe',
        `network.patchSize ${recipe.network.patchSize} does not divide the images' ${images.train.size} pixels.`,
      );
    }
    this.#options = options;
    this.#train = imagesBetween(images.train, 0, trainRows);
    this.#validation = imagesBetween(images.train, count - validationRows, count);
    requireLearnable(this.#train.labels, recipe.batch, 'data.trainRows');
  }

  config(attention: VitLiteConfig['attention']): VitLiteConfig {
    return networkConfig(this.#options.recipe, this.#train.size, attention);
  }

  #feedsAt(phase: string): (step: number) => Record<string, Float32Array | BigInt64Array> {
    const { batch, seed, data, network } = this.#options.recipe;
    const batchAt = batchSource(data.trainRows, batch, seed, phase);
    return (step) => {
      const random = randomStream(seed, phase, step, 'augmentation');
      const how = { shift: data.shift, flip: data.flip };
      return imageFeeds(this.#train, batchAt(step), network.patchSize, { how, random });
    };
  }

  /** Trains in place; undefined where it was cancelled. */
  async train(
    name: string,
    phase: SearchPhase,
    config: VitLiteConfig,
    weights: Weights,
    loss: Omit<LossOptions, 'batch' | 'labelSmoothing'>,
  ): Promise<readonly CurvePoint[] | undefined> {
    const { recipe, threads, folder, resume, signal, onPoint } = this.#options;
    const { batch, labelSmoothing, optimiser, evaluateEvery } = recipe;
    const judge = await ImageJudge.open(config, loss.penalty !== undefined, threads);
    try {
      const { curve, finished } = await fit({
        name,
        ...trainingGraph(config, weights, { batch, labelSmoothing, ...loss }),
        weights,
        steps: phaseSteps(recipe, phase),
        schedule: phase,
        optimiser,
        feedsAt: this.#feedsAt(name),
        accuracy: () => judge.accuracy(weights, this.#validation, recipe.data.validationRows),
        evaluateEvery,
        threads,
        folder: join(folder, name),
        recipeHash: recipeHash(recipe),
        resume,
        ...(signal === undefined ? {} : { signal }),
        ...(onPoint === undefined ? {} : { onPoint }),
      });
      return finished ? curve : undefined;
    } finally {
      await judge.close();
    }
  }

  async tested(
    budget: number | null,
    config: VitLiteConfig,
    weights: Weights,
    curve: readonly CurvePoint[],
  ): Promise<SearchedNetwork> {
    const { recipe, images, threads } = this.#options;
    const judge = await ImageJudge.open(config, false, threads);
    // Of the weights that the product will hold.
    const testAccuracy = await judge.accuracy(
      rounded(weights).weights,
      images.test,
      recipe.data.testRows,
    );
    await judge.close();
    return { budget, config, weights, testAccuracy, curve };
  }

  /** The weights of a phase before its first step. */
  first(config: VitLiteConfig, phase: string): Weights {
    return firstNetwork(config, phase, this.#options.recipe.seed);
  }
}
