/** Before a run: what its bytes are spent on, part of the model by part, stacked by operation. */
import type { Data } from 'plotly.js';
import type { Preview } from '../../server/api/schemas/run-view.ts';
import { formatBytes, formatCount, formatPercent } from '../../server/api/schemas/format.ts';
import { sum } from '../_lib/statistics.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';
import { placeName, sortPlaces } from './places.ts';

type Rows = Preview['byOperation'];
/** More colours than these nobody tells apart; the smallest operations are one. */
const mostOperations = 5;
const patterns = ['', '/', 'x', '.', '-', '\\'] as const;

const rest = 'all others';

export function predictedOperationsChart(
  rows: Rows,
  { theme }: { readonly theme: ChartTheme },
): ChartModel {
  const both = ({ bytesSent, dealerBytes }: Rows[number]): number => bytesSent + dealerBytes;
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(row.op, (totals.get(row.op) ?? 0) + both(row));
  const ranked = [...totals].sort((a, b) => b[1] - a[1]).map(([op]) => op);
  const named = ranked.slice(0, mostOperations);
  const groups = ranked.length > named.length ? [...named, rest] : named;
  const groupOf = (op: string): string => (named.includes(op) ? op : rest);
  const places = sortPlaces([...new Set(rows.map(({ place }) => place))]);
  const names = places.map(placeName);
  const at = (place: string, group: string): number =>
    sum(rows.filter((row) => row.place === place && groupOf(row.op) === group).map(both));
  const whole = sum(rows.map(both));
  const series = groups.map((group) => ({ group, x: places.map((place) => at(place, group)) }));
  const data = series.map(({ group, x }, index): Data => {
    const colour = theme.series[index % theme.series.length] ?? theme.ink;
    return {
      type: 'bar',
      orientation: 'h',
      name: group,
      x,
      y: names,
      // Lines beside colour, so that neighbours differ without it.
      marker: {
        color: `${colour}33`,
        line: { color: colour, width: 1.2 },
        pattern: { shape: patterns[index % patterns.length] ?? '', fgcolor: colour, size: 5 },
      },
      text: x.map((value) => formatBytes(value)),
      textposition: 'none',
      hovertemplate: `%{y}, ${group}: %{text}<extra></extra>`,
    };
  });
  const largest = Math.max(
    0,
    ...places.map((place) => sum(groups.map((group) => at(place, group)))),
  );
  const ofGroup = (group: string): number => sum(places.map((place) => at(place, group)));
  return {
    label: `Predicted bytes by operation: ${groups.map((group) => `${group} ${formatBytes(ofGroup(group))}`).join('; ')}.`,
    caption: `Payload bytes of one full batch, all parties and the dealer, both phases, ${formatBytes(whole)}. Predicted from shapes.`,
    howToRead:
      'Bars stand in the order of the model; each is stacked by operation. Outlines mean predicted.',
    height: Math.max(130, places.length * 30 + 92),
    figure: {
      data,
      layout: {
        ...baseLayout(theme),
        barmode: 'stack',
        bargap: 0.36,
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
        margin: { l: 8, r: 12, t: 60, b: 24 },
        xaxis: { ...quietAxis(theme), ...ticks(largest, (value) => formatBytes(value)) },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: series.flatMap(({ group, x }, curve) =>
      x.flatMap((value, point) =>
        value === 0
          ? []
          : [
              {
                text: `${names[point] ?? ''}, ${group}: ${formatBytes(value)}, ${formatPercent(value / whole)} of all`,
                curve,
                point,
              },
            ],
      ),
    ),
    table: {
      columns: [
        { key: 'place', header: 'Place' },
        { key: 'operation', header: 'Operation' },
        {
          key: 'predicted_bytes',
          header: 'Parties, online',
          format: (value) => formatBytes(value),
        },
        { key: 'predicted_dealer_bytes', header: 'Dealer', format: (value) => formatBytes(value) },
        { key: 'predicted_rounds', header: 'Rounds, one by one', format: formatCount },
      ],
      rows: places.flatMap((place) =>
        rows
          .filter((row) => row.place === place)
          .map(({ op, bytesSent, dealerBytes, rounds }) => ({
            place,
            operation: op,
            predicted_bytes: bytesSent,
            predicted_dealer_bytes: dealerBytes,
            predicted_rounds: rounds,
          })),
      ),
    },
  };
}
