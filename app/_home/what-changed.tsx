'use client';
/** What changed since the last visit in this browser, or this week: new runs, and the best of each pair. */
import { useQueries, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import {
  formatDate,
  formatDuration,
  formatSignificant,
  plural,
} from '../../server/api/schemas/format.ts';
import { Panel } from '../_components/panel.tsx';
import { Notice } from '../_components/states.tsx';
import { approximationName } from '../_lib/describe-spec.ts';
import { useTRPC } from '../_lib/trpc.ts';
import { bestBefore, bestOfPairs, faster, newFrom, newSince, visit } from './changes.ts';
import classes from './home.module.css';

const key = 'parley-visits';
/** New runs that are looked at, the newest first; all are counted. */
const mostRead = 200;
const mostPairs = 6;

/** What the browser kept of earlier visits; null where it keeps nothing. */
function readKept(): string | null {
  if (typeof window === 'undefined') return null;
  try {
    return window.localStorage.getItem(key);
  } catch (error) {
    // Storage that is switched off is a SecurityError; then every visit is the first.
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export default function WhatChanged() {
  // Read once: what is new stays so while the page is open.
  const [from] = useState(() => newFrom(visit(readKept(), Date.now()), Date.now()));
  useEffect(() => {
    const { seen, before } = visit(readKept(), Date.now());
    try {
      window.localStorage.setItem(key, before === null ? `${seen}` : `${seen} ${before}`);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }, []);
  return <Changes {...from} />;
}

function Changes({ since, word }: { since: Date; word: string }) {
  const trpc = useTRPC();
  const q = newSince(since);
  const { data, error } = useQuery(trpc.results.list.queryOptions({ q, limit: mostRead }));
  const pairs = bestOfPairs(data?.rows ?? []);
  const shown = pairs.slice(0, mostPairs);
  const earlier = useQueries({
    queries: shown.map((pair) =>
      trpc.results.list.queryOptions({ q: bestBefore(pair, since), limit: 1 }),
    ),
  });
  if (error !== null) {
    return <Notice tone="bad">What changed cannot be read: {error.message}</Notice>;
  }
  if (data === undefined || data.total === 0) return null;
  return (
    <Panel
      title="What changed"
      note={`${word}, from ${formatDate(since.toISOString())}: ${plural(data.total, 'new run')} measured here.`}
      aside={<Link href={`/results?q=${encodeURIComponent(q)}`}>All of them</Link>}
    >
      <ul className={classes.changes}>
        {shown.map((pair, at) => {
          const { run, model, network, n } = pair;
          const before = earlier[at]?.data?.rows[0];
          const ratio = faster(run, before);
          return (
            <li key={`${model} ${network}`}>
              <strong>
                {model}, {network}
              </strong>
              : the fastest of {n} new is{' '}
              <Link href={`/runs/${run.id}`}>
                {approximationName(run.spec.approximations)}, {run.spec.protocol.variant}
              </Link>
              , {formatDuration(run.headline?.onlineMsPerSample.median ?? 0)} a sample
              {run.headline?.accuracy == null ? ', accuracy not known' : ''}
              {ratio !== null && before !== undefined && (
                <>
                  ; {formatSignificant(ratio)} times as fast as the{' '}
                  <Link href={`/compare?runs=${before.id},${run.id}`}>best before</Link>
                </>
              )}
              .
            </li>
          );
        })}
      </ul>
      {pairs.length > shown.length && (
        <p>and {plural(pairs.length - shown.length, 'more pair')} of model and network</p>
      )}
      {data.total > mostRead && <p>Of the newest {mostRead} of them.</p>}
    </Panel>
  );
}
