/** One operation on every protocol that has it: what a party sends online, and the dealer offline. */
import type { Data } from 'plotly.js';
import type { OperationCostRow } from '../../server/api/routers/learn/operations.ts';
import { formatCount } from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';

const bytes = (value: number): string => `${formatCount(value)}\u00a0B`;

/** `rows` are all of one operation. */
export function operationBytesChart(
  rows: readonly OperationCostRow[],
  { theme }: { readonly theme: ChartTheme },
): ChartModel {
  const op = rows[0]?.op ?? '';
  const shapes = [...new Set(rows.map(({ shape }) => shape))].join(' or ');
  const names = rows.map(({ variant, form }) => `${variant}, ${form}`);
  const online = rows.map(({ bytesSentPerParty }) => bytesSentPerParty);
  const dealer = rows.map(({ dealerBytes }) => dealerBytes);
  const bars = (name: string, x: number[], colour: string): Data => ({
    type: 'bar',
    orientation: 'h',
    name,
    x,
    y: names,
    marker: { color: `${colour}1f`, line: { color: colour, width: 1.5 } },
    text: x.map((value) => (value === 0 ? '' : bytes(value))),
    textposition: 'outside',
    constraintext: 'none',
    textfont: { color: theme.ink, size: 12 },
    hovertemplate: '%{y}: %{text}<extra></extra>',
    cliponaxis: false,
  });
  return {
    label: `Bytes of ${op} by protocol: ${names.map((name, i) => `${name} ${bytes(online[i] ?? 0)} per party, ${bytes(dealer[i] ?? 0)} from the dealer`).join('; ')}.`,
    caption: `Payload bytes of ${op} on operands of shape ${shapes}: sent online by the busiest party, and offline by the dealer. Predicted from shapes.`,
    howToRead:
      'A bar each for a party and for the dealer. Protocols of three parties have no dealer; there the helper’s bytes are part of the parties’ own.',
    height: rows.length * 38 + 70,
    figure: {
      data: [
        bars('a party, online', online, theme.series[0] ?? theme.ink),
        bars('dealer, offline', dealer, theme.series[5] ?? theme.soft),
      ],
      layout: {
        ...baseLayout(theme),
        barmode: 'group',
        bargap: 0.3,
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
        margin: { l: 8, r: 24, t: 32, b: 8 },
        xaxis: {
          ...quietAxis(theme),
          ...ticks(Math.max(...online, ...dealer, 0), bytes),
          // Room for the last bar's label.
          range: [0, 1.14 * Math.max(...online, ...dealer, 1)],
        },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: names.flatMap((name, point) => [
      { text: `${name}: ${bytes(online[point] ?? 0)} per party, online`, curve: 0, point },
      { text: `${name}: ${bytes(dealer[point] ?? 0)} from the dealer, offline`, curve: 1, point },
    ]),
    table: {
      columns: [
        { key: 'protocol', header: 'Protocol' },
        { key: 'form', header: 'Form' },
        { key: 'party_online_bytes', header: 'Party, online (B)', format: formatCount },
        { key: 'dealer_offline_bytes', header: 'Dealer, offline (B)', format: formatCount },
      ],
      rows: rows.map((row) => ({
        protocol: row.variant,
        form: row.form,
        party_online_bytes: row.bytesSentPerParty,
        dealer_offline_bytes: row.dealerBytes,
      })),
    },
  };
}
