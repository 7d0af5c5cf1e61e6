'use client';
/** One paper: what its numbers assume, its claims, and its tables as living grids. */
import { Button, Tabs } from '@mantine/core';
import Link from 'next/link';
import { lazy, Suspense, useState } from 'react';
import type { PaperDetail, PaperSlug, PaperTable } from '../../../server/api/schemas/papers.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Failure, Notice, Waiting } from '../../_components/states.tsx';
import { usePaper } from '../../_lib/api-papers.ts';
import { AssumptionBox } from '../assumption-box.tsx';
import { ClaimList } from '../claim-list.tsx';
import { CoverageBar, VerdictCounts } from '../coverage-bar.tsx';
import { PaperGrid } from '../paper-grid.tsx';
import classes from '../papers.module.css';
import { usePaperState } from '../use-paper-state.ts';
import { paperNames } from '../words.ts';
import type { RerunBox as RerunBoxOf } from '../rerun-box.tsx';

// Both are asked for only when somebody opens a cell or a rerun.
const CellPanel = lazy(async () => ({ default: (await import('../cell-panel.tsx')).CellPanel }));
const RerunBox = lazy(async () => ({ default: (await import('../rerun-box.tsx')).RerunBox }));

export function PaperPage({ slug }: { readonly slug: PaperSlug }) {
  const paper = usePaper(slug);
  return (
    <Stack gap={24}>
      <p className={classes.crumb}>
        <Link href="/papers">Papers</Link>
      </p>
      {paper.data !== undefined ? (
        <Loaded paper={paper.data} />
      ) : (
        <>
          <h1>{paperNames[slug]}</h1>
          {paper.error !== null ? (
            <Failure title="The paper cannot be read" reason={paper.error} retry={paper.retry} />
          ) : (
            <Waiting what="the paper" height={900} />
          )}
        </>
      )}
    </Stack>
  );
}

const files = [
  { suffix: 'csv', word: 'CSV' },
  { suffix: 'tex', word: 'LaTeX' },
  { suffix: 'md', word: 'Markdown' },
] as const;

function Loaded({ paper }: { readonly paper: PaperDetail }) {
  const { slug, title, authors, venue, arxiv, about, tables, claims, coverage } = paper;
  const [state, change] = usePaperState();
  // Once it was open it stays, closed: it gives the focus back by itself.
  const [wasOpen, setWasOpen] = useState(false);
  if (state.cell !== null && !wasOpen) setWasOpen(true);
  const [first] = tables;
  const table = tables.find(({ id }) => id === state.table) ?? first;
  const badge = `/papers/${slug}/badge.svg`;
  const markdown = (): string => {
    const origin = typeof window === 'undefined' ? '' : window.location.origin;
    return `[![Re-run in Parley's engine](${origin}${badge})](${origin}/papers/${slug})`;
  };
  return (
    <>
      <header className={classes.head}>
        <div>
          <h1>{title}</h1>
          <p>
            {authors}, {venue}, <a href={`https://arxiv.org/abs/${arxiv}`}>arXiv {arxiv}</a>.{' '}
            {about}
          </p>
        </div>
        <Button component={Link} href={`/papers/${slug}/findings`} variant="default">
          What we found
        </Button>
      </header>
      <div className={classes.pair}>
        <AssumptionBox of={paper.assumptions} />
        <Panel title="Headline claims">
          <ClaimList claims={claims} full />
        </Panel>
      </div>
      <Panel
        title="Tables"
        note="Re-run in Parley's engine. Models whose weights are not here are shape-true, random weights: latency and cost only. A cell opens with a click or Enter."
        aside={
          <>
            {/* A picture of our own, made by this server; there is nothing to optimise. */}
            {/* oxlint-disable-next-line nextjs/no-img-element */}
            <img
              className={classes.badge}
              src={badge}
              alt={`Badge of ${title}, with date and coverage`}
              height={20}
            />
            <CopyButton value={markdown()} label="Copy badge" />
          </>
        }
      >
        <div className={classes.summary}>
          <CoverageBar of={coverage} />
          <VerdictCounts of={coverage} />
        </div>
        {table === undefined ? (
          <p>This paper has no tables yet.</p>
        ) : (
          <Tabs
            value={table.id}
            onChange={(id) => change({ table: id, cell: null })}
            keepMounted={false}
          >
            <Tabs.List className={classes.tabs}>
              {tables.map(({ id, title: name }) => (
                <Tabs.Tab key={id} value={id}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={table.id} className={classes.tablePanel}>
              {state.table !== null && state.table !== table.id && (
                <Notice>
                  {title} has no table {state.table}; this is its first.
                </Notice>
              )}
              <Table
                slug={slug}
                table={table}
                open={state.cell}
                onOpen={(cell) => change({ table: table.id, cell })}
              />
            </Tabs.Panel>
          </Tabs>
        )}
      </Panel>
      {table !== undefined && wasOpen && (
        <Suspense fallback={null}>
          <CellPanel table={table} cellId={state.cell} onClose={() => change({ cell: null })} />
        </Suspense>
      )}
    </>
  );
}

interface TableProps {
  readonly slug: PaperSlug;
  readonly table: PaperTable;
  readonly open: string | null;
  readonly onOpen: (cellId: string) => void;
}

function Table({ slug, table, open, onOpen }: TableProps) {
  const all = { value: 'table', label: 'The table', ids: table.cells.map(({ id }) => id) };
  return (
    <>
      <p className={classes.soft}>{table.note}</p>
      <PaperGrid table={table} open={open} onOpen={onOpen} />
      <div className={classes.under}>
        <span className={classes.files}>
          {files.map(({ suffix, word }) => (
            <Button
              key={suffix}
              component="a"
              href={`/papers/${slug}/${table.id}.${suffix}`}
              download
              size="xs"
              variant="subtle"
              leftSection={<Icon name="download" size={14} />}
            >
              {word}
            </Button>
          ))}
        </span>
        <RunTable key={table.id} scope={all} />
      </div>
    </>
  );
}

/** The price of a whole table is asked for only when it is wanted. */
function RunTable({ scope }: { readonly scope: Parameters<typeof RerunBoxOf>[0]['scopes'][0] }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.runTable} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Run what is missing in this table</summary>
      {open && (
        <Suspense fallback={null}>
          <RerunBox scopes={[scope]} again={false} />
        </Suspense>
      )}
    </details>
  );
}
