/**
 * One training loop: a loss's graph, batches, a schedule, and a judge. It goes on where its last
 * checkpoint was taken, and keeps the best by validation accuracy.
 */
import type { Tensor } from '../zoo/safetensors.ts';
import { readCheckpoint, writeCheckpoint, type CurvePoint, type Place } from './checkpoint.ts';
import { TrainingError } from './errors.ts';
import type { Graph } from './graph/graph.ts';
import { AdamW, type AdamOptions } from './optimiser.ts';
import { rateAt, type Schedule } from './schedule.ts';
import { TrainingSession, type Feeds } from './session.ts';

/** Steps between two reports. */
const reportEvery = 20;
/** A report saves when the checkpoint before is older, so that a killed training loses little. */
const checkpointMs = 60_000;

export interface Fit {
  /** Name in curves and messages. */
  readonly name: string;
  /** Outputs `loss`, and `gradient:<name>` for each trained weight. */
  readonly graph: Graph;
  readonly trained: readonly string[];
  /** Changed in place. */
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly optimiser: AdamOptions;
  /** Everything but the weights. */
  readonly feedsAt: (step: number) => Feeds;
  readonly accuracy: () => Promise<number>;
  readonly evaluateEvery: number;
  readonly threads: number;
  /** Of checkpoints; the recipe's hash guards them. */
  readonly folder: string;
  readonly recipeHash: string;
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  readonly onPoint?: (point: CurvePoint, ofSteps: number) => void;
}

export interface Fitted {
  readonly curve: readonly CurvePoint[];
  readonly bestAccuracy: number;
  /** False where it was cancelled first; the weights are then those of the last step. */
  readonly finished: boolean;
}

export async function fit(options: Fit): Promise<Fitted> {
  const { name, weights, trained, folder, steps } = options;
  const stopped = (): boolean => options.signal?.aborted ?? false;
  const last = options.resume ? readCheckpoint(folder, 'last', options.recipeHash) : undefined;
  for (const [key, { data }] of last?.weights ?? []) weights.get(key)?.data.set(data);
  const curve: CurvePoint[] = [...(last?.place.curve ?? [])];
  const before = curve.at(-1)?.seconds ?? 0;
  let best = last?.place.bestAccuracy ?? -1;
  let step = last?.place.step ?? 0;
  if (step >= steps) return { curve, bestAccuracy: best, finished: true };

  const parameters = trained.map((key) => ({ name: key, ...weights.get(key)!, rateFactor: 1 }));
  const adam = new AdamW(parameters, options.optimiser);
  if (last !== undefined) adam.restore(last.place.optimiserSteps, last.moments);
  const started = performance.now();
  let savedAt = started;
  const placeAt = (optimiserSteps: number): Place => ({
    recipeHash: options.recipeHash,
    stage: 0,
    step,
    optimiserSteps,
    bestAccuracy: best,
    curve,
  });
  const session = await TrainingSession.open(options.graph, options.threads);
  try {
    let losses: number[] = [];
    while (step < steps && !stopped()) {
      losses.push(await trainStep(options, session, adam, step));
      step += 1;
      const judged = step === steps || step % options.evaluateEvery === 0;
      const stopping = stopped();
      if (!judged && !stopping && step % reportEvery !== 0) continue;
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      losses = [];
      const accuracy = judged ? await options.accuracy() : null;
      const seconds = before + (performance.now() - started) / 1000;
      const point = { stage: name, step, loss, accuracy, seconds };
      curve.push(point);
      if (accuracy !== null && accuracy > best) {
        best = accuracy;
        writeCheckpoint(folder, 'best', { place: placeAt(0), weights, moments: new Map() });
      }
      if (judged || stopping || performance.now() - savedAt >= checkpointMs) {
        const { steps: optimiserSteps, tensors: moments } = adam.state();
        writeCheckpoint(folder, 'last', { place: placeAt(optimiserSteps), weights, moments });
        savedAt = performance.now();
      }
      options.onPoint?.(point, steps);
    }
  } finally {
    await session.close();
  }
  return { curve, bestAccuracy: best, finished: step === steps };
}

/**
 * One step down the gradients; returns the loss before it.
 * @throws TrainingError 'diverged' when loss or gradients are not finite; the weights are then untouched
 */
async function trainStep(
  { name, trained, weights, feedsAt, schedule, steps }: Fit,
  session: TrainingSession,
  adam: AdamW,
  step: number,
): Promise<number> {
  const feeds: Record<string, Float32Array | BigInt64Array> = { ...feedsAt(step) };
  for (const [key, { data }] of weights) feeds[key] = data;
  const outputs = await session.run(feeds);
  const loss = outputs['loss']![0]!;
  const gradientOf = (key: string): Float32Array => outputs[`gradient:${key}`]!;
  const norm = AdamW.norm(trained.map(gradientOf));
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
    throw new TrainingError(
      'diverged',
      `"${name}", step ${step + 1} of ${steps}: loss ${loss}, gradient norm ${norm}. ` +
        `Lower learningRate (${schedule.learningRate}); the last good checkpoint is kept.`,
    );
  }
  adam.step(gradientOf, norm, rateAt(schedule, step, steps));
  return loss;
}
