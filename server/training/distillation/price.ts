/** What a distillation would take on this machine, as busy as it is now, from a few timed steps. */
import { Judge } from './judge.ts';
import { judgingBatch, prepare, type DistillationInputs } from './prepare.ts';
import { StageRun } from './stage-run.ts';

export interface Price {
  /** One step of each stage, the median of three. */
  readonly stages: readonly { stage: string; steps: number; stepSeconds: number }[];
  readonly judgingSeconds: number;
  readonly totalSeconds: number;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Times three steps of each stage, after one to warm up, and the judging of a few rows. */
export async function priceDistillation(inputs: DistillationInputs): Promise<Price> {
  const { recipe, rows, threads } = inputs;
  const { student, weights, inputsOf } = prepare(inputs);
  const stages: { stage: string; steps: number; stepSeconds: number }[] = [];
  for (const [index, { name: stage }] of recipe.stages.entries()) {
    const run = await StageRun.open(inputsOf(index));
    try {
      await run.step(0, false);
      const times: number[] = [];
      for (let repeat = 0; repeat < 3; repeat += 1) {
        times.push(await timed(() => run.step(repeat, false)));
      }
      stages.push({ stage, steps: run.steps, stepSeconds: middle(times) });
    } finally {
      await run.close();
    }
  }
  const { validationRows, heldOutRows } = recipe.data;
  const sample = Math.min(2 * judgingBatch, validationRows);
  const judge = await Judge.open(student, weights, judgingBatch, threads);
  const perRow = (await timed(() => judge.accuracy(weights, rows.validation, sample))) / sample;
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
