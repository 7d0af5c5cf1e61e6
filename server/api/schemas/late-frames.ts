/** Late frames of a run as its page tells them. Browser-safe. */
import { formatCount, formatDuration, formatPercent } from './format.ts';
import type { RunDetail } from './run-view.ts';

/** Frames handed over after they were due, while somebody waited. */
export interface LateFrames {
  readonly frames: number;
  readonly of: number;
  readonly worstMs: number;
}

/** More than this share late: what was measured is not the latency of that link. */
export const mostLateShare = 0.005;

export const tooManyLate = ({ frames, of }: LateFrames): boolean => frames > mostLateShare * of;

/** All parties and the dealer, the whole run. */
export function lateFramesOfRun({
  parties,
  dealer,
}: Pick<RunDetail, 'parties' | 'dealer'>): LateFrames {
  // Copies that were frozen before there were dealers have none, not even null.
  const roles = [...parties, dealer].filter((role) => role !== null && role !== undefined);
  return {
    frames: roles.reduce((sum, { framesLate }) => sum + framesLate, 0),
    of: roles.reduce((sum, { framesReceived }) => sum + framesReceived, 0),
    worstMs: Math.max(0, ...roles.map(({ worstLateMs }) => worstLateMs)),
  };
}

/** What must be said when more than 0.5 % of the frames were late; null otherwise. */
export function lateNote(run: Pick<RunDetail, 'parties' | 'dealer'>): string | null {
  const late = lateFramesOfRun(run);
  if (!tooManyLate(late)) return null;
  const share = formatPercent(late.frames / late.of, 2);
  const of = `${formatCount(late.frames)} of ${formatCount(late.of)} frames (${share})`;
  return `${of} came later than the emulated link says, by up to ${formatDuration(late.worstMs)}: this machine could not keep up, so the measured time is its own and not that of the link.`;
}
