'use client';
/** All runs of a sweep before they are queued: how many, how long in all, and each with its price. */
import Link from 'next/link';
import { formatBytes, formatDuration, plural } from '../../server/api/schemas/format.ts';
import { distinctNames } from '../../server/api/schemas/spec-settings.ts';
import type { SweepPrice } from '../../server/api/schemas/sweep.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Scroll } from '../_components/scroll.tsx';
import type { Answer } from '../_lib/api.ts';
import classes from './sweep.module.css';

interface SweepPriceProps {
  readonly count: number;
  readonly price: Answer<SweepPrice> & { readonly stale: boolean };
}

export function SweepPriceTable({ count, price }: SweepPriceProps) {
  if (price.error !== null) return <p role="alert">The sweep has no price: {price.error}</p>;
  const { data, stale } = price;
  if (data === undefined) return <p className={classes.hint}>{plural(count, 'run')}: pricing…</p>;
  const faulty = data.entries.filter(({ issues }) => issues.length > 0).length;
  const names = distinctNames(data.entries.map(({ spec }) => spec));
  return (
    <section className={classes.price} aria-label="Sweep" aria-busy={stale}>
      <ProvenanceMark of="predicted" />
      <p>
        <b>{plural(data.count, 'run')}</b>, about <b>{formatDuration(data.totalMs)}</b> in all, one
        after the other{data.waitMs > 0 && `, after ${formatDuration(data.waitMs)} of waiting`}.
        {faulty > 0 &&
          ` ${plural(faulty, 'run')} cannot be run: nothing is queued before that is settled.`}
      </p>
      <Scroll label="Runs of the sweep" className={classes.runs}>
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">A batch online</th>
              <th scope="col">Whole run</th>
              <th scope="col">Bytes, all</th>
            </tr>
          </thead>
          <tbody>
            {data.entries.map(
              (
                { specHash, issues, latency, runMs, totalBytes, identicalRuns, identicalRunId },
                i,
              ) => (
                <tr key={`${specHash} ${names[i] ?? ''}`}>
                  <th scope="row">
                    {names[i]}
                    {identicalRunId !== null && (
                      <span className={classes.note}>
                        {' '}
                        {identicalRuns === 1
                          ? 'was run already: '
                          : `was run ${identicalRuns} times already: `}
                        <Link href={`/runs/${identicalRunId}`}>
                          open {identicalRuns === 1 ? 'it' : 'the newest'}
                        </Link>
                        , or add repeats
                      </span>
                    )}
                    {issues.map(({ field, message }) => (
                      <span key={field} className={classes.issue}>
                        {message}
                      </span>
                    ))}
                  </th>
                  <td>{latency === null ? '–' : formatDuration(latency.onlineMs)}</td>
                  <td>{runMs === null ? '–' : formatDuration(runMs)}</td>
                  <td>{totalBytes === null ? '–' : formatBytes(totalBytes)}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
