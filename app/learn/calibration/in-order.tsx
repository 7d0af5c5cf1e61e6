'use client';
/**
 * What would have been said of stored runs, each from the ones before it: of the shipped ones too, of which
 * nothing was said here when they were queued. Apart from the score of what was said.
 */
import {
  formatPercent,
  formatProportion,
  formatRatio,
} from '../../../server/api/schemas/format.ts';
import { goodShare } from '../../../server/api/schemas/latency-shares.ts';
import { Panel } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useCalibrationInOrder } from '../../_lib/api-calibration.ts';
import tables from '../../_run/run-view.module.css';
import classes from '../protocols/learn.module.css';

export function InOrder() {
  const score = useCalibrationInOrder();
  const range = goodShare.map((share) => formatPercent(share, 0)).join(' to ');
  return (
    <Panel
      title="Stored runs, foretold in the order in which they were made"
      note={`Each run from those that had ended before it on the same kind of machine, and from no other: what would have been said, computed now. It should come to ${range}. Shipped runs teach and judge one another only.`}
    >
      {score.data === undefined ? (
        score.error === null ? (
          <Waiting what="the stored runs" height={160} />
        ) : (
          <Failure
            title="The stored runs cannot be foretold"
            reason={score.error}
            retry={score.retry}
          />
        )
      ) : score.data.groups.length === 0 ? (
        <p className={classes.quiet}>No finished run is stored yet.</p>
      ) : (
        <Scroll label="Stored runs inside of the interval foretold, by origin and machine">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Runs</th>
                <th scope="col">Inside of the 80 % interval</th>
                <th scope="col">After a run of the variant</th>
                <th scope="col">Measured / foretold, median</th>
              </tr>
            </thead>
            <tbody>
              {score.data.groups.map(({ shipped, machine, inside, taught, ratio }) => (
                <tr key={`${shipped} ${machine}`}>
                  <th scope="row">
                    {shipped ? 'shipped' : 'this installation'}, {machine}
                  </th>
                  <td>{formatProportion(inside)}</td>
                  <td>
                    {taught} of {inside.n}
                  </td>
                  <td>{formatRatio(ratio)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
