'use client';
/** The pictures of a comparison, one at a time: Pareto, any two numbers, bars, parallel coordinates. */
import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import type { CompareUnits } from '../../server/api/schemas/compare-units.ts';
import { lightTheme, type ChartModel, type ChartTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { compareBars } from '../_charts/compare-bars.ts';
import { compareParallel } from '../_charts/compare-parallel.ts';
import { compareScatter, scales, type Scale } from '../_charts/compare-scatter.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import classes from './compare.module.css';

const views = ['pareto', 'scatter', 'bars', 'parallel'] as const;
type View = (typeof views)[number];
const viewWords: Readonly<Record<View, string>> = {
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
}

export function CompareCharts({ runs, base, units, compact }: CompareChartsProps) {
  const theme = useChartTheme();
  const metrics = useMemo(() => metricsOf(units), [units]);
  const judged = runs.filter(({ run }) => run.headline?.accuracy != null || run.figures?.acc !== undefined).length > 0;
  const [view, setView] = useState<View | null>(null);
  const [cost, setCost] = useState('time');
  const [x, setX] = useState('bytes');
  const [y, setY] = useState('time');
  const [bar, setBar] = useState('time');
  const [scale, setScale] = useState<Scale>('auto');
  // Without accuracies there is no front to draw.
  const open = view ?? (judged ? 'pareto' : 'bars');
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
        return compareParallel(runs, { metrics, theme: colours });
    }
  };
  // Lists are new after every poll; what the picture shows is this.
  const key = runs.map(({ run, name }) => `${run.id} ${run.state} ${name}`).join('\n');
  const model = useMemo(
    () => draw(theme, compact),
    // oxlint-disable-next-line react/exhaustive-deps
    [key, theme, compact, open, cost, x, y, bar, scale, base, metrics],
  );
  const forExport = useMemo(
    () => draw(lightTheme, false),
    // oxlint-disable-next-line react/exhaustive-deps
    [key, open, cost, x, y, bar, scale, base, metrics],
  );
  if (runs.length === 0) return null;
  const choices = metrics.map(({ id, label }) => ({ value: id, label }));
  const select = (label: string, value: string, set: (id: string) => void, data = choices) => (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
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
          onChange={(value) => setView(value)}
          data={views
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
                setCost,
                choices.filter(
                  ({ value }) =>
                    value === 'time' ||
                    value === 'bytes' ||
                    value === 'rounds' ||
                    value === 'totalTime',
                ),
              )}
            {open === 'scatter' && (
              <>
                {select('Horizontal', x, setX)}
                {select('Vertical', y, setY)}
              </>
            )}
            {open === 'bars' && select('Number shown', bar, setBar)}
            {(open === 'pareto' || open === 'scatter') &&
              select(
                'Horizontal scale',
                scale,
                (value) => setScale(scales.find((one) => one === value) ?? 'auto'),
                scales.map((value) => ({ value, label: `${value} scale` })),
              )}
          </>
        }
      />
    </section>
  );
}
