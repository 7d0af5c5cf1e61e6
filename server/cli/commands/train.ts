/**
 * `parley train RECIPE`: price, training with its progress, product. Ctrl-C keeps the best checkpoint and
 * makes the product of it; a second one leaves at once, and `--resume` goes on from the last checkpoint.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataFolder } from '../../db/data-folder.ts';
import { readEnvironment } from '../../runs/environment.ts';
import { distil } from '../../training/distillation/distil.ts';
import type { DistillationInputs } from '../../training/distillation/prepare.ts';
import { priceDistillation } from '../../training/distillation/price.ts';
import { writeProduct } from '../../training/distillation/product.ts';
import type { FitProgress } from '../../training/fit.ts';
import { loadFashionMnist } from '../../training/images.ts';
import { loadImdbRows } from '../../training/imdb-rows.ts';
import { readRecipe, recipeHash, type DistillationRecipe } from '../../training/recipe.ts';
import { priceSearch } from '../../training/search/price.ts';
import { networkName, writeSearchProducts } from '../../training/search/product.ts';
import type { SearchRecipe } from '../../training/search/recipe.ts';
import { runSearch } from '../../training/search/run-search.ts';
import type { SearchOptions } from '../../training/search/search.ts';
import type { PricedPhase } from '../../training/time-steps.ts';
import { embedded } from '../../zoo/embedded-files.ts';
import { findReviewsFile } from '../../zoo/imdb-reviews.ts';
import { loadModel } from '../../zoo/registry.ts';
import { repositoryRoot } from '../../zoo/root.ts';
import { formatMs, formatTable } from '../format.ts';

export interface TrainOptions {
  /** Folder of checkpoints and product; default <data folder>/training/<recipe's id>. */
  readonly out?: string;
  readonly resume?: boolean;
  readonly threads: number;
  /** Print the price and stop. */
  readonly priceOnly?: boolean;
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
const duration = (seconds: number): string => formatMs(1000 * seconds);

function priceTable(
  phases: readonly PricedPhase[],
  judgingSeconds: number | null,
  totalSeconds: number,
): string {
  return formatTable([
    ...phases.map(({ name, steps, stepSeconds }): [string, string] => [
      name,
      `${steps} steps of ${duration(stepSeconds)}: ${duration(steps * stepSeconds)}`,
    ]),
    ...(judgingSeconds === null ? [] : [['judging', duration(judgingSeconds)] as const]),
    ['price', `about ${duration(totalSeconds)}, if the machine stays as busy as it is now`],
  ]);
}

function pointLine({ stage, step, ofSteps, loss, accuracy, bestAccuracy }: FitProgress): string {
  const best = percent(bestAccuracy ?? 0);
  const judged = accuracy === null ? '' : `  validation ${percent(accuracy)} (best ${best})`;
  return `  ${stage} ${step}/${ofSteps}  loss ${loss.toFixed(4)}${judged}`;
}

async function engineCommit(): Promise<string> {
  const { commit = 'unknown' } = await readEnvironment(null);
  return commit;
}

/** The first Ctrl-C ends the training in order, the second the process. */
function interruptible(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    console.error('  ending after this step; once more leaves at once');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

async function trainStudent(
  recipe: DistillationRecipe,
  options: TrainOptions,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { threads } = options;
  const teacher = await loadModel(recipe.teacher);
  const teacherFolder = embedded('models', recipe.teacher);
  const tokenizerSha256 = sha256Of(join(teacherFolder, 'tokenizer.json'));
  const rows = loadImdbRows(teacher.tokenizer, tokenizerSha256, dataFolder());
  const inputs: DistillationInputs = { recipe, teacher, rows, threads };
  const { stages, judgingSeconds, totalSeconds } = await priceDistillation(inputs);
  console.log(priceTable(stages, judgingSeconds, totalSeconds));
  if (options.priceOnly === true) return;
  const result = await distil({
    ...inputs,
    folder,
    resume: options.resume ?? false,
    signal,
    onProgress: (point) =>
      console.error(`${pointLine(point)}  ${duration(point.secondsLeft)} left`),
  });
  const product = join(folder, recipe.id);
  const { metrics } = await writeProduct({
    recipe,
    result,
    teacherFolder,
    teacherSha256: teacher.sha256,
    teacherWeights: teacher.tensors,
    dataSha256: sha256Of(findReviewsFile(repositoryRoot())!),
    heldOut: rows.heldOut,
    engineCommit: await engineCommit(),
    threads,
    folder: product,
    now: new Date(),
  });
  const { heldOutAccuracy, heldOutRows, teacherHeldOutAccuracy } = metrics;
  console.log(
    formatTable([
      ['best checkpoint', `${metrics.stage}, step ${metrics.step}`],
      ['validation', `${percent(metrics.validationAccuracy)} of ${metrics.validationRows}`],
      ['held out', `${percent(heldOutAccuracy)} of ${heldOutRows}`],
      ['teacher, held out', `${percent(teacherHeldOutAccuracy)} of ${heldOutRows}`],
      ['training', duration(metrics.trainingSeconds)],
      ['product', product],
    ]),
  );
}

async function searchHeads(
  recipe: SearchRecipe,
  options: TrainOptions,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const inputs: SearchOptions = {
    recipe,
    images: loadFashionMnist(process.env['PARLEY_FASHION_MNIST']),
    threads: options.threads,
    folder,
    resume: options.resume ?? false,
    signal,
    onPoint: (point) => console.error(pointLine(point)),
  };
  const { phases, totalSeconds } = await priceSearch(inputs);
  console.log(priceTable(phases, null, totalSeconds));
  if (options.priceOnly === true) return;
  const result = await runSearch(inputs);
  writeSearchProducts(recipe, result, folder, await engineCommit(), new Date());
  const rows = result.networks.map((network): [string, string] => [
    networkName(network),
    `test ${percent(network.testAccuracy)} of ${recipe.data.testRows}`,
  ]);
  const end = result.finished ? join(folder, 'models') : 'ended early; --resume goes on';
  console.log(formatTable([...rows, ['products', end]]));
}

/** Exit code 0 when a product was made, or the price printed. */
export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const recipe = readRecipe(file);
  const folder = resolve(options.out ?? join(dataFolder(), 'training', recipe.id));
  console.error(`  recipe ${recipe.id}, ${recipeHash(recipe).slice(0, 12)}, into ${folder}`);
  const { signal, stop } = interruptible();
  try {
    if (recipe.kind === 'distillation') await trainStudent(recipe, options, folder, signal);
    else await searchHeads(recipe, options, folder, signal);
    return 0;
  } finally {
    stop();
  }
}
