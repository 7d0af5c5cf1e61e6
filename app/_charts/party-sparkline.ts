/** A live party's (or the dealer's) bytes over time: no axes, the last value is written beside it by the page. */
import { formatBytes } from '../../server/api/schemas/format.ts';
import { baseLayout, type ChartModel, type ChartTheme } from './chart.ts';

export interface SparkPoint {
  /** Since the first event of the run. */
  readonly atMs: number;
  readonly bytesSent: number;
}

export function partySparkline(
  points: readonly SparkPoint[],
  { theme, party }: { readonly theme: ChartTheme; readonly party: number | 'dealer' },
): ChartModel {
  const last = points.at(-1);
  const colour = theme.series[party === 'dealer' ? 5 : ([0, 4, 2][party] ?? 5)] ?? theme.ink;
  const name = party === 'dealer' ? 'The dealer' : `Party ${party}`;
  const sender = party === 'dealer' ? 'the dealer' : `party ${party}`;
  return {
    label: `${name} has sent ${formatBytes(last?.bytesSent ?? 0)} so far.`,
    caption: `Bytes sent by ${sender} since the start. Measured.`,
    howToRead: 'Flat stretches are local computing or waiting.',
    height: 52,
    figure: {
      data: [
        {
          type: 'scatter',
          mode: 'lines',
          x: points.map((point) => point.atMs / 1000),
          y: points.map((point) => point.bytesSent),
          line: { color: colour, width: 2, shape: 'linear' },
          fill: 'tozeroy',
          fillcolor: `${colour}22`,
          hoverinfo: 'skip',
        },
      ],
      layout: {
        ...baseLayout(theme),
        margin: { l: 0, r: 2, t: 4, b: 1 },
        xaxis: { visible: false, fixedrange: true },
        yaxis: { visible: false, fixedrange: true, rangemode: 'tozero' },
      },
    },
    stops: points.map((point, index) => ({
      text: `${(point.atMs / 1000).toFixed(1)} s: ${formatBytes(point.bytesSent)}`,
      curve: 0,
      point: index,
    })),
    table: {
      columns: [
        { key: 'at_s', header: 'Time (s)', format: (value) => value.toFixed(1) },
        { key: 'bytes_sent', header: 'Bytes sent', format: (value) => formatBytes(value) },
      ],
      rows: points.map((point) => ({ at_s: point.atMs / 1000, bytes_sent: point.bytesSent })),
    },
  };
}
