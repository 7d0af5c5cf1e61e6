/** The learning rate at each step: a linear warm-up, then constant, linear to zero, or half a cosine. */

export type ScheduleShape = 'constant' | 'linear' | 'cosine';

export interface Schedule {
  readonly schedule: ScheduleShape;
  /** The highest rate. */
  readonly learningRate: number;
  /** Fraction of the steps over which the rate rises to it. */
  readonly warmUp: number;
  /** Where linear and cosine end, as a fraction of the highest rate. */
  readonly floor: number;
}

/** The rate at `step`, counted from 0, of `steps`. Never 0 at the first step. */
export function rateAt(
  { schedule, learningRate, warmUp, floor }: Schedule,
  step: number,
  steps: number,
): number {
  const rising = Math.floor(warmUp * steps);
  if (step < rising) return (learningRate * (step + 1)) / rising;
  if (schedule === 'constant') return learningRate;
  const done = steps === rising ? 0 : (step - rising) / (steps - rising);
  const left = schedule === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
  return learningRate * (floor + (1 - floor) * left);
}
