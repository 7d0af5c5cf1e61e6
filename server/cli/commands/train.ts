/**
 * `parley train RECIPE`: price, training with its progress, product. Ctrl-C keeps the best checkpoint and
 * makes the product of it; a second one leaves at once, and `--resume` goes on from the last checkpoint.
 */
import { join, resolve } from 'node:path';
import { sharedFolder } from '../../db/data-folder.ts';
import { readEnvironment } from '../../runs/environment.ts';
import type { FitProgress } from '../../training/fit.ts';
import { readRecipe, recipeHash, type Recipe } from '../../training/recipe.ts';
import { runRecipe, type RecipeOutcome } from '../../training/run-recipe.ts';
import { networkName } from '../../training/search/product.ts';
import type { PricedPhase } from '../../training/time-steps.ts';
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

function outcomeTable(recipe: Recipe, outcome: RecipeOutcome): string {
  if (outcome.kind === 'distillation') {
    const { metrics, folder } = outcome;
    return formatTable([
      ['best checkpoint', `${metrics.stage}, step ${metrics.step}`],
      ['validation', `${percent(metrics.validationAccuracy)} of ${metrics.validationRows}`],
      ['held out', `${percent(metrics.heldOutAccuracy)} of ${metrics.heldOutRows}`],
      ['teacher, held out', `${percent(metrics.teacherHeldOutAccuracy)} of ${metrics.heldOutRows}`],
      ['training', duration(metrics.trainingSeconds)],
      ['product', folder],
    ]);
  }
  if (outcome.kind !== 'attention-search' || recipe.kind !== 'attention-search') return '';
  const { result, folder } = outcome;
  return formatTable([
    ...result.networks.map((network): [string, string] => [
      networkName(network),
      `test ${percent(network.testAccuracy)} of ${recipe.data.testRows}`,
    ]),
    ['products', result.finished ? folder : 'ended early; --resume goes on'],
  ]);
}

/** Exit code 0 when a product was made, or the price printed. */
export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const recipe = readRecipe(file);
  const folder = resolve(options.out ?? join(sharedFolder(), 'training', recipe.id));
  console.error(`  recipe ${recipe.id}, ${recipeHash(recipe).slice(0, 12)}, into ${folder}`);
  const { signal, stop } = interruptible();
  const fashionMnist = process.env['PARLEY_FASHION_MNIST'];
  try {
    const outcome = await runRecipe(recipe, {
      folder,
      dataFolder: sharedFolder(),
      ...(fashionMnist === undefined ? {} : { fashionMnist }),
      threads: options.threads,
      resume: options.resume ?? false,
      engineCommit,
      price: options.priceOnly === true ? 'only' : 'first',
      onPrice: ({ phases, judgingSeconds, totalSeconds }) =>
        console.log(priceTable(phases, judgingSeconds, totalSeconds)),
      onPoint: (point) => {
        const left = point.secondsLeft === null ? '' : `  ${duration(point.secondsLeft)} left`;
        console.error(pointLine(point) + left);
      },
      signal,
    });
    if (outcome.kind !== 'priced') console.log(outcomeTable(recipe, outcome));
    return 0;
  } finally {
    stop();
  }
}
