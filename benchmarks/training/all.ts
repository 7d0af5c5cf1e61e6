/**
 * The whole training set, one recipe after another: `node benchmarks/training/all.ts [--price-only]`.
 * Prices of all are taken and added up before the first one starts. A training that was killed goes on
 * from its checkpoint, one that has its product is left out, so the same command resumes the set.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainCommand } from '../../server/cli/commands/train.ts';
import { formatMs } from '../../server/cli/format.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { readRecipe, type Recipe } from '../../server/training/recipe.ts';
import { runRecipe } from '../../server/training/run-recipe.ts';

/** In order of worth: a set that is cut short has made what matters first. */
const recipes = [
  'minilm-2l-imdb-quad-2quad',
  'minilm-2l-imdb-quad-2relu',
  'minilm-2l-imdb-quad-2quad-no-distillation',
  'minilm-2l-imdb-quad-2quad-random-init',
  'minilm-2l-imdb-quad-2quad-scratch',
  'vit-micro-fmnist',
  'vit-micro-fmnist-search',
  'vit-micro-fmnist-random-heads',
];
const { values } = parseArgs({
  options: { 'price-only': { type: 'boolean', default: false } },
});

const fileOf = (id: string): string => join(import.meta.dirname, 'recipes', `${id}.json`);
const folderOf = (id: string): string => join(dataFolder(), 'training', id);
/** Weights are written last; a search is whole with the network of its last budget. */
function isMade(recipe: Recipe): boolean {
  const { id } = recipe;
  if (recipe.kind === 'distillation') {
    return existsSync(join(folderOf(id), id, 'model.safetensors'));
  }
  const budget = recipe.budgets.at(-1);
  const last = budget === undefined ? 'teacher' : `budget-${budget}`;
  return existsSync(join(folderOf(id), 'models', last, 'model.safetensors'));
}

const open = recipes.filter((id) => !isMade(readRecipe(fileOf(id))));
let totalSeconds = 0;
for (const id of open) {
  await runRecipe(readRecipe(fileOf(id)), {
    folder: folderOf(id),
    dataFolder: dataFolder(),
    threads: 1,
    resume: true,
    engineCommit: () => Promise.resolve('unknown'),
    price: 'only',
    onPrice: (price) => {
      totalSeconds += price.totalSeconds;
      console.log(`${id}: about ${formatMs(1000 * price.totalSeconds)}`);
    },
    onPoint: () => {},
    signal: new AbortController().signal,
  });
}
console.log(`${open.length} of ${recipes.length} to train, about ${formatMs(1000 * totalSeconds)}`);
if (!values['price-only']) {
  for (const id of open) await trainCommand(fileOf(id), { threads: 1, resume: true });
}
