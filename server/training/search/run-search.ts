/**
 * MPCViT's attention search: a teacher with softmax everywhere, a search with one alpha per head, and for
 * every budget a network with the chosen heads, trained from new weights and taught by the teacher.
 *
 * Each phase keeps its own checkpoints; a search that was killed goes on within the phase it was in.
 */
import { binarise, randomAlphas, type HeadAlphas } from './binarise.ts';
import { addAlphas, alphasOf } from './network.ts';
import { Search, teacherKinds, type SearchedNetwork, type SearchOptions } from './search.ts';

export interface SearchResult {
  readonly alphas: HeadAlphas;
  readonly networks: readonly SearchedNetwork[];
  /** False where it was cancelled; the networks are then those that were finished. */
  readonly finished: boolean;
}

/**
 * @throws TrainingError as `fit` does, or where recipe and images do not fit
 */
export async function runSearch(options: SearchOptions): Promise<SearchResult> {
  const { recipe } = options;
  const search = new Search(options);
  const networks: SearchedNetwork[] = [];
  const config = search.config(teacherKinds(recipe));
  const teacherWeights = search.first(config, 'teacher');
  const taught = await search.train('teacher', recipe.teacher, config, teacherWeights, {});
  if (taught === undefined) return { alphas: [], networks, finished: false };
  networks.push(await search.tested(null, config, teacherWeights, taught));

  let alphas = randomAlphas(config.layers, config.heads, recipe.seed);
  if (recipe.budgets.length === 0) return { alphas: [], networks, finished: true };
  if (recipe.heads === 'search') {
    const weights = search.first(config, 'search');
    addAlphas(weights, config);
    const { penalty } = recipe.search;
    const searched = await search.train('search', recipe.search, config, weights, { penalty });
    if (searched === undefined) return { alphas: [], networks, finished: false };
    alphas = alphasOf(weights, config);
  }

  const { logits, tokens } = recipe.retrain;
  for (const budget of recipe.budgets) {
    const kinds = binarise(alphas, budget);
    const own = search.config(kinds);
    const name = `budget-${budget}`;
    const weights = search.first(own, name);
    const teacher = { config, weights: teacherWeights, logits, tokens };
    const loss = logits + tokens > 0 ? { teacher } : {};
    const curve = await search.train(name, recipe.retrain, own, weights, loss);
    if (curve === undefined) return { alphas, networks, finished: false };
    networks.push(await search.tested(budget, own, weights, curve));
  }
  return { alphas, networks, finished: true };
}
