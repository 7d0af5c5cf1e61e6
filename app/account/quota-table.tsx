/** What was used of a quota, beside its limits. */
import type { QuotaView } from '../../server/api/schemas/accounts.ts';
import { formatBytes, formatCount, formatDuration } from '../../server/api/schemas/format.ts';
import { Scroll } from '../_components/scroll.tsx';
import tables from '../_run/run-view.module.css';

const kinds = [
  ['cpuSeconds', 'CPU time', (value: number) => formatDuration(1000 * value)],
  ['sentBytes', 'Bytes sent', (value: number) => formatBytes(value)],
  [
    'concurrentRuns',
    'Runs and trainings queued or under way',
    (value: number) => formatCount(value),
  ],
  ['storedBytes', 'Stored files', (value: number) => formatBytes(value)],
] as const;

export function QuotaTable({ quota: { limits, used } }: { quota: QuotaView }) {
  return (
    <Scroll label="What is used of the quota">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">Used</th>
            <th scope="col">Limit</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(([kind, word, format]) => {
            const limit = limits[kind];
            return (
              <tr key={kind}>
                <th scope="row">{word}</th>
                <td>{format(used[kind])}</td>
                <td>{limit === null ? 'none' : format(limit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The limits there are, in one line; null where there is none. */
export function quotaLine({ limits, used }: QuotaView): string | null {
  const parts = kinds.flatMap(([kind, word, format]) => {
    const limit = limits[kind];
    return limit === null ? [] : [`${word} ${format(used[kind])} of ${format(limit)}`];
  });
  return parts.length === 0 ? null : `Your quota: ${parts.join(', ')}.`;
}
