'use client';
/** A run or a comparison as it was when somebody froze it. Nothing on this page changes anything. */
import { Button } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { lazy, Suspense, useState } from 'react';
import type { PermalinkView } from '../../../server/api/routers/permalinks/get.ts';
import { readChart, type ChartChoice } from '../../../server/api/schemas/compare-chart.ts';
import { readUnits } from '../../../server/api/schemas/compare-units.ts';
import { formatDate, plural, shortHash } from '../../../server/api/schemas/format.ts';
import { comparedNames } from '../../../server/api/schemas/spec-settings.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Stack } from '../../_components/panel.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { usePermalink } from '../../_lib/api.ts';
import { useLinkBase } from '../../_lib/api-compare.ts';
import { Unreadable } from '../../_notebook/unreadable.tsx';
import { RunView } from '../../_run/run-view.tsx';
import { Comparison } from '../../compare/comparison.tsx';
import { Newer } from './newer.tsx';
import classes from './permalink.module.css';

const FrozenNotebook = lazy(() => import('../../_notebook/frozen-notebook.tsx'));
const LiveNotebook = lazy(() => import('../../_notebook/reader.tsx'));

export function Permalink({ slug }: { slug: string }) {
  const permalink = usePermalink(slug);
  const origin = useLinkBase();
  const data: PermalinkView | undefined = permalink.data;
  if (data === undefined) {
    return permalink.error === null ? (
      <Waiting what="the frozen copy" height={640} />
    ) : (
      <Failure title="There is nothing here" reason={permalink.error} retry={permalink.retry} />
    );
  }
  const { createdAt, contentHash, expiresAt } = data;
  if (data.kind === 'notebook' && data.content.kind === 'unreadable')
    return <Unreadable content={data.content} />;
  if (data.kind === 'notebook' && data.live && data.content.kind === 'notebook') {
    return (
      <Suspense fallback={<Waiting what="the notebook" height={480} />}>
        <LiveNotebook
          notebook={data.content.notebook}
          path={`/s/${slug}`}
          note={
            <p>
              Live: the notebook and its results as they are now, not as they were when this address
              was made on <time dateTime={createdAt}>{formatDate(createdAt)}</time>.
              {typeof expiresAt === 'string' && ` The link ends ${formatDate(expiresAt)}.`}
            </p>
          }
        />
      </Suspense>
    );
  }
  return (
    <Stack>
      <section className={classes.banner} aria-label="Frozen copy">
        <Icon name="lock" />
        <p>
          Frozen on <time dateTime={createdAt}>{formatDate(createdAt)}</time>, read-only. Content
          hash <code title={contentHash}>{shortHash(contentHash)}</code>.
          {typeof expiresAt === 'string' && ` The link ends ${formatDate(expiresAt)}.`}
        </p>
        <CopyButton value={contentHash} label="Copy hash" variant="subtle" />
        {data.kind !== 'notebook' && (
          <CopyButton
            value={`<iframe src="${origin}/embed/${slug}" title="Parley" width="720" height="440" style="border:0"></iframe>`}
            label="Copy embed code"
            variant="subtle"
          />
        )}
        {(data.kind === 'notebook' ? notebookFiles : files).map((suffix) => (
          <Button
            key={suffix}
            component="a"
            size="xs"
            variant="subtle"
            href={`/s/${slug}.${suffix}`}
            download={`parley-${slug.slice(0, 8)}.${suffix}`}
          >
            {words[suffix]}
          </Button>
        ))}
      </section>
      {data.kind !== 'notebook' && <Newer slug={slug} />}
      {data.kind === 'notebook' && data.content.kind === 'notebook' ? (
        <Suspense fallback={<Waiting what="the notebook" height={480} />}>
          <FrozenNotebook notebook={data.content.notebook} />
        </Suspense>
      ) : data.kind === 'comparison' ? (
        <FrozenComparison view={data} />
      ) : (
        data.kind === 'run' && <RunView run={data.run} />
      )}
    </Stack>
  );
}

const files = ['html', 'csv', 'json', 'md', 'tex', 'svg', 'png', 'bib'] as const;
const notebookFiles = ['html', 'md', 'ipynb', 'bib'] as const;

const words = {
  ipynb: 'Jupyter',
  html: 'One HTML file',
  csv: 'CSV',
  json: 'JSON',
  md: 'Markdown',
  tex: 'LaTeX',
  svg: 'SVG',
  png: 'PNG',
  bib: 'BibTeX',
} as const;

function FrozenComparison({ view }: { view: Extract<PermalinkView, { kind: 'comparison' }> }) {
  const { runs, base, units, profiles, view: of } = view;
  const names = comparedNames(runs.map(({ spec }) => spec));
  const query = useSearchParams();
  const [chart, setChart] = useState<ChartChoice>(() => readChart(query.get('chart')));
  const [shown, setShown] = useState(() => readUnits(query.get('units') ?? units));
  return (
    <>
      <div>
        <h1>{of === undefined || of.name === '' ? 'Comparison' : of.name}</h1>
        {of !== undefined && (
          <p>
            {plural(runs.length, 'run')} of the results
            {of.q === '' ? (
              ''
            ) : (
              <>
                , found by <code>{of.q}</code>
              </>
            )}
            , as they were.
          </p>
        )}
      </div>
      <Comparison
        runs={runs.map((run, index) => ({ run, name: names[index] ?? run.id }))}
        base={base}
        units={shown}
        onUnits={setShown}
        chart={chart}
        onChart={setChart}
        profiles={profiles}
      />
    </>
  );
}
