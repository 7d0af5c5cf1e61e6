/** What every role of a run sent, computed, waited and held, over the whole run. */
import type { RoleTotals, RunDetail } from '../../server/api/schemas/run-view.ts';
import { formatBytes, formatCount, formatDuration } from '../../server/api/schemas/format.ts';
import { Scroll } from '../_components/scroll.tsx';
import classes from './run-view.module.css';

export function RoleTable({ run }: { run: RunDetail }) {
  const roles: readonly (readonly [name: string, totals: RoleTotals])[] = [
    ...run.parties.map((party) => [String(party.party), party] as const),
    // Copies that were frozen before there were dealers have none.
    ...((run.dealer ?? null) === null ? [] : [['dealer', run.dealer as RoleTotals] as const]),
  ];
  return (
    <Scroll label="Parties table">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Party</th>
            <th scope="col">Sent</th>
            <th scope="col">Headers</th>
            <th scope="col">Frames</th>
            <th scope="col">Compute</th>
            <th scope="col">Waiting</th>
            <th scope="col">Memory</th>
            <th scope="col">Late</th>
          </tr>
        </thead>
        <tbody>
          {roles.map(([name, totals]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td title={`${formatCount(totals.bytesSent)} bytes`}>
                {formatBytes(totals.bytesSent)}
              </td>
              <td>{formatBytes(totals.frameBytesSent)}</td>
              <td>{formatCount(totals.framesSent)}</td>
              <td>{formatDuration(totals.computeMs)}</td>
              <td>{formatDuration(totals.waitMs)}</td>
              <td>{formatBytes(totals.peakRssBytes)}</td>
              <td
                title={`of ${formatCount(totals.framesReceived)}, worst by ${formatDuration(totals.worstLateMs)}`}
              >
                {formatCount(totals.framesLate)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
