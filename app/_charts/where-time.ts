/** Where the time of a replayed inference goes: one stacked bar a party, or one a place of the model. */
import type { Data } from 'plotly.js';
import type { PartsMs, TimePart, WhereTime } from '../../server/network/replay/where-time.ts';
import { formatDuration, formatPercent } from '../../server/api/schemas/format.ts';
import { sum } from '../_lib/statistics.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';
import { placeName, placeOf, placesInOrder } from './places.ts';

export const partWords: Readonly<Record<TimePart, string>> = {
  compute: 'Compute',
  serialisation: 'Serialisation',
  propagation: 'Propagation',
  waiting: 'Waiting for a peer',
};
const parts: readonly TimePart[] = ['compute', 'serialisation', 'propagation', 'waiting'];

/** critical: the chain of work and messages that makes the latency; else all time of one party. */
export type WhereView = 'parties' | 'critical' | `party ${string}`;

export interface WhereTimeOptions {
  readonly view: WhereView;
  readonly theme: ChartTheme;
}

export const roleWord = (role: WhereTime['last']): string =>
  typeof role === 'number' ? `Party ${role}` : 'Dealer';

interface Bar {
  readonly name: string;
  readonly ms: PartsMs;
  readonly criticalMs: number;
}

function barsOf({ rows, roles }: WhereTime, view: WhereView): Bar[] {
  const total = (parts: PartsMs): number => sum(Object.values(parts));
  if (view === 'parties') {
    return roles.map(({ role, ms }) => ({
      name: roleWord(role),
      ms,
      criticalMs: sum(rows.filter((row) => row.role === role).map((row) => total(row.criticalMs))),
    }));
  }
  const shown = rows
    .filter((row) => view === 'critical' || view === `party ${row.role}`)
    .map((row) => ({ ...row, ms: view === 'critical' ? row.criticalMs : row.ms }))
    .filter((row) => total(row.ms) > 0);
  const nameAt = (row: (typeof shown)[number]): string =>
    row.path === '' && row.op === 'end' ? 'through, the others are not' : placeOf(row.path, 2);
  return placesInOrder(shown.map(nameAt), 2).map((place) => {
    const here = shown.filter((row) => nameAt(row) === place);
    const ms = { compute: 0, serialisation: 0, propagation: 0, waiting: 0 };
    for (const row of here) for (const part of parts) ms[part] += row.ms[part];
    const criticalMs = sum(here.map((row) => total(row.criticalMs)));
    return { name: placeName(place), ms, criticalMs };
  });
}

export function whereTimeChart(where: WhereTime, { view, theme }: WhereTimeOptions): ChartModel {
  const bars = barsOf(where, view);
  const names = bars.map(({ name }) => name);
  const { latencyMs } = where;
  const share = (ms: number): string => formatPercent(latencyMs === 0 ? 0 : ms / latencyMs);
  const totals = bars.map(({ ms }) => sum(Object.values(ms)));
  const all = parts.map((part) => sum(bars.map(({ ms }) => ms[part])));
  const whole = sum(totals);
  const text = (bar: Bar, part: TimePart): string =>
    `${bar.name}: ${partWords[part].toLowerCase()} ${formatDuration(bar.ms[part])}, ${share(bar.ms[part])} of the latency`;
  const data: Data[] = parts.map((part, index) => ({
    type: 'bar',
    orientation: 'h',
    name: partWords[part],
    y: names,
    x: bars.map(({ ms }) => ms[part]),
    marker: {
      color: theme.series[index] ?? theme.ink,
      line: { color: theme.sheet, width: 1 },
    },
    text: bars.map((bar) => text(bar, part)),
    textposition: 'none',
    hovertemplate: '%{text}<extra></extra>',
  }));
  const sums = parts.map(
    (part, i) => `${partWords[part].toLowerCase()} ${formatDuration(all[i] ?? 0)}`,
  );
  const subject =
    view === 'parties' ? 'each party' : view === 'critical' ? 'the critical path' : view;
  return {
    label: `Where the time goes, ${subject}: ${sums.join(', ')}; latency ${formatDuration(latencyMs)}.`,
    caption:
      view === 'parties'
        ? `Every bar is the whole latency, ${formatDuration(latencyMs)}; ${roleWord(where.last)} ends last. One full batch, online, a machine of its own for each party. Replayed.`
        : `The bars sum to the latency, ${formatDuration(whole)}. One full batch, online, a machine of its own for each party. Replayed.`,
    howToRead:
      view === 'critical'
        ? 'From the end backwards: what the last party did, the frame that it had to wait for, what the sender did before that, to the start. Only what is here shortens the latency when it gets faster.'
        : 'Compute is CPU time of the recording. A wait is propagation while the frame travels, serialisation while it leaves the sender (queueing included), and waiting for a peer before that.',
    height: Math.max(190, bars.length * (view === 'parties' ? 48 : 28) + 80),
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
          ...ticks(Math.max(...totals, 0), formatDuration),
          rangemode: 'tozero',
        },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: bars.flatMap((bar, point) =>
      parts.flatMap((part, curve) =>
        bar.ms[part] === 0 ? [] : [{ text: text(bar, part), curve, point }],
      ),
    ),
    table: {
      columns: [
        { key: 'place', header: view === 'parties' ? 'Party' : 'Place' },
        ...parts.map((part) => ({
          key: `${part}_ms`,
          header: partWords[part],
          format: formatDuration,
        })),
        { key: 'total_ms', header: 'Total', format: formatDuration },
        { key: 'critical_ms', header: 'On the critical path', format: formatDuration },
      ],
      rows: bars.map(({ name, ms, criticalMs }, index) => ({
        place: name,
        ...Object.fromEntries(parts.map((part) => [`${part}_ms`, ms[part]])),
        total_ms: totals[index] ?? 0,
        critical_ms: criticalMs,
      })),
    },
  };
}
