/** One cost of several finished runs as bars from zero. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRatio,
} from '../../server/api/schemas/format.ts';
import { hasRandomWeights } from '../../server/api/schemas/run-spec.ts';
import { largest } from '../_lib/statistics.ts';
import type { NamedRun } from './accuracy-latency.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';

export const costMetrics = ['latency', 'bytes', 'rounds'] as const;
export type CostMetric = (typeof costMetrics)[number];

const metrics = {
  latency: {
    title: 'Online latency per review',
    key: 'online_ms_per_sample',
    caption: 'Online latency per review, median',
    format: formatDuration,
  },
  bytes: {
    title: 'Online bytes sent, the busiest party',
    key: 'online_sent_bytes_max',
    caption: 'Payload bytes sent online in one full batch by the party that sends most',
    format: (value: number) => formatBytes(value),
  },
  rounds: {
    title: 'Rounds',
    key: 'rounds',
    caption: 'Rounds of one batch, exact',
    format: formatCount,
  },
} as const;

export function comparisonBars(
  runs: readonly NamedRun[],
  {
    metric,
    theme,
    compact = false,
  }: { readonly metric: CostMetric; readonly theme: ChartTheme; readonly compact?: boolean },
): ChartModel {
  const { key, format } = metrics[metric];
  // Random weights read no reviews.
  const random = runs.some(({ run: { spec } }) => hasRandomWeights(spec));
  const inWords = (text: string): string => (random ? text.replace('review', 'sample') : text);
  const title = inWords(metrics[metric].title);
  const caption = inWords(metrics[metric].caption);
  const bars = runs.flatMap(({ name, run: { headline } }) => {
    if (headline === null) return [];
    const value =
      metric === 'latency'
        ? headline.onlineMsPerSample.median
        : metric === 'bytes'
          ? largest(headline.onlineBytesSent)
          : headline.rounds;
    return [{ name, value }];
  });
  const least = Math.min(...bars.map((bar) => bar.value));
  const text = bars.map(({ value }) =>
    value === least || least <= 0
      ? format(value)
      : `${format(value)}  ${formatRatio(value / least)}`,
  );
  const most = largest(bars.map((bar) => bar.value));
  return {
    label: `${title}: ${bars.map(({ name }, index) => `${name} ${text[index] ?? ''}`).join(', ')}.`,
    caption: `${caption}. Bars start at zero. Measured in this installation.`,
    howToRead: 'Shorter is better. The factor compares with the shortest bar.',
    height: Math.max(130, bars.length * 48 + 50),
    figure: {
      data: [
        {
          type: 'bar',
          orientation: 'h',
          x: bars.map((bar) => bar.value),
          y: bars.map((bar) => bar.name),
          marker: { color: bars.map((_, i) => theme.series[i % theme.series.length] ?? theme.ink) },
          text,
          textposition: 'outside',
          textfont: { color: theme.ink, size: 13 },
          hovertemplate: '%{y}: %{text}<extra></extra>',
          cliponaxis: false,
        },
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.42,
        xaxis: {
          ...quietAxis(theme),
          ...ticks(most, format),
          range: [0, most * (compact ? 1.9 : 1.32)],
        },
        yaxis: {
          ...quietAxis(theme),
          autorange: 'reversed',
          showgrid: false,
          ticksuffix: '  ',
          tickfont: { color: theme.ink, size: 13 },
        },
      },
    },
    stops: bars.map(({ name }, index) => ({
      text: `${name}: ${text[index] ?? ''}`,
      curve: 0,
      point: index,
    })),
    table: {
      columns: [
        { key: 'run', header: 'Run' },
        { key, header: title, format },
      ],
      rows: bars.map(({ name, value }) => ({ run: name, [key]: value })),
    },
  };
}
