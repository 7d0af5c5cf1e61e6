/** What a search would take on this machine, as busy as it is now, from a few timed steps. */
import { withWeights } from '../fit.ts';
import { imageFeeds } from '../images.ts';
import { timeStep, type PricedPhase } from '../time-steps.ts';
import { addAlphas, trainingGraph, type LossOptions, type Weights } from './network.ts';
import type { SearchPhase, SearchRecipe } from './recipe.ts';
import { phaseSteps, Search, teacherKinds, type SearchOptions } from './search.ts';

export interface SearchPrice {
  /** The retrainings of all budgets are one row. */
  readonly phases: readonly PricedPhase[];
  /** Without the judging, which is a few percent. */
  readonly totalSeconds: number;
}

interface PhaseToPrice {
  readonly name: string;
  readonly phase: SearchPhase;
  readonly times: number;
  readonly weights: Weights;
  readonly loss: Omit<LossOptions, 'batch' | 'labelSmoothing'>;
}

function phasesToPrice(recipe: SearchRecipe, search: Search): PhaseToPrice[] {
  const config = search.config(teacherKinds(recipe));
  const weights = search.first(config, 'teacher');
  const withAlphas = new Map(weights);
  addAlphas(withAlphas, config);
  const { logits, tokens } = recipe.retrain;
  const teacher = { config, weights, logits, tokens };
  const searches = recipe.heads === 'search' && recipe.budgets.length > 0 ? 1 : 0;
  const { penalty } = recipe.search;
  return [
    { name: 'teacher', phase: recipe.teacher, times: 1, weights, loss: {} },
    {
      name: 'search',
      phase: recipe.search,
      times: searches,
      weights: withAlphas,
      loss: { penalty },
    },
    {
      name: 'retraining',
      phase: recipe.retrain,
      times: recipe.budgets.length,
      weights,
      loss: logits + tokens > 0 ? { teacher } : {},
    },
  ];
}

/** Times the steps of each kind. */
export async function priceSearch(options: SearchOptions): Promise<SearchPrice> {
  const { recipe, threads, images } = options;
  const { batch, labelSmoothing, network } = recipe;
  const search = new Search(options);
  const config = search.config(teacherKinds(recipe));
  const rows = Array.from({ length: batch }, (_, row) => row);
  const feeds = imageFeeds(images.train, rows, network.patchSize);
  const phases: PricedPhase[] = [];
  for (const { name, phase, times, weights, loss } of phasesToPrice(recipe, search)) {
    const { graph } = trainingGraph(config, weights, { batch, labelSmoothing, ...loss });
    if (times === 0) continue;
    const stepSeconds = await timeStep(graph, withWeights(feeds, weights), threads);
    phases.push({ name, steps: times * phaseSteps(recipe, phase), stepSeconds });
  }
  const totalSeconds = phases.reduce((sum, { steps, stepSeconds }) => sum + steps * stepSeconds, 0);
  return { phases, totalSeconds };
}
