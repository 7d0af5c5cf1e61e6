'use client';
/** The pictures of a comparison, one at a time: Pareto, any two numbers, bars, parallel coordinates. */
import { NativeSelect, SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import {
  chartScales,
  chartViews,
  defaultChart,
  frontCosts,
  type ChartChoice,
  type ChartView,
} from '../../server/api/schemas/compare-chart.ts';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import type { CompareUnits } from '../../server/api/schemas/compare-units.ts';
import { lightTheme, type ChartModel, type ChartTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { compareBars } from '../_charts/compare-bars.ts';
import { axesOf, compareParallel, type Brush } from '../_charts/compare-parallel.ts';
import { compareScatter } from '../_charts/compare-scatter.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import classes from './compare.module.css';

const ParallelBrush = lazy(() => import('./parallel-brush.tsx'));

const viewWords: Readonly<Record<ChartView, string>> = {
  pareto: 'Pareto',
  scatter: 'Scatter',
  bars: 'Bars',
  parallel: 'Parallel',
};

interface CompareChartsProps {
  readonly runs: readonly NamedRun[];
  readonly base: string | null;
  readonly units: CompareUnits;
  readonly compact: boolean;
  /** With `onChart` the page holds it; else this part does. */
  readonly chart?: ChartChoice;
  readonly onChart?: (chart: ChartChoice) => void;
  readonly onOnly?: (ids: readonly string[]) => void;
}

export function CompareCharts({
  runs,
  base,
  units,
  compact,
  chart,
  onChart,
  onOnly,
}: CompareChartsProps) {
  const theme = useChartTheme();
  const metrics = useMemo(() => metricsOf(units), [units]);
  const judged =
    runs.filter(({ run }) => run.headline?.accuracy != null || run.figures?.acc !== undefined)
      .length > 0;
  const [own, setOwn] = useState(chart ?? defaultChart);
  const choice = onChart === undefined ? own : (chart ?? own);
  const { cost, x, y, bar, scale } = choice;
  const [brush, setBrush] = useState<Brush>({});
  // Without accuracies there is no front to draw.
  const open =
    choice.view === 'pareto' && !judged ? 'bars' : (choice.view ?? (judged ? 'pareto' : 'bars'));
  const set = (part: Partial<ChartChoice>): void =>
    (onChart ?? setOwn)({ ...choice, view: open, ...part });
  const draw = (colours: ChartTheme, small: boolean): ChartModel => {
    const pick = (id: string) => metricById(metrics, id);
    switch (open) {
      case 'pareto':
        return compareScatter(runs, { x: pick(cost), y: pick('accuracy'), scale, theme: colours });
      case 'scatter':
        return compareScatter(runs, { x: pick(x), y: pick(y), scale, theme: colours });
      case 'bars':
        return compareBars(runs, { metric: pick(bar), base, theme: colours, compact: small });
      case 'parallel':
        return compareParallel(runs, { metrics, theme: colours, brush });
    }
  };
  // Lists are new after every poll; what the picture shows is this.
  const key = runs.map(({ run, name }) => `${run.id} ${run.state} ${name}`).join('\n');
  const model = useMemo(
    () => draw(theme, compact),
    // oxlint-disable-next-line react/exhaustive-deps
    [key, theme, compact, open, cost, x, y, bar, scale, base, metrics, brush],
  );
  const forExport = useMemo(
    () => draw(lightTheme, false),
    // oxlint-disable-next-line react/exhaustive-deps
    [key, open, cost, x, y, bar, scale, base, metrics, brush],
  );
  if (runs.length === 0) return null;
  const choices = metrics.map(({ id, label }) => ({ value: id, label }));
  const select = (label: string, value: string, pick: (id: string) => void, data = choices) => (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      onChange={(event) => pick(event.currentTarget.value)}
      data={data}
    />
  );
  return (
    <section aria-label="Charts" className={classes.charts}>
      <div className={classes.tableHead}>
        <h2>{open === 'pareto' ? 'Accuracy against cost' : 'In pictures'}</h2>
        <SegmentedControl
          size="xs"
          aria-label="Picture"
          value={open}
          onChange={(value) => set({ view: value })}
          data={chartViews
            .filter((value) => value !== 'pareto' || judged)
            .map((value) => ({ value, label: viewWords[value] }))}
        />
      </div>
      <ChartFrame
        title={viewWords[open]}
        model={model}
        forExport={forExport}
        controls={
          <>
            {open === 'pareto' &&
              select(
                'Cost',
                cost,
                (id) => set({ cost: id }),
                choices.filter(({ value }) => frontCosts.some((id) => id === value)),
              )}
            {open === 'scatter' && (
              <>
                {select('Horizontal', x, (id) => set({ x: id }))}
                {select('Vertical', y, (id) => set({ y: id }))}
              </>
            )}
            {open === 'bars' && select('Number shown', bar, (id) => set({ bar: id }))}
            {(open === 'pareto' || open === 'scatter') &&
              select(
                'Horizontal scale',
                scale,
                (value) => set({ scale: chartScales.find((one) => one === value) ?? 'auto' }),
                chartScales.map((value) => ({ value, label: `${value} scale` })),
              )}
          </>
        }
      />
      {open === 'parallel' && (
        <Suspense fallback={null}>
          <ParallelBrush
            runs={runs}
            axes={axesOf(runs, metrics)}
            brush={brush}
            onBrush={setBrush}
            {...(onOnly === undefined ? {} : { onOnly })}
          />
        </Suspense>
      )}
    </section>
  );
}
