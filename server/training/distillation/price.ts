/** What a distillation would take on this machine, as busy as it is now, from a few timed steps. */
import { withWeights } from '../fit.ts';
import { timeStep, type PricedPhase } from '../time-steps.ts';
import { Judge } from './judge.ts';
import { judgingBatch, prepare, type DistillationInputs } from './prepare.ts';
import { stageRun } from './stage-run.ts';

export interface Price {
  readonly stages: readonly PricedPhase[];
  readonly judgingSeconds: number;
  readonly totalSeconds: number;
}

/** Times the steps of each stage, and the judging of a few rows. */
export async function priceDistillation(inputs: DistillationInputs): Promise<Price> {
  const { recipe, rows, threads } = inputs;
  const prepared = prepare(inputs);
  const { student, weights } = prepared;
  const stages: PricedPhase[] = [];
  for (const stage of recipe.stages) {
    const { graph, steps, feedsAt } = stageRun(recipe, stage, prepared, rows.train);
    const stepSeconds = await timeStep(graph, withWeights(feedsAt(0), weights), threads);
    stages.push({ name: stage.name, steps, stepSeconds });
  }
  const { validationRows, heldOutRows } = recipe.data;
  const sample = Math.min(2 * judgingBatch, validationRows);
  const judge = await Judge.open(student, weights, judgingBatch, threads);
  const start = performance.now();
  await judge.accuracy(weights, rows.validation, sample);
  const perRow = (performance.now() - start) / 1000 / sample;
  await judge.close();
  const judgements = stages.reduce(
    (sum, { steps }) => sum + Math.ceil(steps / recipe.evaluateEvery),
    0,
  );
  // The held-out rows are judged twice at the end: student and teacher.
  const judgingSeconds = perRow * (judgements * validationRows + 2 * heldOutRows);
  const training = stages.reduce((sum, { steps, stepSeconds }) => sum + steps * stepSeconds, 0);
  return { stages, judgingSeconds, totalSeconds: training + judgingSeconds };
}
