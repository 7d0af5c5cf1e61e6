'use client';
/** Replayed against measured: what the what-if of other runs says about this run's network. */
import Link from 'next/link';
import { mostResidual } from '../../_replay/point.ts';
import { formatDuration, formatLink, formatPercent } from '../../../server/api/schemas/format.ts';
import { lateNote } from '../../../server/api/schemas/late-frames.ts';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { Panel } from '../../_components/panel.tsx';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { useForetold } from '../../_lib/api-replay.ts';
import tables from '../../_run/run-view.module.css';

/** Nothing where no other run has the same settings, or while that is not known. */
export function ForetoldPanel({ run }: { readonly run: RunDetail }) {
  const foretold = useForetold(run.id).data;
  if (foretold === null || foretold === undefined || foretold.from.length === 0) return null;
  const { measuredMs, n, from } = foretold;
  const late = lateNote(run);
  return (
    <Panel
      title="Replayed before it was measured"
      note={`Recordings of runs with these settings on other networks, replayed on ${formatLink(run.spec.network)}. Measured here: ${formatDuration(measuredMs)}, median, n = ${n}.`}
      aside={<ProvenanceMark of="replayed" />}
    >
      {late !== null && <p>{late}</p>}
      <Scroll label="Replayed and measured">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Recorded on</th>
              <th scope="col">Replayed, n = 1</th>
              <th scope="col">Measured</th>
              <th scope="col">Difference</th>
              <th scope="col">Its own check</th>
            </tr>
          </thead>
          <tbody>
            {from.map(({ runId, network, replayedMs, ownShare }) => (
              <tr key={runId}>
                <th scope="row">
                  <Link href={`/runs/${runId}`}>{formatLink(network)}</Link>
                </th>
                <td>{formatDuration(replayedMs)}</td>
                <td>{formatDuration(measuredMs)}</td>
                <td>{formatPercent((replayedMs - measuredMs) / measuredMs)}</td>
                <td>
                  {formatPercent(ownShare)}
                  {Math.abs(ownShare) > mostResidual ? ', locked' : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
