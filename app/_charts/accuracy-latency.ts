/**
 * Several finished runs: secure accuracy against online latency. Up and to the left is better. Runs
 * with random weights have no accuracy, and no place here.
 */
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import {
  formatDuration,
  formatPercent,
  formatProportion,
  proportionValue,
} from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';

export interface NamedRun {
  readonly name: string;
  readonly run: RunSummary;
}

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'] as const;

export function accuracyLatencyChart(
  runs: readonly NamedRun[],
  { theme }: { readonly theme: ChartTheme },
): ChartModel {
  const finished = runs.flatMap(({ name, run }) =>
    run.headline?.accuracy == null
      ? []
      : [{ name, run, headline: { ...run.headline, accuracy: run.headline.accuracy } }],
  );
  const latencies = finished.map(({ headline }) => headline.onlineMsPerSample.median);
  const right =
    Math.max(...finished.map(({ headline }) => headline.onlineMsPerSample.max), 1) * 1.18;
  const bottom =
    Math.floor(
      (Math.min(...finished.map((r) => r.headline.accuracy.secure.low), 1) * 100 - 1) / 10,
    ) * 10;
  const axis = quietAxis(theme);
  const describe = (index: number): string => {
    const entry = finished[index];
    if (entry === undefined) return '';
    const { name, headline } = entry;
    return `${name}: ${formatProportion(headline.accuracy.secure)}, ${formatDuration(headline.onlineMsPerSample.median)} per review`;
  };
  return {
    label: `Secure accuracy against online latency per review. ${finished.map((_, index) => describe(index)).join('. ')}.`,
    caption: `Secure accuracy (Wilson 95 % interval) against online latency per review (median; interval or range). Accuracy axis from ${Math.max(0, bottom)} to 100 %, latency from zero. Measured in this installation.`,
    howToRead:
      'Better is up and to the left. Two runs whose vertical intervals overlap are not separated in accuracy by this many reviews.',
    height: 320,
    figure: {
      data: finished.map(({ name, headline }, index) => {
        const p = headline.accuracy.secure;
        const time = headline.onlineMsPerSample;
        const colour = theme.series[index % theme.series.length] ?? theme.ink;
        const accuracy = proportionValue(p) * 100;
        return {
          type: 'scatter' as const,
          mode: 'markers' as const,
          name,
          x: [time.median],
          y: [accuracy],
          error_y: {
            type: 'data' as const,
            symmetric: false,
            array: [p.high * 100 - accuracy],
            arrayminus: [accuracy - p.low * 100],
            color: colour,
            thickness: 1.5,
            width: 5,
          },
          error_x: {
            type: 'data' as const,
            symmetric: false,
            array: [(time.high ?? time.max) - time.median],
            arrayminus: [time.median - (time.low ?? time.min)],
            color: colour,
            thickness: 1.5,
            width: 5,
          },
          marker: { size: 12, color: colour, symbol: symbols[index % symbols.length] ?? 'circle' },
          customdata: [describe(index)],
          hovertemplate: '%{customdata}<extra></extra>',
          cliponaxis: false,
        };
      }),
      layout: {
        ...baseLayout(theme),
        // Points of like runs lie close together, so that labels at them would collide.
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 20, t: 12, b: 8 },
        xaxis: {
          ...axis,
          ...ticks(right, formatDuration),
          range: [0, right],
          title: { text: 'Online latency per review', font: { color: theme.soft, size: 12.5 } },
        },
        yaxis: {
          ...axis,
          range: [Math.max(0, bottom), 101],
          ticksuffix: ' %',
          zeroline: false,
          title: { text: 'Secure accuracy', font: { color: theme.soft, size: 12.5 } },
        },
      },
    },
    stops: finished.map((_, index) => ({ text: describe(index), curve: index, point: 0 })),
    table: {
      columns: [
        { key: 'run', header: 'Run' },
        {
          key: 'secure_accuracy_fraction',
          header: 'Secure accuracy',
          format: (value) => formatPercent(value),
        },
        { key: 'n', header: 'n', format: String },
        { key: 'online_ms_per_sample', header: 'Online per review', format: formatDuration },
      ],
      rows: finished.map(({ name, headline }, index) => ({
        run: name,
        secure_accuracy_fraction: proportionValue(headline.accuracy.secure),
        n: headline.accuracy.secure.n,
        online_ms_per_sample: latencies[index] ?? 0,
      })),
    },
  };
}
