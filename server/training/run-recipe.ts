/**
 * A recipe from its price to its products: what `parley train` and a training of the app both run.
 * Whoever calls says where files lie and which commit the engine is of.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embedded } from '../zoo/embedded-files.ts';
import { findReviewsFile } from '../zoo/imdb-reviews.ts';
import { loadModel } from '../zoo/registry.ts';
import { repositoryRoot } from '../zoo/root.ts';
import { distil } from './distillation/distil.ts';
import { priceDistillation } from './distillation/price.ts';
import { writeProduct, type Lineage } from './distillation/product.ts';
import { TrainingError } from './errors.ts';
import type { FitProgress } from './fit.ts';
import { loadFashionMnist } from './images.ts';
import { loadImdbRows } from './imdb-rows.ts';
import type { DistillationRecipe, Recipe } from './recipe.ts';
import { priceSearch } from './search/price.ts';
import { writeSearchProducts } from './search/product.ts';
import type { SearchRecipe } from './search/recipe.ts';
import { runSearch, type SearchResult } from './search/run-search.ts';
import type { SearchOptions } from './search/search.ts';
import type { PricedPhase } from './time-steps.ts';

export interface RecipePrice {
  readonly phases: readonly PricedPhase[];
  /** Null where it is a few percent and not counted. */
  readonly judgingSeconds: number | null;
  readonly totalSeconds: number;
}

export interface RecipeProgress extends FitProgress {
  /** Null where only the phase under way is known. */
  readonly secondsLeft: number | null;
}

export interface RecipeRun {
  /** Of checkpoints and, for a search, of products. */
  readonly folder: string;
  /** Where a distilled student goes; by default into `folder`, under the recipe's id. */
  readonly productFolder?: string;
  readonly dataFolder: string;
  /** Of the four files of Fashion-MNIST; by default where Debian puts them. */
  readonly fashionMnist?: string;
  readonly threads: number;
  readonly resume: boolean;
  readonly engineCommit: () => Promise<string>;
  /** `skip`: no price; `only`: nothing but the price. */
  readonly price: 'first' | 'skip' | 'only';
  readonly onPrice: (price: RecipePrice) => void;
  readonly onPoint: (point: RecipeProgress) => void;
  /** Ends the training after the step under way; products are made of what there is. */
  readonly signal: AbortSignal;
  /** Asked after an early end: true leaves the checkpoints and makes no product. */
  readonly isPaused?: () => boolean;
}

export type RecipeOutcome =
  | { readonly kind: 'priced' | 'paused' }
  | {
      readonly kind: 'distillation';
      readonly metrics: Lineage['metrics'];
      readonly folder: string;
    }
  | {
      readonly kind: 'attention-search';
      readonly result: SearchResult;
      readonly folder: string;
    };

const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

async function runDistillation(recipe: DistillationRecipe, run: RecipeRun): Promise<RecipeOutcome> {
  const { threads, folder } = run;
  const paused = (): boolean => run.signal.aborted && (run.isPaused?.() ?? false);
  const teacher = await loadModel(recipe.teacher);
  const teacherFolder = embedded('models', recipe.teacher);
  const tokenizerSha256 = sha256Of(join(teacherFolder, 'tokenizer.json'));
  const rows = loadImdbRows(teacher.tokenizer, tokenizerSha256, run.dataFolder);
  const inputs = { recipe, teacher, rows, threads };
  if (run.price !== 'skip') {
    const { stages, judgingSeconds, totalSeconds } = await priceDistillation(inputs);
    run.onPrice({ phases: stages, judgingSeconds, totalSeconds });
    if (run.price === 'only') return { kind: 'priced' };
  }
  const result = await distil({
    ...inputs,
    folder,
    resume: run.resume,
    signal: run.signal,
    onProgress: run.onPoint,
  }).catch((error: unknown) => {
    // Paused before the first validation: nothing to make, and nothing wrong.
    if (paused() && error instanceof TrainingError && error.kind === 'checkpoint') return null;
    throw error;
  });
  if (result === null || (result.cancelled && paused())) return { kind: 'paused' };
  const product = run.productFolder ?? join(folder, recipe.id);
  const { metrics } = await writeProduct({
    recipe,
    result,
    teacherFolder,
    teacherSha256: teacher.sha256,
    teacherWeights: teacher.tensors,
    dataSha256: sha256Of(findReviewsFile(repositoryRoot())!),
    heldOut: rows.heldOut,
    engineCommit: await run.engineCommit(),
    threads,
    folder: product,
    now: new Date(),
  });
  return { kind: 'distillation', metrics, folder: product };
}

async function runHeadSearch(recipe: SearchRecipe, run: RecipeRun): Promise<RecipeOutcome> {
  const { folder } = run;
  const inputs: SearchOptions = {
    recipe,
    images: loadFashionMnist(run.fashionMnist),
    threads: run.threads,
    folder,
    resume: run.resume,
    signal: run.signal,
    onPoint: (point) => run.onPoint({ ...point, secondsLeft: null }),
  };
  if (run.price !== 'skip') {
    const { phases, totalSeconds } = await priceSearch(inputs);
    run.onPrice({ phases, judgingSeconds: null, totalSeconds });
    if (run.price === 'only') return { kind: 'priced' };
  }
  const result = await runSearch(inputs);
  if (!result.finished && (run.isPaused?.() ?? false)) return { kind: 'paused' };
  writeSearchProducts(recipe, result, folder, await run.engineCommit(), new Date());
  return { kind: 'attention-search', result, folder: join(folder, 'models') };
}

/** @throws TrainingError, ZooError as its parts do; checkpoints on the disk stay whole */
export const runRecipe = (recipe: Recipe, run: RecipeRun): Promise<RecipeOutcome> =>
  recipe.kind === 'distillation' ? runDistillation(recipe, run) : runHeadSearch(recipe, run);
