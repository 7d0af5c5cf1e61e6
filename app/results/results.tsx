'use client';
/** All runs, newest first; filters and the selection are in the address. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import { runStates, type RunState, type RunSummary } from '../../server/api/schemas/run-view.ts';
import type { NamedRun } from '../_charts/accuracy-latency.ts';
import { Icon } from '../_components/icon.tsx';
import { Panel, Stack } from '../_components/panel.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { stateWords } from '../_components/state-badge.tsx';
import { Empty, Failure, Notice, Waiting } from '../_components/states.tsx';
import { useRuns } from '../_lib/api.ts';
import { approximationName, distinctNames } from '../_lib/describe-spec.ts';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import { Comparison } from '../_run/comparison.tsx';
import classes from './results.module.css';
import { RunsTable } from './runs-table.tsx';

interface View {
  readonly state: RunState | null;
  readonly approximation: string | null;
  readonly compare: readonly string[];
}

const limit = 200;

export function Results() {
  const query = useSearchParams();
  const runs = useRuns(limit);
  const [view, setView] = useState<View>(() => readView(query));
  const change = (part: Partial<View>): void => {
    const next = { ...view, ...part };
    setView(next);
    const text = writeView(next).toString();
    window.history.replaceState(
      window.history.state,
      '',
      text === '' ? '/results' : `/results?${text}`,
    );
  };

  const all = runs.data;
  const approximations = useMemo(
    () => [...new Set((all ?? []).map((run) => approximationName(run.spec.approximations)))].sort(),
    [all],
  );

  if (all === undefined) {
    return (
      <Stack>
        <h1>Results</h1>
        {runs.error === null ? (
          <Waiting what="the results" height={600} />
        ) : (
          <Failure title="The results cannot be read" reason={runs.error} retry={runs.retry} />
        )}
      </Stack>
    );
  }

  const rows = all.filter(
    (run) =>
      (view.state === null || run.state === view.state) &&
      (view.approximation === null ||
        approximationName(run.spec.approximations) === view.approximation),
  );
  const selected = view.compare.flatMap((id) => all.find((run) => run.id === id) ?? []);
  const missing = view.compare.length - selected.length;

  return (
    <Stack>
      <header className={classes.header}>
        <h1>Results</h1>
        <Button component={Link} href="/new" leftSection={<Icon name="play" size={15} />}>
          New run
        </Button>
      </header>

      {all.length === 0 ? (
        <Empty title="No runs yet" action={{ href: '/new', word: 'Set up a run' }}>
          Every run will stand here with its accuracy, latency, bytes and rounds. Select two of them
          to compare.
        </Empty>
      ) : (
        <>
          <fieldset className={classes.filters} aria-label="Filters">
            <Select
              label="State"
              value={view.state ?? ''}
              options={runStates
                .filter((state) => all.some((run) => run.state === state))
                .map((state) => ({ value: state, word: stateWords[state].word }))}
              onChange={(value) =>
                change({ state: runStates.find((state) => state === value) ?? null })
              }
            />
            <Select
              label="Approximation"
              value={view.approximation ?? ''}
              options={approximations.map((name) => ({ value: name, word: name }))}
              onChange={(value) => change({ approximation: value === '' ? null : value })}
            />
            <span className={classes.mark}>
              <ProvenanceMark of="measured" />
            </span>
            <p className={classes.count} aria-live="polite">
              {rows.length === all.length
                ? `all ${plural(all.length, 'run')}`
                : `${formatCount(rows.length)} of ${plural(all.length, 'run')}`}
              {all.length === limit && ', the newest'}
            </p>
          </fieldset>
          {rows.length === 0 ? (
            <div className={classes.none}>
              <p>
                No run is{' '}
                {[
                  view.state === null ? '' : stateWords[view.state].word.toLowerCase(),
                  view.approximation ?? '',
                ]
                  .filter((word) => word !== '')
                  .join(' and uses ')}
                .
              </p>
              <Button
                variant="default"
                onClick={() => change({ state: null, approximation: null })}
              >
                Drop the filters
              </Button>
            </div>
          ) : (
            <RunsTable
              runs={rows}
              selected={selected}
              onSelect={(chosen) => change({ compare: keepOrder(view.compare, chosen) })}
            />
          )}
          <Selection
            selected={selected}
            missing={missing}
            onClear={() => change({ compare: [] })}
          />
        </>
      )}
    </Stack>
  );
}

function Selection({
  selected,
  missing,
  onClear,
}: {
  selected: readonly RunSummary[];
  missing: number;
  onClear: () => void;
}) {
  const finished = selected.filter((run) => run.headline !== null);
  const names = distinctNames(finished.map((run) => run.spec));
  const named: readonly NamedRun[] = finished.map((run, index) => ({
    run,
    name: names[index] ?? run.id,
  }));
  if (selected.length + missing === 0) {
    return <p className={classes.hint}>Select two or more finished runs to compare them here.</p>;
  }
  return (
    <Panel
      title="Comparison"
      note={
        named.length < 2
          ? 'Select one more finished run.'
          : `${plural(named.length, 'run')}, in the order of selection. The address of this page leads back to it.`
      }
      aside={
        <Button variant="default" size="xs" onClick={onClear}>
          Clear selection
        </Button>
      }
    >
      <Stack gap={14}>
        {missing > 0 && (
          <Notice>
            {plural(missing, 'run')} of this address is not among the newest runs here.
          </Notice>
        )}
        {finished.length < selected.length && (
          <Notice>
            Left out, without a result: {plural(selected.length - finished.length, 'selected run')}.
          </Notice>
        )}
        {named.length >= 2 && <Comparison runs={named} />}
      </Stack>
    </Panel>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly word: string }[];
  readonly onChange: (value: string) => void;
}

/** The browser's own select: the best one on a phone and with a keyboard. */
function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <label className={classes.select}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.word}
          </option>
        ))}
      </select>
    </label>
  );
}

function keepOrder(before: readonly string[], chosen: readonly RunSummary[]): readonly string[] {
  const ids = chosen.map((run) => run.id);
  return [...before.filter((id) => ids.includes(id)), ...ids.filter((id) => !before.includes(id))];
}

function readView(query: URLSearchParams): View {
  const state = query.get('state');
  return {
    state: runStates.find((known) => known === state) ?? null,
    approximation: query.get('approx'),
    compare: (query.get('compare') ?? '').split(',').filter((id) => id !== ''),
  };
}

function writeView({ state, approximation, compare }: View): URLSearchParams {
  const query = new URLSearchParams();
  if (state !== null) query.set('state', state);
  if (approximation !== null) query.set('approx', approximation);
  if (compare.length > 0) query.set('compare', compare.join(','));
  return query;
}
