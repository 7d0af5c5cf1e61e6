/** A stage as the training loop wants it: its graph, its number of steps, and what each step is fed. */
import { batchSource, stepsPerEpoch, tokenFeeds, type TokenRows } from '../data.ts';
import { dropoutMask, randomStream } from '../random.ts';
import type { DistillationRecipe, Stage } from '../recipe.ts';
import type { Feeds } from '../session.ts';
import { stageGraph, type StageGraph } from './stage-graph.ts';
import type { Prepared } from './prepare.ts';

/** The pooler and the classifier: what stands on the encoder. */
export const isHead = (name: string): boolean => /^(bert\.pooler|classifier)\./.test(name);

export function stageSteps(recipe: DistillationRecipe, stage: Stage): number {
  const perEpoch = stepsPerEpoch(recipe.data.trainRows, recipe.batch);
  return Math.max(1, Math.round(stage.epochs * perEpoch));
}

export interface StageRun extends StageGraph {
  readonly steps: number;
  readonly feedsAt: (step: number) => Feeds;
}

/** The rows, and where the student drops out the masks, depend on seed, stage and step alone. */
export function stageRun(
  recipe: DistillationRecipe,
  stage: Stage,
  { student, weights, teacherWeights }: Prepared,
  rows: TokenRows,
): StageRun {
  const { batch, seed } = recipe;
  const { dropout } = recipe.student;
  const built = stageGraph(student, weights, teacherWeights, stage, batch, dropout);
  const batchAt = batchSource(recipe.data.trainRows, batch, seed, stage.name);
  const feedsAt = (step: number): Feeds => {
    const masks = built.dropoutSites.map(({ name, count }) => {
      const random = randomStream(seed, stage.name, step, name);
      return [name, dropoutMask(count, dropout, random)] as const;
    });
    return { ...tokenFeeds(rows, batchAt(step)), ...Object.fromEntries(masks) };
  };
  return { ...built, steps: stageSteps(recipe, stage), feedsAt };
}
