/**
 * The process that trains: it is told what by one message, says how it goes, and ends. A training that
 * takes all memory, or crashes in native code, takes nothing else with it; checkpoints lie on the disk.
 */
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { sharedFolder } from '../../db/data-folder.ts';
import { parseRecipe } from '../../training/recipe.ts';
import { runRecipe, type RecipeOutcome } from '../../training/run-recipe.ts';
import { networkName } from '../../training/search/product.ts';
import { readEnvironment } from '../environment.ts';
import type { TrainingProduct } from '../../api/schemas/training.ts';
import type { TrainCommand, TrainMessage } from './messages.ts';

const stop = new AbortController();
let paused = false;
const say = (message: TrainMessage): void => {
  process.send?.(message);
};

async function engineCommit(): Promise<string> {
  const { commit = 'unknown' } = await readEnvironment(null);
  return commit;
}

function productOf(outcome: RecipeOutcome, id: string, testRows: number): TrainingProduct | null {
  if (outcome.kind === 'distillation') {
    const { heldOutAccuracy: accuracy, heldOutRows: n, finished } = outcome.metrics;
    return { models: [{ id, name: id, accuracy, n }], finished };
  }
  if (outcome.kind !== 'attention-search') return null;
  const { networks, finished } = outcome.result;
  const models = networks.map((network) => ({
    id: null,
    name: networkName(network),
    accuracy: network.testAccuracy,
    n: testRows,
  }));
  return { models, finished };
}

async function train({ recipe: written, folder, price }: TrainCommand): Promise<void> {
  const recipe = parseRecipe(written, 'recipe');
  const fashionMnist = process.env['PARLEY_FASHION_MNIST'];
  const outcome = await runRecipe(recipe, {
    folder,
    productFolder: join(sharedFolder(), 'models', recipe.id),
    dataFolder: sharedFolder(),
    ...(fashionMnist === undefined ? {} : { fashionMnist }),
    threads: 1,
    resume: true,
    engineCommit,
    price,
    onPrice: ({ phases, judgingSeconds, totalSeconds }) =>
      say({ type: 'price', price: { phases: [...phases], judgingSeconds, totalSeconds } }),
    onPoint: (point) => say({ type: 'point', point }),
    signal: stop.signal,
    isPaused: () => paused,
  });
  const testRows = recipe.kind === 'attention-search' ? recipe.data.testRows : 0;
  say({ type: 'ended', product: productOf(outcome, recipe.id, testRows) });
}

process.on('message', (message: TrainCommand | 'pause' | 'finish') => {
  if (message === 'pause' || message === 'finish') {
    paused ||= message === 'pause';
    stop.abort();
    return;
  }
  train(message)
    .catch((error: unknown) =>
      say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => process.disconnect());
});
// Nobody is left to tell: the last checkpoint is what the next attempt goes on from.
process.on('disconnect', () => process.exit(0));
// Pages and parties come first on a machine with few cores.
setPriority(10);
