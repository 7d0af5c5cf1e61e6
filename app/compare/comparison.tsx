'use client';
/**
 * Runs next to each other: verdict, charts, every number, and for two runs where the difference went.
 * The same on its own page, below the results, on Home and in a frozen copy.
 */
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { ChartChoice } from '../../server/api/schemas/compare-chart.ts';
import {
  hasNumbers,
  type NamedRun,
  type RunProfile,
} from '../../server/api/schemas/compare-run.ts';
import { defaultUnits, type CompareUnits } from '../../server/api/schemas/compare-units.ts';
import { verdictOf } from '../../server/api/schemas/compare-verdict.ts';
import { plural } from '../../server/api/schemas/format.ts';
import { Waiting } from '../_components/states.tsx';
import classes from './compare.module.css';
import { CompareCharts } from './compare-charts.tsx';
import { DiffTable } from './diff-table.tsx';
import { UnitSwitch } from './unit-switch.tsx';
import { Verdict } from './verdict.tsx';

const PairDifference = lazy(() => import('./pair-difference.tsx'));

interface ComparisonProps {
  readonly runs: readonly NamedRun[];
  /** Id of the pinned run; the first where null. */
  readonly base?: string | null;
  /** With `onUnits` the page holds them; else this part does. */
  readonly units?: CompareUnits;
  readonly onUnits?: (units: CompareUnits) => void;
  /** Which picture; with `onChart` the page holds it. */
  readonly chart?: ChartChoice;
  readonly onChart?: (chart: ChartChoice) => void;
  /** Keeps these runs and hides the others, where the page can. */
  readonly onOnly?: (ids: readonly string[]) => void;
  /** Frozen with the runs: nothing is asked then. */
  readonly profiles?: readonly RunProfile[];
}

export function Comparison({
  runs,
  base,
  units,
  onUnits,
  chart,
  onChart,
  onOnly,
  profiles,
}: ComparisonProps) {
  const [own, setOwn] = useState<CompareUnits>(units ?? defaultUnits);
  const compact = useMediaQuery('(max-width: 40em)') ?? false;
  const shown = onUnits === undefined ? own : (units ?? own);
  const pinned = runs.some(({ run }) => run.id === base)
    ? (base ?? null)
    : (runs[0]?.run.id ?? null);
  const index = Math.max(
    0,
    runs.findIndex(({ run }) => run.id === pinned),
  );
  const verdict = useMemo(() => verdictOf(runs, index, shown), [runs, index, shown]);
  const finished = runs.filter(({ run }) => run.headline !== null);
  const drawn = runs.filter(({ run }) => hasNumbers(run));
  const fewest = Math.min(...finished.flatMap(({ run }) => run.headline?.accuracy?.secure.n ?? []));
  const pin = finished.findIndex(({ run }) => run.id === pinned);
  const a = finished[Math.max(0, pin)];
  const b = finished.length === 2 ? finished[pin === 1 ? 0 : 1] : undefined;
  return (
    <div className={classes.comparison}>
      <Verdict verdict={verdict} />
      {Number.isFinite(fewest) && fewest < 100 && (
        <p className={classes.caution}>
          With {plural(fewest, 'sample')}, accuracies a few points apart cannot be told: look at the
          intervals, and at how many labels differ from plaintext on the same samples.
        </p>
      )}
      <UnitSwitch units={shown} onUnits={onUnits ?? setOwn} />
      <CompareCharts
        runs={drawn}
        base={pinned}
        units={shown}
        compact={compact}
        {...(chart === undefined ? {} : { chart })}
        {...(onChart === undefined ? {} : { onChart })}
        {...(onOnly === undefined ? {} : { onOnly })}
      />
      <DiffTable runs={runs} base={pinned} units={shown} verdict={verdict} />
      {a !== undefined && b !== undefined && (
        <Suspense fallback={<Waiting what="the operations" height={480} />}>
          <PairDifference
            a={a}
            b={b}
            family={shown.family}
            {...(profiles === undefined ? {} : { profiles })}
          />
        </Suspense>
      )}
    </div>
  );
}
