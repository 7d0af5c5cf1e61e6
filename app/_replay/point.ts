/** A network as the what-if moves it: round trip and rate; the rest is the run's own. */
import { replayArtifact, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { mostResidual } from '../../server/network/replay/residual.ts';

/** The file of a run that has a recording. */
export const replayArtifactName = replayArtifact;

export interface Point {
  readonly rttMs: number;
  readonly bitsPerSecond: number;
}

/** More off than that at the run's own network, and nothing is said about others. */
export { mostResidual };

export const isLocked = ({ residual }: Pick<ReplayFile, 'residual'>): boolean =>
  !(Math.abs(residual.share) <= mostResidual);

/** What the sliders reach. */
export const pointRange = {
  rttMs: { low: 0.05, high: 500 },
  bitsPerSecond: { low: 1e6, high: 1e11 },
} as const;

export { askedLink } from '../../server/network/replay/what-if.ts';

/** Where the sliders stand at first: the run's own network, as far as they reach. */
export function ownPoint({ link }: Pick<ReplayFile, 'link'>): Point {
  const { rttMs, bitsPerSecond } = pointRange;
  const within = (value: number, { low, high }: { low: number; high: number }): number =>
    Math.min(high, Math.max(low, value));
  const rate = link.bitsPerSecond === 'unlimited' ? bitsPerSecond.high : link.bitsPerSecond;
  return { rttMs: within(link.rttMs, rttMs), bitsPerSecond: within(rate, bitsPerSecond) };
}

export const isOwnPoint = ({ link, matrix }: ReplayFile, point: Point): boolean =>
  matrix === null && link.rttMs === point.rttMs && link.bitsPerSecond === point.bitsPerSecond;
