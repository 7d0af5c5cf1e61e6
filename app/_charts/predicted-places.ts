/** Before a run: where its bytes will go, as hollow bars, since nothing was measured yet. */
import type { Data } from 'plotly.js';
import type { Preview } from '../../server/api/schemas/run-view.ts';
import { formatBytes, formatPercent } from '../../server/api/schemas/format.ts';
import { sum } from '../_lib/statistics.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';
import { placeName, placeOf, sortPlaces } from './places.ts';

export function predictedPlacesChart(
  byPlace: Preview['byPlace'],
  { theme }: { readonly theme: ChartTheme },
): ChartModel {
  const online = new Map<string, number>();
  const offline = new Map<string, number>();
  for (const { path, bytesSent, dealerBytes } of byPlace) {
    const place = placeOf(path, 1);
    online.set(place, (online.get(place) ?? 0) + bytesSent);
    offline.set(place, (offline.get(place) ?? 0) + dealerBytes);
  }
  const places = sortPlaces([...online.keys()]);
  const values = places.map((place) => online.get(place) ?? 0);
  const dealt = places.map((place) => offline.get(place) ?? 0);
  const whole = sum(values);
  const dealer = sum(dealt);
  const names = places.map(placeName);
  const said = (index: number): string =>
    dealer === 0
      ? formatBytes(values[index] ?? 0)
      : `${formatBytes(values[index] ?? 0)} online, ${formatBytes(dealt[index] ?? 0)} from the dealer`;
  const bars = (name: string, x: number[], colour: string): Data => ({
    type: 'bar',
    orientation: 'h',
    name,
    x,
    y: names,
    marker: { color: `${colour}1f`, line: { color: colour, width: 1.5 } },
    text: x.map((value) => formatBytes(value)),
    textposition: 'auto',
    // Bars for two senders are thin; their text stays readable.
    constraintext: 'none',
    textfont: { color: theme.ink, size: 12.5 },
    hovertemplate: '%{y}: %{text}<extra></extra>',
    cliponaxis: false,
  });
  return {
    label: `Predicted bytes by place: ${names.map((name, i) => `${name} ${said(i)}`).join('; ')}.`,
    caption: `Payload bytes of one full batch, all parties together, ${formatBytes(whole)}${dealer === 0 ? '' : ` online; the dealer ${formatBytes(dealer)} offline`}. Predicted from shapes.`,
    howToRead: 'Bars stand in the order of the model. Hollow means predicted.',
    height: Math.max(110, places.length * (dealer === 0 ? 30 : 50) + (dealer === 0 ? 40 : 66)),
    figure: {
      data: [
        bars('parties, online', values, theme.series[0] ?? theme.ink),
        ...(dealer === 0 ? [] : [bars('dealer, offline', dealt, theme.series[5] ?? theme.soft)]),
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.36,
        margin: { l: 8, r: 12, t: dealer === 0 ? 4 : 28, b: 4 },
        ...(dealer === 0
          ? {}
          : {
              barmode: 'group',
              showlegend: true,
              legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
            }),
        xaxis: {
          ...quietAxis(theme),
          ...ticks(Math.max(...values, ...dealt, 0), (value) => formatBytes(value)),
          showticklabels: false,
        },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: names.map((name, index) => ({
      text: `${name}: ${said(index)}, ${formatPercent((values[index] ?? 0) / whole)} of all online`,
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
        ...(dealer === 0
          ? []
          : [
              {
                key: 'predicted_dealer_bytes',
                header: 'Predicted, dealer',
                format: (value: number) => formatBytes(value),
              },
            ]),
      ],
      rows: places.map((place, index) => ({
        place,
        predicted_sent_bytes: values[index] ?? 0,
        ...(dealer === 0 ? {} : { predicted_dealer_bytes: dealt[index] ?? 0 }),
      })),
    },
  };
}
