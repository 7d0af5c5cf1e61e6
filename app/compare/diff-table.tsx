'use client';
/** Settings and numbers together: what differs, by how much from the pinned run, either way round. */
import { Button, Switch } from '@mantine/core';
import Link from 'next/link';
import { Fragment, useMemo, useState, type ReactNode } from 'react';
import {
  noneOf,
  metricsOf,
  separate,
  type Metric,
} from '../../server/api/schemas/compare-metrics.ts';
import {
  spoilsAccuracy,
  spoilsBytes,
  spoilsTime,
} from '../../server/api/schemas/compare-mismatch.ts';
import { hasNumbers, type NamedRun } from '../../server/api/schemas/compare-run.ts';
import type { CompareUnits } from '../../server/api/schemas/compare-units.ts';
import type { Verdict } from '../../server/api/schemas/compare-verdict.ts';
import { formatRatio, plural } from '../../server/api/schemas/format.ts';
import { settingsOf } from '../../server/api/schemas/spec-settings.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { StateBadge } from '../_components/state-badge.tsx';
import { useLetterKeys } from '../_lib/use-letter-keys.ts';
import classes from './compare.module.css';

interface DiffTableProps {
  readonly runs: readonly NamedRun[];
  readonly base: string | null;
  readonly units: CompareUnits;
  readonly verdict: Verdict;
}

interface Line {
  readonly key: string;
  readonly head: ReactNode;
  readonly cells: readonly ReactNode[];
  readonly equal: boolean;
  readonly isSetting: boolean;
}

/** More columns than this are easier to read as rows. */
const widest = 8;
/** Rows and columns drawn at first; one button draws all. */
const drawn = 40;

