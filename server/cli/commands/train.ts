/**
 * `parley train RECIPE`: price, training with its progress, product. Ctrl-C keeps the best checkpoint and
 * makes the product of it; a second one leaves at once, and `--resume` goes on from the last checkpoint.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataFolder } from '../../db/data-folder.ts';
import { readEnvironment } from '../../runs/environment.ts';
import { distil, type Progress } from '../../training/distillation/distil.ts';
import type { DistillationInputs } from '../../training/distillation/prepare.ts';
import { priceDistillation, type Price } from '../../training/distillation/price.ts';
import { writeProduct } from '../../training/distillation/product.ts';
import { loadImdbRows } from '../../training/imdb-rows.ts';
import { readRecipe, recipeHash } from '../../training/recipe.ts';
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

function priceTable({ stages, judgingSeconds, totalSeconds }: Price): string {
  return formatTable([
    ...stages.map(({ stage, steps, stepSeconds }): [string, string] => [
      `stage ${stage}`,
      `${steps} steps of ${duration(stepSeconds)}: ${duration(steps * stepSeconds)}`,
    ]),
    ['judging', duration(judgingSeconds)],
    ['price', `about ${duration(totalSeconds)}, if the machine stays as busy as it is now`],
  ]);
}

function progressLine(progress: Progress): string {
  const { stage, step, ofSteps, loss, accuracy, bestAccuracy, secondsLeft } = progress;
  const judged =
    accuracy === null
      ? ''
      : `  validation ${percent(accuracy)} (best ${percent(bestAccuracy ?? 0)})`;
  return `  ${stage} ${step}/${ofSteps}  loss ${loss.toFixed(4)}${judged}  ${duration(secondsLeft)} left`;
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

/** Exit code 0 when a product was made, or the price printed. */
export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const recipe = readRecipe(file);
  const { threads } = options;
  const folder = resolve(options.out ?? join(dataFolder(), 'training', recipe.id));
  const teacher = await loadModel(recipe.teacher);
  const teacherFolder = embedded('models', recipe.teacher);
  const tokenizerSha256 = sha256Of(join(teacherFolder, 'tokenizer.json'));
  const rows = loadImdbRows(teacher.tokenizer, tokenizerSha256, dataFolder());
  console.error(`  recipe ${recipe.id}, ${recipeHash(recipe).slice(0, 12)}, into ${folder}`);
  const { signal, stop } = interruptible();
  try {
    const inputs: DistillationInputs = { recipe, teacher, rows, threads };
    console.log(priceTable(await priceDistillation(inputs)));
    if (options.priceOnly === true) return 0;
    const result = await distil({
      ...inputs,
      folder,
      resume: options.resume ?? false,
      signal,
      onProgress: (progress) => console.error(progressLine(progress)),
    });
    const { commit = 'unknown' } = await readEnvironment(null);
    const product = join(folder, recipe.id);
    const { metrics } = await writeProduct({
      recipe,
      result,
      teacherFolder,
      teacherSha256: teacher.sha256,
      teacherWeights: teacher.tensors,
      dataSha256: sha256Of(findReviewsFile(repositoryRoot())!),
      heldOut: rows.heldOut,
      engineCommit: commit,
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
    return 0;
  } finally {
    stop();
  }
}
