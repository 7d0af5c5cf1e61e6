'use client';
/** Home: what Parley is, one run to start, the newest measured result, the first comparison. */
import { hasRandomWeights } from '../../server/api/schemas/spec-ids.ts';
import Link from 'next/link';
import { lazy, Suspense } from 'react';
import { Panel, Stack } from '../_components/panel.tsx';
import { Empty, Failure, Waiting } from '../_components/states.tsx';
import { WhenSeen } from '../_components/when-seen.tsx';
import { PapersComparison } from '../compare/papers-comparison.tsx';
import { useCatalog, useRuns } from '../_lib/api.ts';
import { LatestResult } from './latest-result.tsx';
import { LaunchCard } from './launch-card.tsx';
import { exemplary, presetRuns } from './preset-runs.ts';
import classes from './home.module.css';
import { useFinishedRuns } from './use-finished-runs.ts';

const WhatChanged = lazy(() => import('./what-changed.tsx'));
const ComparedById = lazy(() => import('../compare/compared-by-id.tsx'));

export function Home() {
  const catalog = useCatalog();
  const runs = useRuns();
  const done = useFinishedRuns(catalog.data, runs.data);
  const latest = catalog.data === undefined ? undefined : exemplary(catalog.data, done ?? []);
  const first = runs.data?.find((run) => run.origin === 'first-start' && run.finishedAt === null);
  const compared =
    catalog.data === undefined || done === undefined ? [] : presetRuns(catalog.data, done);

  return (
    <Stack gap={36}>
      <div className={classes.opening}>
        <div className={classes.words}>
          <h1>
            Private Transformer inference, <br className={classes.break} />
            run for real.
          </h1>
          <p>
            Parley is a workbench for language models under secure multi-party computation: separate
            processes hold nothing but random-looking shares, every byte crosses a socket, and
            accuracy and latency come from the same run. What was not measured says so.
          </p>
        </div>
        {catalog.data !== undefined ? (
          <LaunchCard catalog={catalog.data} />
        ) : catalog.error !== null ? (
          <Failure
            title="The catalog cannot be read"
            reason={catalog.error}
            retry={catalog.retry}
          />
        ) : (
          <Waiting what="the catalog" height={400} />
        )}
      </div>

      {runs.waiting || catalog.waiting ? (
        <Waiting what="the results" height={420} />
      ) : runs.error !== null ? (
        <Failure title="The results cannot be read" reason={runs.error} retry={runs.retry} />
      ) : latest === undefined ? (
        <Empty
          title={first === undefined ? 'No result yet' : 'The first run is on its way'}
          action={
            first === undefined
              ? { href: '/new', word: 'Set up a run' }
              : { href: `/runs/${first.id}`, word: 'Watch it' }
          }
        >
          {first === undefined
            ? 'The newest measured run will stand here: accuracy, latency, bytes and rounds.'
            : 'Parley makes one short run by itself when it starts for the first time. Its result will stand here.'}
        </Empty>
      ) : (
        <LatestResult run={latest} />
      )}

      <Suspense fallback={null}>
        <WhatChanged />
      </Suspense>

      {done !== undefined && catalog.data !== undefined && (
        <PapersComparison catalog={catalog.data} done={done} />
      )}

      {runs.data !== undefined && catalog.data !== undefined && (
        <Panel
          title="The presets, side by side"
          note="The same model and network; the functions that stand in for GELU and softmax differ, or the protocol."
          aside={<Link href="/results">All results</Link>}
        >
          {compared.length >= 2 ? (
            <WhenSeen what="the comparison" height={900}>
              <ComparedById runs={compared.map(({ name, run }) => ({ id: run.id, name }))} />
            </WhenSeen>
          ) : (
            <Empty
              title="Two finished presets make a comparison"
              action={{
                href: `/new?preset=${
                  missingPreset(
                    catalog.data.presets
                      .filter(({ spec }) => !hasRandomWeights(spec))
                      .map((p) => p.id),
                    compared.map((c) => c.presetId),
                  ) ?? ''
                }`,
                word: 'Run the next preset',
              }}
            >
              {compared.length === 1
                ? 'One preset has a finished run. Run another: accuracy, latency, bytes and rounds will stand next to each other.'
                : 'Run the presets one after the other: accuracy, latency, bytes and rounds will stand next to each other.'}
            </Empty>
          )}
        </Panel>
      )}
    </Stack>
  );
}

function missingPreset(all: readonly string[], have: readonly string[]): string | undefined {
  return all.find((id) => !have.includes(id));
}
