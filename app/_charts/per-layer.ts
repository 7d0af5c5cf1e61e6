/** Where the bytes and the time of one batch go: a stacked bar for each place of the model. */
import type { Data } from 'plotly.js';
import type { OperationRow } from '../../server/api/schemas/run-view.ts';
import { formatBytes, formatDuration } from '../../server/api/schemas/format.ts';
import { sum } from '../_lib/statistics.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { placeName, placeOf, placesInOrder } from './places.ts';

export const layerMetrics = ['bytes', 'compute', 'wait', 'dealer'] as const;
export type LayerMetric = (typeof layerMetrics)[number];

const metrics: Readonly<
  Record<
    LayerMetric,
    {
      readonly title: string;
      readonly unit: string;
      readonly of: (row: OperationRow) => number;
      readonly format: (value: number) => string;
      readonly sentence: string;
      readonly phase: OperationRow['phase'];
    }
  >
> = {
  bytes: {
    title: 'Bytes sent',
    unit: 'bytes',
    of: (row) => sum(row.bytesSent),
    format: (value) => formatBytes(value),
    sentence: 'Payload bytes sent, summed over the parties',
    phase: 'online',
  },
  compute: {
    title: 'Compute',
    unit: 'ms',
    of: (row) => row.computeMs,
    format: formatDuration,
    sentence: 'Computing time, the slowest party, mean over inferences',
    phase: 'online',
  },
  wait: {
    title: 'Waiting',
    unit: 'ms',
    of: (row) => row.waitMs,
    format: formatDuration,
    sentence: 'Time blocked on the network, the slowest party, mean over inferences',
    phase: 'online',
  },
  dealer: {
    title: 'Bytes sent by the dealer',
    unit: 'bytes',
    of: (row) => row.dealerBytes,
    format: (value) => formatBytes(value),
    sentence: 'Payload bytes that the dealer sent for it',
    phase: 'offline',
  },
};

export interface PerLayerOptions {
  readonly metric: LayerMetric;
  /** How many parts of a path make a place: 1 = layers, 2 = their parts. */
  readonly depth: number;
  readonly theme: ChartTheme;
}

/** Largest operations get a colour each, the rest share the last. */
const namedOperations = 5;

export function perLayerChart(
  operations: readonly OperationRow[],
  { metric, depth, theme }: PerLayerOptions,
): ChartModel {
  const { title, unit, of, format, sentence, phase } = metrics[metric];
  const rows = operations.filter((row) => row.phase === phase && of(row) > 0);
  const places = placesInOrder(
    rows.map((row) => row.path),
    depth,
  );
  const byOperation = new Map<string, number>();
  for (const row of rows) byOperation.set(row.op, (byOperation.get(row.op) ?? 0) + of(row));
  const ranked = [...byOperation].sort((a, b) => b[1] - a[1]).map(([op]) => op);
  const shown = ranked.length > namedOperations + 1 ? ranked.slice(0, namedOperations) : ranked;
  const groups = ranked.length > shown.length ? [...shown, 'others'] : shown;
  const groupOf = (op: string): string => (shown.includes(op) ? op : 'others');

  const cells = groups.map((group) =>
    places.map((place) =>
      sum(
        rows
          .filter((row) => placeOf(row.path, depth) === place && groupOf(row.op) === group)
          .map(of),
      ),
    ),
  );
  const totals = places.map((_, index) => sum(cells.map((values) => values[index] ?? 0)));
  const whole = sum(totals);
  const names = places.map(placeName);
  const share = (value: number): string => `${((value / whole) * 100).toFixed(1)} %`;

  const data: Data[] = groups.map((group, index) => ({
    type: 'bar',
    orientation: 'h',
    name: group,
    y: names,
    x: cells[index] ?? [],
    marker: {
      color: theme.series[index % theme.series.length] ?? theme.ink,
      line: { color: theme.sheet, width: 1 },
    },
    text: names.map((name, place) => `${name}: ${group}, ${format(cells[index]?.[place] ?? 0)}`),
    textposition: 'none',
    hovertemplate: '%{text}<extra></extra>',
  }));
  const heaviest = totals.indexOf(Math.max(...totals, 0));

  return {
    label:
      places.length === 0
        ? `${title} by place in the model: nothing was recorded.`
        : `${title} by place in the model, stacked by operation. Total ${format(whole)}; the largest is ${names[heaviest] ?? ''} with ${format(totals[heaviest] ?? 0)}, ${share(totals[heaviest] ?? 0)}.`,
    // No total of a time: computing and waiting are two pictures of one party's time.
    caption: `${sentence}, one full batch, ${phase} phase.${unit === 'bytes' ? ` Total ${format(whole)}.` : ''} Measured.`,
    howToRead:
      'Each bar is a place in the model, first to last from top to bottom; its pieces are operations. A long piece is where a better approximation or protocol would pay.',
    height: Math.max(170, places.length * (depth === 1 ? 44 : 28) + 70),
    figure: {
      data,
      layout: {
        ...baseLayout(theme),
        barmode: 'stack',
        bargap: 0.34,
        showlegend: true,
        legend: {
          orientation: 'h',
          x: 0,
          xanchor: 'left',
          y: 1,
          yanchor: 'bottom',
          traceorder: 'normal',
        },
        margin: { l: 8, r: 20, t: 34, b: 8 },
        xaxis: {
          ...quietAxis(theme),
          ...ticks(Math.max(...totals, 0), format),
          rangemode: 'tozero',
        },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: places.flatMap((_, place) =>
      groups.flatMap((group, curve) => {
        const value = cells[curve]?.[place] ?? 0;
        return value === 0
          ? []
          : [
              {
                text: `${names[place] ?? ''}, ${group}: ${format(value)}, ${share(value)} of all`,
                curve,
                point: place,
              },
            ];
      }),
    ),
    table: {
      columns: [
        { key: 'place', header: 'Place' },
        ...groups.map((group) => ({ key: `${group}_${unit}`, header: group, format })),
        { key: `total_${unit}`, header: 'Total', format },
      ],
      rows: places.map((place, index) => ({
        place,
        ...Object.fromEntries(
          groups.map((group, curve) => [`${group}_${unit}`, cells[curve]?.[index] ?? 0]),
        ),
        [`total_${unit}`]: totals[index] ?? 0,
      })),
    },
  };
}

/** Four or five round tick values with our own units, since plotly would write "20M". */
export function ticks(
  max: number,
  format: (value: number) => string,
): { tickmode: 'array'; tickvals: number[]; ticktext: string[] } {
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough > 0 ? rough : 1));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const tickvals: number[] = [];
  for (let value = 0; value <= max * 1.02 && tickvals.length < 12; value += step)
    tickvals.push(value);
  // "1.00 s" says nothing that "1 s" does not.
  const short = (value: number): string => format(value).replace(/\.0+(?=\u00a0)/, '');
  return {
    tickmode: 'array',
    tickvals,
    ticktext: tickvals.map((value) => (value === 0 ? '0' : short(value))),
  };
}
