'use client';
/** All runs: a query, saved views, a table without caps, and what can be done with many at once. */
import { Button, Kbd, SegmentedControl, Switch } from '@mantine/core';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { lazy, Suspense, useCallback, useState } from 'react';
import { defaultChart } from '../../server/api/schemas/compare-chart.ts';
import { defaultUnits } from '../../server/api/schemas/compare-units.ts';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import { columnsOf } from '../../server/api/schemas/results-columns.ts';
import { withRatios } from '../../server/api/schemas/results-ratio.ts';
import {
  newestFirst,
  parseQuery,
  withGroup,
  withOrder,
} from '../../server/api/schemas/results-query.ts';
import { Icon } from '../_components/icon.tsx';
import { OnDemand } from '../_components/on-demand.tsx';
import { Stack } from '../_components/panel.tsx';
import { Empty, Failure, Notice, Waiting } from '../_components/states.tsx';
import {
  useAnnotate,
  useConstantColumns,
  useKnownValues,
  useRestore,
  useResultIds,
  useViews,
} from '../_lib/api-results.ts';
import { useLetterKeys } from '../_lib/use-letter-keys.ts';
import { ShareComparison } from '../compare/share-comparison.tsx';
import { BaselineLine, useBaseline } from './baseline.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { ExportMenu } from './export-menu.tsx';
import { GroupChoice } from './group-choice.tsx';
import { NothingFound } from './nothing-found.tsx';
import { QueryBox } from './query-box.tsx';
import classes from './results.module.css';
import { ResultsTable } from './results-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { UndoBar, type Undoable } from './undo-bar.tsx';
import { useResultsView } from './use-results-view.ts';
import { ViewTabs } from './view-tabs.tsx';

const ImportDialog = lazy(() => import('./import-dialog.tsx'));
const SelectedComparison = lazy(() => import('./selected-comparison.tsx'));

