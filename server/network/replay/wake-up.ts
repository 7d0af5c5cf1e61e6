/**
 * What a message costs beyond its link: the time from when a frame is due until its receiver goes on.
 * Calibrated from the frames of the inference itself, where its links were emulated here; else from
 * the run's link certificate.
 */
import type { Timeline } from '../../engine/timeline.ts';
import type { LinkCertificate } from '../certificate.ts';
import { headerBytes } from '../frame.ts';
import { serialisationMs } from '../link-clock.ts';
import { isUnshaped, linkChoiceOf } from '../link.ts';
import { pingBytes } from '../probe.ts';

/** Of a quiet machine (network.md 5), where no floor was measured; also the most that is believed. */
export const usualWakeMs = 0.06;
export const mostWakeMs = 0.5;

/**
 * Mean of all frames for which somebody waited when they became due; the mean and not the median, as
 * the few that come milliseconds late are part of every inference. `otherwise` where no link was
 * emulated. Believed up to `mostWakeMs`. Milliseconds.
 */
export function wakeUpInside(
  timelines: readonly Pick<Timeline, 'overdue'>[],
  otherwise: number,
): number {
  const frames = timelines.reduce((sum, { overdue }) => sum + (overdue?.frames ?? 0), 0);
  const ms = timelines.reduce((sum, { overdue }) => sum + (overdue?.ms ?? 0), 0);
  return frames === 0 ? otherwise : Math.min(mostWakeMs, ms / frames);
}

/**
 * Half of what a ping took longer than its link asks for: each way ends with one waking up. Where
 * nothing was imposed that is half of the floor, the plain loopback's round trip. A busy machine's
 * pings are not believed beyond `mostWakeMs`. Milliseconds.
 */
export function wakeUpOf({
  requested,
  matrix,
  measured,
  floor,
}: Pick<LinkCertificate, 'requested' | 'matrix' | 'measured' | 'floor'>): number {
  const choice = linkChoiceOf(requested, matrix ?? undefined);
  const excess = measured.flatMap(({ from, to, rttMs }) => {
    const link = typeof choice === 'function' ? choice(from, to) : choice;
    if (link === undefined || isUnshaped(link)) return [];
    const askedMs = link.rttMs + 2 * serialisationMs(link, headerBytes + pingBytes);
    return [(rttMs.p50 - askedMs) / 2];
  });
  const middle = excess.toSorted((a, b) => a - b)[Math.floor(excess.length / 2)];
  const wakeMs = middle ?? (floor === null ? usualWakeMs : floor.rttMs / 2);
  return Math.min(mostWakeMs, Math.max(0, wakeMs));
}
