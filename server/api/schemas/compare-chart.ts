/**
 * Which picture of a comparison is meant, as an address says it: `pareto,bytes`, `scatter,bytes,time,log`,
 * `bars,rounds`, `parallel`. The page, the pictures by suffix and the embeds read it. Browser-safe.
 */
import { metricsOf } from './compare-metrics.ts';
import { defaultUnits } from './compare-units.ts';

export const chartViews = ['pareto', 'scatter', 'bars', 'parallel'] as const;
export type ChartView = (typeof chartViews)[number];
export const chartScales = ['auto', 'linear', 'log'] as const;
export type ChartScale = (typeof chartScales)[number];

/** Costs that a front can be drawn against. */
export const frontCosts = ['time', 'bytes', 'rounds', 'totalTime'] as const;

export interface ChartChoice {
  /** Null: accuracy against time where accuracies are known, else bars. */
  readonly view: ChartView | null;
  /** Metric of the front's horizontal axis. */
  readonly cost: string;
  /** Metrics of the scatter's axes. */
  readonly x: string;
  readonly y: string;
  /** Metric of the bars. */
  readonly bar: string;
  readonly scale: ChartScale;
}

export const defaultChart: ChartChoice = {
  view: null,
  cost: 'time',
  x: 'bytes',
  y: 'time',
  bar: 'time',
  scale: 'auto',
};

const metricIds: readonly string[] = metricsOf(defaultUnits).map(({ id }) => id);

/** Words that are not understood leave the default. */
export function readChart(text: string | null): ChartChoice {
  const [first = '', ...rest] = (text ?? '').split(',');
  const view = chartViews.find((one) => one === first) ?? null;
  const scale = chartScales.find((one) => rest.includes(one)) ?? 'auto';
  const [a, b] = rest.filter((word) => metricIds.includes(word));
  const { cost, x, y, bar } = defaultChart;
  switch (view) {
    case 'pareto':
      return { ...defaultChart, view, scale, cost: frontCosts.find((id) => id === a) ?? cost };
    case 'scatter':
      return { ...defaultChart, view, scale, x: a ?? x, y: b ?? y };
    case 'bars':
      return { ...defaultChart, view, bar: a ?? bar };
    default:
      return { ...defaultChart, view };
  }
}

/** Empty for the default. What another picture would show is left out. */
export function writeChart({ view, cost, x, y, bar, scale }: ChartChoice): string {
  const scaled = scale === 'auto' ? [] : [scale];
  switch (view) {
    case null:
      return '';
    case 'pareto':
      return ['pareto', cost, ...scaled].join(',');
    case 'scatter':
      return ['scatter', x, y, ...scaled].join(',');
    case 'bars':
      return ['bars', bar].join(',');
    case 'parallel':
      return 'parallel';
  }
}
