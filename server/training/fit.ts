/**
 * The one training loop: a loss's graph, batches, a schedule, and a judge. It goes on where its last
 * checkpoint was taken, keeps the best by validation accuracy, and stops when the loss leaves all bounds.
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
/** A training whose loss, over one report, grew to this multiple of its lowest is given up. */
const divergenceFactor = 10;

/** A graph that can be trained: outputs `loss`, and `gradient:<name>` for each weight that it changes. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly trained: readonly string[];
}

export interface Fit extends TrainingGraph {
  /** Name in curves and messages. */
  readonly name: string;
  /** Changed in place. */
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly optimiser: AdamOptions;
  /** A weight's step size is the schedule's times this; 1 where absent. */
  readonly rateFactorOf?: (name: string) => number;
  /** Everything but the weights. */
  readonly feedsAt: (step: number) => Feeds;
  /** Fraction right on the validation rows, of the weights as they are. */
  readonly accuracy: () => Promise<number>;
  readonly evaluateEvery: number;
  readonly threads: number;
  /** Of checkpoints; the recipe's hash guards them. */
  readonly folder: string;
  readonly recipeHash: string;
  /** Goes on from the last checkpoint, where there is one. */
  readonly resume: boolean;
  /** Ends the training after the step under way. */
  readonly signal?: AbortSignal;
  readonly onPoint?: (point: FitProgress) => void;
}

export interface FitProgress extends CurvePoint {
  readonly ofSteps: number;
  readonly bestAccuracy: number | null;
  /** Seconds of one step in this sitting, its share of the judging included. */
  readonly secondsPerStep: number;
}

export interface Fitted {
  readonly curve: readonly CurvePoint[];
  /** Null where no validation was reached. */
  readonly bestAccuracy: number | null;
  /** False where it was cancelled first; the weights are then those of the last step. */
  readonly finished: boolean;
}

/**
 * @throws TrainingError 'diverged' with the step; 'checkpoint' when a file cannot be written or belongs to
 *   another recipe. The checkpoints on the disk are whole in every case.
 */
export async function fit(options: Fit): Promise<Fitted> {
  const { name, weights, trained, folder, steps, rateFactorOf = () => 1 } = options;
  const stopped = (): boolean => options.signal?.aborted ?? false;
  const last = options.resume ? readCheckpoint(folder, 'last', options.recipeHash) : undefined;
  for (const [key, { data }] of last?.weights ?? []) weights.get(key)?.data.set(data);
  const curve: CurvePoint[] = [...(last?.place.curve ?? [])];
  let best = last?.place.bestAccuracy ?? null;
  let step = last?.place.step ?? 0;
  if (step >= steps) return { curve, bestAccuracy: best, finished: true };

  const adam = new AdamW(
    trained.map((key) => ({ name: key, ...weights.get(key)!, rateFactor: rateFactorOf(key) })),
    options.optimiser,
  );
  if (last !== undefined) adam.restore(last.place.optimiserSteps, last.moments);
  const secondsBefore = curve.at(-1)?.seconds ?? 0;
  const firstStep = step;
  const started = performance.now();
  let savedAt = started;
  const place = (optimiserSteps: number): Place => ({
    recipeHash: options.recipeHash,
    step,
    optimiserSteps,
    bestAccuracy: best,
    curve,
  });
  const session = await TrainingSession.open(options.graph, options.threads);
  try {
    let losses: number[] = [];
    let lowest = Infinity;
    while (step < steps && !stopped()) {
      losses.push(await trainStep(options, session, adam, step));
      step += 1;
      const judged = step === steps || step % options.evaluateEvery === 0;
      const stopping = stopped();
      if (!judged && !stopping && step % reportEvery !== 0) continue;
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      losses = [];
      requireBounded(options, loss, lowest, step);
      lowest = Math.min(lowest, loss);
      const accuracy = judged ? await options.accuracy() : null;
      const seconds = (performance.now() - started) / 1000;
      const point = { stage: name, step, loss, accuracy, seconds: secondsBefore + seconds };
      curve.push(point);
      if (accuracy !== null && accuracy > (best ?? -1)) {
        best = accuracy;
        writeCheckpoint(folder, 'best', { place: place(0), weights, moments: new Map() });
      }
      if (judged || stopping || performance.now() - savedAt >= checkpointMs) {
        const { steps: optimiserSteps, tensors: moments } = adam.state();
        writeCheckpoint(folder, 'last', { place: place(optimiserSteps), weights, moments });
        savedAt = performance.now();
      }
      const secondsPerStep = seconds / (step - firstStep);
      options.onPoint?.({ ...point, ofSteps: steps, bestAccuracy: best, secondsPerStep });
    }
  } finally {
    await session.close();
  }
  return { curve, bestAccuracy: best, finished: step === steps };
}

/** The weights join what is fed. */
export function withWeights(
  feeds: Feeds,
  weights: ReadonlyMap<string, Tensor>,
): Record<string, Float32Array | BigInt64Array> {
  const all: Record<string, Float32Array | BigInt64Array> = { ...feeds };
  for (const [name, { data }] of weights) all[name] = data;
  return all;
}

function requireBounded(
  { name, steps, schedule }: Fit,
  loss: number,
  lowest: number,
  step: number,
): void {
  if (loss <= divergenceFactor * lowest) return;
  throw new TrainingError(
    'diverged',
    `"${name}", step ${step} of ${steps}: loss ${loss.toPrecision(4)} is over ${divergenceFactor} times ` +
      `its lowest, ${lowest.toPrecision(4)}. Lower learningRate (${schedule.learningRate}); the last good checkpoint is kept.`,
  );
}

/** One step down the gradients; returns the loss before it. Weights are untouched when it is no number. */
async function trainStep(
  { name, trained, weights, feedsAt, schedule, steps }: Fit,
  session: TrainingSession,
  adam: AdamW,
  step: number,
): Promise<number> {
  const outputs = await session.run(withWeights(feedsAt(step), weights));
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
