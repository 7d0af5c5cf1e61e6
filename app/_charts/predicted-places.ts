/** Before a run: where its bytes will go, as hollow bars, since nothing was measured yet. */
import type { Preview } from '../../server/api/schemas/run-view.ts';
import { formatBytes, formatPercent } from '../_lib/format.ts';
import { sum } from '../_lib/statistics.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';
import { placeName, placeOf, sortPlaces } from './places.ts';

export function predictedPlacesChart(
  byPlace: Preview['byPlace'],
  { theme }: { readonly theme: ChartTheme },
): ChartModel {
  const totals = new Map<string, number>();
  for (const { path, bytesSent } of byPlace) {
    const place = placeOf(path, 1);
    totals.set(place, (totals.get(place) ?? 0) + bytesSent);
  }
  const places = sortPlaces([...totals.keys()]);
  const values = places.map((place) => totals.get(place) ?? 0);
  const whole = sum(values);
  const names = places.map(placeName);
  const colour = theme.series[0] ?? theme.ink;
  return {
    label: `Predicted bytes by place: ${names.map((name, i) => `${name} ${formatBytes(values[i] ?? 0)}`).join(', ')}.`,
    caption: `Payload bytes of one full batch, all parties together, ${formatBytes(whole)}. Predicted from shapes.`,
    howToRead: 'Bars stand in the order of the model. Hollow means predicted.',
    height: Math.max(110, places.length * 30 + 40),
    figure: {
      data: [
        {
          type: 'bar',
          orientation: 'h',
          x: values,
          y: names,
          marker: { color: `${colour}1f`, line: { color: colour, width: 1.5 } },
          text: values.map((value) => formatBytes(value)),
          textposition: 'auto',
          textfont: { color: theme.ink, size: 12.5 },
          hovertemplate: '%{y}: %{text}<extra></extra>',
          cliponaxis: false,
        },
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.36,
        margin: { l: 8, r: 12, t: 4, b: 4 },
        xaxis: {
          ...quietAxis(theme),
          ...ticks(Math.max(...values, 0), (value) => formatBytes(value)),
          showticklabels: false,
        },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: names.map((name, index) => ({
      text: `${name}: ${formatBytes(values[index] ?? 0)}, ${formatPercent((values[index] ?? 0) / whole)} of all`,
      curve: 0,
      point: index,
    })),
    table: {
      columns: [
        { key: 'place', header: 'Place' },
        {
          key: 'predicted_sent_bytes',
          header: 'Predicted bytes',
          format: (value) => formatBytes(value),
        },
      ],
      rows: places.map((place, index) => ({ place, predicted_sent_bytes: values[index] ?? 0 })),
    },
  };
}
