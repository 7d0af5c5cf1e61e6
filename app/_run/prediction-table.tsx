/** Prediction and count side by side, by role and by link: equal gets a tick, unequal a cross. */
import { Fragment } from 'react';
import type { Headline, RunDetail } from '../../server/api/schemas/run-view.ts';
import { Icon } from '../_components/icon.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Verdict } from '../_components/state-badge.tsx';
import {
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
} from '../../server/api/schemas/format.ts';
import { linkName } from '../_lib/roles.ts';
import classes from './run-view.module.css';
import { Scroll } from '../_components/scroll.tsx';

interface Line {
  readonly name: string;
  readonly predicted: number | null;
  readonly measured: number;
  readonly bytes: boolean;
}

export function PredictionTable({ run, headline }: { run: RunDetail; headline: Headline }) {
  const { prediction } = run;
  const lines: readonly Line[] = [
    {
      name: 'Rounds',
      predicted: prediction?.rounds ?? null,
      measured: headline.rounds,
      bytes: false,
    },
    ...headline.onlineBytesSent.map((measured, party) => ({
      name: `Online, party ${party}`,
      predicted: prediction?.onlineBytesSent[party] ?? null,
      measured,
      bytes: true,
    })),
    ...headline.offlineBytesSent.map((measured, party) => ({
      name: `Offline, party ${party}`,
      predicted: prediction?.offlineBytesSent[party] ?? null,
      measured,
      bytes: true,
    })),
    // Copies that were frozen before there were dealers have neither.
    {
      name: 'Offline, dealer',
      predicted: prediction === null ? null : (prediction.dealerBytes ?? 0),
      measured: headline.dealerBytes ?? 0,
      bytes: true,
    },
    ...Object.entries(headline.links ?? {}).map(([link, measured]) => ({
      name: `Link ${linkName(link)}`,
      predicted: prediction?.links?.[link] ?? null,
      measured,
      bytes: true,
    })),
  ];
  const shown = lines.filter((line) => line.measured !== 0 || (line.predicted ?? 0) !== 0);
  return (
    <div>
      <p className={classes.lead}>
        {prediction === null ? (
          'Nothing was predicted for this run.'
        ) : (
          <Verdict ok={prediction.agrees !== false}>
            {prediction.agrees === null
              ? 'Not compared'
              : prediction.agrees
                ? 'Equal to the byte'
                : 'Differs'}
          </Verdict>
        )}
        <span>one full batch</span>
      </p>
      <Scroll label="Prediction table">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Cost</th>
              <th scope="col">
                <ProvenanceMark of="predicted" />
              </th>
              <th scope="col">
                <ProvenanceMark of="measured" />
              </th>
              <th scope="col">
                <span className="visually-hidden">Equal</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <tr key={line.name}>
                <th scope="row">{line.name}</th>
                <Cell value={line.predicted} bytes={line.bytes} />
                <Cell value={line.measured} bytes={line.bytes} />
                <td className={classes.sign}>
                  {line.predicted === null ? null : line.predicted === line.measured ? (
                    <span className={classes.equal}>
                      <Icon name="check" size={15} />
                      <span className="visually-hidden">equal</span>
                    </span>
                  ) : (
                    <span className={classes.unequal}>
                      <Icon name="cross" size={15} />
                      <span className="visually-hidden">not equal</span>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <dl className={classes.aside}>
        {(
          [
            [
              'Setup',
              `${formatBytes(headline.setupBytes)} of weight shares, ${formatDuration(headline.setupMs)}`,
            ],
            ['Processor time', `${formatDuration(headline.cpuMs)}, all roles, whole run`],
            ['Peak memory', `${formatBytes(headline.peakRssBytes)}, largest role`],
          ] as const
        ).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}

function Cell({ value, bytes }: { value: number | null; bytes: boolean }) {
  if (value === null) return <td>–</td>;
  return bytes ? (
    <td title={exactBytes(value)}>{formatBytes(value)}</td>
  ) : (
    <td>{formatCount(value)}</td>
  );
}
