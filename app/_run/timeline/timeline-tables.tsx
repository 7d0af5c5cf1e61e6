/** The numbers of a timeline: what each role did in the range that is shown or selected. */
import { useMemo } from 'react';
import { formatBytes, formatCount, formatDuration } from '../../../server/api/schemas/format.ts';
import type { ChartTableModel } from '../../_charts/chart.ts';
import { placeName } from '../../_charts/places.ts';
import { Scroll } from '../../_components/scroll.tsx';
import classes from '../run-view.module.css';
import type { View } from './draw.ts';
import { sumsByPlace, sumsIn, type Timeline } from '../../_replay/timeline.ts';
import { roleName } from './trace-events.ts';

export function RangeSums({ timeline, range }: { timeline: Timeline; range: View }) {
  const { fromMs, toMs } = range;
  const rows = useMemo(
    () =>
      timeline.lanes.map((lane) => ({
        role: roleName(lane.role),
        ...sumsIn(lane, fromMs, toMs),
      })),
    [timeline, fromMs, toMs],
  );
  return (
    <Scroll label="Sums of the range">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Computing</th>
            <th scope="col">Waiting</th>
            <th scope="col">Neither</th>
            <th scope="col">Sent</th>
            <th scope="col">Messages</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ role, computeMs, waitMs, bytes, messages }) => (
            <tr key={role}>
              <th scope="row">{role}</th>
              <td>{formatDuration(computeMs)}</td>
              <td>{formatDuration(waitMs)}</td>
              <td>{formatDuration(Math.max(0, toMs - fromMs - computeMs - waitMs))}</td>
              <td>{bytes === 0 ? '0' : formatBytes(bytes)}</td>
              <td>{formatCount(messages)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The same by place of the model: the picture as numbers. */
export function placesTable(timeline: Timeline, { fromMs, toMs }: View): ChartTableModel {
  return {
    columns: [
      { key: 'role', header: 'Role' },
      { key: 'place', header: 'Place' },
      { key: 'compute_ms', header: 'Computing', format: formatDuration },
      { key: 'wait_ms', header: 'Waiting', format: formatDuration },
      { key: 'sent_bytes', header: 'Sent', format: (value) => formatBytes(value) },
      { key: 'messages', header: 'Messages', format: formatCount },
    ],
    rows: sumsByPlace(timeline, fromMs, toMs).map((row) => ({
      role: roleName(timeline.lanes[row.lane]?.role ?? 'owner'),
      place: row.path === '' ? 'Whole model' : placeName(row.path),
      compute_ms: row.computeMs,
      wait_ms: row.waitMs,
      sent_bytes: row.bytes,
      messages: row.messages,
    })),
  };
}
