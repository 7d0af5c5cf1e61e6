/** The two phases of a run with a dealer, never mixed: time, bytes by role, rounds. */
import type { Headline } from '../../server/api/schemas/run-view.ts';
import {
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
} from '../../server/api/schemas/format.ts';
import { Scroll } from '../_components/scroll.tsx';
import { sum } from '../_lib/statistics.ts';
import classes from './run-view.module.css';

export function PhaseTable({ headline }: { headline: Headline }) {
  const { onlineMs, offlineMs, totalMs, onlineBytesSent, offlineBytesSent, dealerBytes } = headline;
  const online = sum(onlineBytesSent);
  const offline = sum(offlineBytesSent);
  return (
    <Scroll label="Phases table">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Time, median</th>
            <th scope="col">Sent by the parties</th>
            <th scope="col">Sent by the dealer</th>
            <th scope="col">Rounds</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Online</th>
            <td>{formatDuration(onlineMs.median)}</td>
            <Bytes of={online} />
            <Bytes of={0} />
            <td>{formatCount(headline.rounds)}</td>
          </tr>
          <tr>
            <th scope="row">Offline</th>
            <td>{formatDuration(offlineMs.median)}</td>
            <Bytes of={offline} />
            <Bytes of={dealerBytes} />
            <td title="The dealer sends and waits for nothing">–</td>
          </tr>
          <tr>
            <th scope="row">Both</th>
            <td>{formatDuration(totalMs.median)}</td>
            <Bytes of={online + offline} />
            <Bytes of={dealerBytes} />
            <td>{formatCount(headline.rounds)}</td>
          </tr>
        </tbody>
      </table>
    </Scroll>
  );
}

function Bytes({ of }: { of: number }) {
  return <td title={exactBytes(of)}>{of === 0 ? '0' : formatBytes(of)}</td>;
}