export function Results() {
  const views = useViews();
  const { state, active, missing, changed, edit, open } = useResultsView(
    useSearchParams(),
    views.data ?? (views.error === null ? undefined : []),
  );
  const { q, columns, widths, units, charts, diffOnly, selected } = state;
  const found = useResultIds(q);
  const known = useKnownValues();
  const constant = useConstantColumns(q, columns, diffOnly);
  const restore = useRestore();
  const annotate = useAnnotate();
  const [done, setDone] = useState<Undoable | null>(null);
  const gone = useCallback(() => setDone(null), []);
  const say = (message: string, undo: () => void): void =>
    setDone((last) => ({ id: (last?.id ?? 0) + 1, message, undo }));

  const fields = parseQuery(q).group?.fields ?? [];
  const baseline = useBaseline(state.baseline);
  const hidden = (constant ?? []).filter((id) => columns.includes(id));
  const shown = columns.filter((id) => !hidden.includes(id));
  useLetterKeys([
    ['d', () => edit({ diffOnly: !diffOnly })],
    ['/', () => document.querySelector<HTMLInputElement>('[data-shortcut="/"]')?.focus()],
    ...Array.from({ length: 9 }, (_, place): [string, () => void] => [
      String(place + 1),
      () => {
        const view = place === 0 ? null : views.data?.[place - 1];
        if (view !== undefined) open(view?.id ?? null);
      },
    ]),
  ]);

  const importer = (
    <OnDemand variant="default" size="xs" opens="dialog" label="Import">
      <ImportDialog
        onImported={(ids) => {
          edit({ q: 'class:imported' });
          say(`${plural(ids.length, 'result')} imported.`, () =>
            annotate.mutate({ ids, change: { kind: 'archive', on: true } }),
          );
        }}
      />
    </OnDemand>
  );
  const setQuery = useCallback((next: string) => edit({ q: next }), [edit]);
  const empty = found.data?.ids.length === 0 && parseQuery(q).terms.length === 0;
  return (
    <Stack gap={16}>
      <header className={classes.header}>
        <h1>Results</h1>
        <div className={classes.row}>
          {importer}
          <Button component={Link} href="/new" leftSection={<Icon name="play" size={15} />}>
            New run
          </Button>
        </div>
      </header>
      {missing && <Notice>The view of this address was deleted. These are all runs.</Notice>}
      {views.error !== null && (
        <Notice tone="bad">Saved views cannot be read: {views.error}</Notice>
      )}
      <ViewTabs
        key={active?.id ?? 'all'}
        views={views.data ?? []}
        active={active}
        state={state}
        changed={changed}
        onOpen={open}
        onDone={say}
      />
      <QueryBox value={q} onChange={setQuery} known={known} />
      {found.data === undefined ? (
        found.error === null ? (
          <Waiting what="the results" height={600} />
        ) : (
          <Failure title="The results cannot be read" reason={found.error} retry={found.retry} />
        )
      ) : empty ? (
        <Empty title="No runs yet" action={{ href: '/new', word: 'Set up a run' }}>
          Every run will stand here with its accuracy, latency, bytes and rounds. Select some of
          them to compare.
          {found.data.archived > 0 &&
            ` ${plural(found.data.archived, 'run')} in the archive: with:archived shows them.`}
        </Empty>
      ) : found.data.ids.length === 0 ? (
        <NothingFound q={q} archived={found.data.archived} onChange={setQuery} />
      ) : (
        <>
          <div className={classes.tools}>
            <p className={classes.count} aria-live="polite">
              Showing all {formatCount(found.data.ids.length)}
              {found.data.archived > 0 && (
                <>
                  ;{' '}
                  <button
                    type="button"
                    className={classes.link}
                    onClick={() => setQuery(`${q} with:archived`.trim())}
                  >
                    {formatCount(found.data.archived)} archived
                  </button>{' '}
                  hidden
                </>
              )}
              {hidden.length > 0 &&
                `; ${plural(hidden.length, 'column')} hidden, the same in all of them`}
              {diffOnly &&
                constant !== undefined &&
                hidden.length === 0 &&
                '; every column differs'}
            </p>
            <Switch
              size="sm"
              label={
                <>
                  Only what differs <Kbd size="xs">D</Kbd>
                </>
              }
              checked={diffOnly}
              onChange={(event) => edit({ diffOnly: event.currentTarget.checked })}
            />
            <GroupChoice fields={fields} onChange={(ids) => setQuery(withGroup(q, ids))} />
            <SegmentedControl
              size="xs"
              aria-label="Units of bytes"
              value={units}
              onChange={(value) => edit({ units: value === 'binary' ? 'binary' : 'decimal' })}
              data={[
                { value: 'decimal', label: 'GB' },
                { value: 'binary', label: 'GiB' },
              ]}
            />
            <ColumnPicker
              value={columns}
              onChange={(ids) => edit({ columns: [...ids] })}
              onResetWidths={() => edit({ widths: {} })}
            />
            <ExportMenu state={state} columns={shown} />
            <ShareComparison
              ids={found.data.ids}
              base={null}
              units={{ ...defaultUnits, family: units }}
              chart={defaultChart}
              view={{ name: active?.name ?? '', q }}
            />
          </div>
          {state.baseline !== null && (
            <BaselineLine
              {...baseline}
              id={state.baseline}
              onUnpin={() => edit({ baseline: null })}
            />
          )}
          {found.error !== null && (
            <Notice tone="bad">These runs may be out of date: {found.error}</Notice>
          )}
          <ResultsTable
            list={q}
            ids={found.data.ids}
            groups={found.data.groups}
            fields={fields}
            columns={withRatios(columnsOf(shown), baseline.row)}
            widths={widths}
            units={units}
            order={parseQuery(q).order ?? newestFirst}
            selected={selected}
            stale={found.stale}
            onSort={(order) => edit({ q: withOrder(q, order) })}
            onResize={(id, width) => edit({ widths: { ...widths, [id]: width } })}
            onSelect={(ids) => edit({ selected: [...ids] })}
          />
        </>
      )}
      {charts.includes('comparison') && selected.length > 0 && (
        <Suspense fallback={<Waiting what="the comparison" height={640} />}>
          <SelectedComparison selected={selected} onClose={() => edit({ charts: [] })} />
        </Suspense>
      )}
      {selected.length > 0 && (
        <SelectionBar
          state={state}
          columns={shown}
          found={found.data?.ids ?? selected}
          onShow={() => edit({ charts: ['comparison'] })}
          onPin={(id) => edit({ baseline: id, selected: [] })}
          onClear={() => edit({ selected: [] })}
          onChanged={(message, before) => say(message, () => restore.mutate(before))}
        />
      )}
      {restore.error !== null && (
        <Notice tone="bad">It could not be taken back: {restore.error.message}</Notice>
      )}
      <UndoBar done={done} onGone={gone} />
    </Stack>
  );
}