export function DiffTable({ runs: all, base, units, verdict }: DiffTableProps) {
  const [onlyDifferent, setOnlyDifferent] = useState<boolean | null>(null);
  const [turned, setTurned] = useState<boolean | null>(null);
  const [whole, setWhole] = useState(false);
  const isTurned = turned ?? all.length > widest;
  useLetterKeys([['t', () => setTurned(!isTurned)]]);
  const runs = useMemo(() => (whole ? all : all.slice(0, drawn)), [whole, all]);
  const only = onlyDifferent ?? all.length > 2;
  const lines = useMemo(
    () => linesOf(all, runs, base, units, verdict),
    [all, runs, base, units, verdict],
  );
  const equal = lines.filter((line) => line.equal).length;
  const shown = only ? lines.filter((line) => !line.equal) : lines;
  const names = runs.map(({ name, run }) => (
    <>
      <Link href={`/runs/${run.id}`}>{name}</Link>
      <span className={classes.note}>
        {run.id === base ? 'baseline · ' : ''}
        <ProvenanceMark of={run.provenance} />
        {run.shipped ? ', shipped' : ''}
      </span>
    </>
  ));
  return (
    <section aria-label="Every number">
      <div className={classes.tableHead}>
        <h2>Every number</h2>
        <div className={classes.actions}>
          <Switch
            size="sm"
            label={`Only what differs${only && equal > 0 ? ` (${equal} equal ones hidden)` : ''}`}
            checked={only}
            onChange={(event) => setOnlyDifferent(event.currentTarget.checked)}
          />
          <Button
            size="xs"
            variant="default"
            aria-keyshortcuts="t"
            title="Key T"
            onClick={() => setTurned(!isTurned)}
          >
            Transpose
          </Button>
        </div>
      </div>
      <Scroll
        label="Comparison table"
        // One row a run may be a thousand of them; one row a number is read to its end.
        className={isTurned ? classes.tableBox : undefined}
      >
        <table className={classes.table}>
          {isTurned ? (
            <>
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  {shown.map((line) => (
                    <th key={line.key} scope="col">
                      {line.head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {runs.map(({ run }, index) => (
                  <tr key={run.id}>
                    <th scope="row">{names[index]}</th>
                    {shown.map((line) => (
                      <td key={line.key} className={line.isSetting ? classes.setting : undefined}>
                        {line.cells[index]}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </>
          ) : (
            <>
              <thead>
                <tr>
                  <th scope="col">
                    <span className="visually-hidden">Quantity</span>
                  </th>
                  {runs.map(({ run }, index) => (
                    <th key={run.id} scope="col">
                      {names[index]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((line) => (
                  <tr key={line.key}>
                    <th scope="row">{line.head}</th>
                    {runs.map(({ run }, index) => (
                      <td key={run.id} className={line.isSetting ? classes.setting : undefined}>
                        {line.cells[index]}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </>
          )}
        </table>
      </Scroll>
      {runs.length < all.length && (
        <Button size="xs" variant="default" mt={8} onClick={() => setWhole(true)}>
          {`Showing ${runs.length} of ${plural(all.length, 'run')}; show all`}
        </Button>
      )}
    </section>
  );
}

/** `all` decides what is equal and best; cells are made for `runs` only. */
function linesOf(
  all: readonly NamedRun[],
  runs: readonly NamedRun[],
  base: string | null,
  units: CompareUnits,
  verdict: Verdict,
): readonly Line[] {
  const lists = all.map(({ run }) => settingsOf(run.spec));
  const settings = (lists[0] ?? []).map(({ name, field }, index): Line => {
    const values = lists.map((list) => list[index]?.value ?? '');
    return {
      key: field,
      head: name,
      cells: values.slice(0, runs.length),
      equal: new Set(values).size === 1,
      isSetting: true,
    };
  });
  const places = [
    ['machine', 'Machine', all.map(({ run }) => run.machine ?? 'not recorded')],
    ['commit', 'Engine commit', all.map(({ run }) => run.commit ?? 'not recorded')],
  ] as const;
  const fingerprints = places.map(([key, head, values]): Line => ({
    key,
    head,
    cells: values.slice(0, runs.length),
    equal: new Set(values).size === 1,
    isSetting: true,
  }));
  const metrics = metricsOf(units).map((metric) => metricLine(metric, all, runs, base, verdict));
  return [...metrics, ...settings, ...fingerprints];
}

function metricLine(
  metric: Metric,
  all: readonly NamedRun[],
  runs: readonly NamedRun[],
  base: string | null,
  verdict: Verdict,
): Line {
  const figures = all.map(({ run }) => metric.of(run));
  const known = figures.filter((figure) => figure !== null);
  const pinned = figures[all.findIndex(({ run }) => run.id === base)] ?? null;
  const sign = metric.better === 'more' ? -1 : 1;
  const best = known.toSorted((a, b) => sign * (a.value - b.value))[0];
  const spoils =
    metric.id === 'accuracy' ? spoilsAccuracy : metric.exact ? spoilsBytes : spoilsTime;
  const ranks =
    metric.better !== null &&
    known.length > 1 &&
    !verdict.mismatches.some(({ kind }) => spoils.includes(kind));
  const cells = runs.map(({ run }, index) => {
    const figure = figures[index] ?? null;
    if (figure === null) {
      if (!hasNumbers(run)) return <StateBadge key={run.id} state={run.state} />;
      return run.headline === null ? 'not in the file' : noneOf(metric, run);
    }
    const isBest = ranks && best !== undefined && !separate(best, figure, metric.exact);
    const delta =
      pinned === null || run.id === base ? '' : difference(metric, pinned.value, figure.value);
    return (
      <Fragment key={run.id}>
        <span className={isBest ? classes.best : classes.value} title={String(figure.value)}>
          {metric.format(figure.value)}
        </span>
        {delta !== '' && <span className={classes.delta}>{delta}</span>}
        {figure.note !== '' && <span className={classes.note}>{figure.note}</span>}
      </Fragment>
    );
  });
  const values = figures.map((figure) => figure?.value ?? null);
  return {
    key: metric.id,
    head: (
      <>
        {metric.label}
        {metric.better !== null && (
          <span title={`${metric.better} is better`}>
            {metric.better === 'more' ? ' ↑' : ' ↓'}
            <span className="visually-hidden"> {metric.better} is better</span>
          </span>
        )}
      </>
    ),
    cells,
    equal: new Set(values).size === 1,
    isSetting: false,
  };
}

/** "+0.31 s, ×1.20"; points for shares, since a ratio of accuracies misleads. */
function difference(metric: Metric, from: number, to: number): string {
  const delta = to - from;
  if (delta === 0) return 'equal';
  const text = `${delta > 0 ? '+' : ''}${metric.format(delta)}`;
  if (metric.id === 'accuracy' || metric.id === 'plaintext')
    return `${text.replace(/\s%$/, '')} points`;
  return from === 0 ? text : `${text}, ${formatRatio(to / from)}`;
}
