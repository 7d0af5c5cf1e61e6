/**
 * Where the time of a run goes on the link that was asked for: its recorded inferences, replayed with a
 * machine for every role. Pure.
 */
import type { OperationRow } from '../api/schemas/run-view.ts';
import type { LinkChoice } from '../network/link.ts';
import type { Recording } from '../network/replay/recording.ts';
import { replay } from '../network/replay/replay.ts';
import { whereTime } from '../network/replay/where-time.ts';

/** Milliseconds; means over inferences. */
export type ReplayedTime = NonNullable<OperationRow['replayed']>;

export type ReplayedPlaces = ReadonlyMap<string, ReplayedTime>;

const keyOf = ({ path, op }: Pick<OperationRow, 'path' | 'op'>): string => `${path}|${op}`;

/**
 * By operation and place, of the role that ends last in each inference: together with what it waits at
 * its start they add up to the replayed latency. Empty without any inference.
 * @throws EngineError 'protocol' for a recording whose roles do not fit together
 */
export function replayedPlaces(
  inferences: readonly { readonly recording: Recording }[],
  link: LinkChoice | undefined,
): ReplayedPlaces {
  const found = new Map<string, { computeMs: number; waitMs: number }>();
  for (const { recording } of inferences) {
    const { rows, last } = whereTime(recording, replay(recording, { link, cores: Infinity }));
    for (const { role, ms, ...place } of rows) {
      if (role !== last) continue;
      const key = keyOf(place);
      const { computeMs, waitMs } = found.get(key) ?? { computeMs: 0, waitMs: 0 };
      const waitedMs = ms.serialisation + ms.propagation + ms.waiting;
      found.set(key, {
        computeMs: computeMs + ms.compute / inferences.length,
        waitMs: waitMs + waitedMs / inferences.length,
      });
    }
  }
  return found;
}

/** Online rows with what their replay says; a place that the last role never came to took it nothing. */
export function withReplayed(
  rows: readonly OperationRow[],
  places: ReplayedPlaces,
): readonly OperationRow[] {
  if (places.size === 0) return rows;
  return rows.map((row) =>
    row.phase === 'online'
      ? { ...row, replayed: places.get(keyOf(row)) ?? { computeMs: 0, waitMs: 0 } }
      : row,
  );
}
