/**
 * Any two columns of a notebook's table: bars, lines, scatter, or a Pareto front. Points of different
 * classes of provenance never join in one line or one front.
 */
import { frontOf, isGain } from '../../server/api/schemas/notebook-front.ts';
import type { Data } from 'plotly.js';
import type { ColumnChart } from '../../server/api/schemas/notebook-kinds.ts';
import {
  columnIndex,
  formatPlain,
  type DataColumn,
  type DataTable,
  type PlainValue,
  type RowClass,
} from '../../server/api/schemas/notebook-table.ts';
import { plural } from '../../server/api/schemas/format.ts';
import {
  baseLayout,
  quietAxis,
  type ChartModel,
  type ChartStop,
  type ChartTheme,
} from './chart.ts';

/** More are no picture: the table has all of them, and the caption says so. */
export const mostPoints = 500;
const mostBars = 60;
/** Colours for more series than this could not be told apart. */
const mostSeries = 6;

export interface TableChartOptions {
  readonly kind: ColumnChart;
  readonly x: string;
  readonly y: string;
  readonly group: string | null;
  readonly theme: ChartTheme;
}

interface Point {
  readonly x: PlainValue;
  readonly y: number;
  readonly group: string;
  readonly class: RowClass;
  readonly text: string;
}

interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

function pointsOf(table: DataTable, options: TableChartOptions): readonly Point[] {
  const [x, y, group] = [options.x, options.y, options.group ?? ''].map((key) =>
    columnIndex(table, key),
  ) as [number, number, number];
  const [columnX, columnY] = [table.columns[x], table.columns[y]];
  if (columnX === undefined || columnY === undefined) return [];
  return table.rows.flatMap(({ cells, class: of }): Point[] => {
    const value = cells[y] ?? null;
    const at = cells[x] ?? null;
    if (typeof value !== 'number' || at === null) return [];
    const name = group < 0 ? '' : formatPlain(cells[group] ?? null, 'plain');
    const text = [
      ...(name === '' ? [] : [name]),
      `${columnX.label} ${formatPlain(at, columnX.format)}`,
      `${columnY.label} ${formatPlain(value, columnY.format)}`,
      of,
    ].join(', ');
    return [{ x: at, y: value, group: name, class: of, text }];
  });
}

/** One series for each group and class. */
function seriesOf(points: readonly Point[]): readonly Series[] {
  const classes = new Set(points.map((point) => point.class));
  const names = new Map<string, Point[]>();
  for (const point of points) {
    const name = [
      ...(point.group === '' ? [] : [point.group]),
      ...(classes.size > 1 ? [point.class] : []),
    ].join(', ');
    names.set(name, [...(names.get(name) ?? []), point]);
  }
  return [...names].map(([name, all]) => ({ name, points: all }));
}

const symbols = ['circle', 'diamond', 'square', 'triangle-up', 'x', 'cross'] as const;
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];

/** "a", "a (2)", "a (3)" where a name comes back. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function dataOf(
  series: readonly Series[],
  { kind, y, theme }: TableChartOptions,
  x: DataColumn,
): Data[] {
  const isText = x.type === 'text';
  return series.map(({ name, points }, index): Data => {
    const colour = theme.series[index % mostSeries] ?? theme.ink;
    const shared = {
      name,
      x: points.map((point) => (isText ? formatPlain(point.x, x.format) : point.x)) as (
        | string
        | number
      )[],
      y: points.map((point) => point.y),
      customdata: points.map((point) => point.text),
      hovertemplate: '%{customdata}<extra></extra>',
    };
    if (kind === 'bars') {
      // Bars of one place would be piled up into a sum that nobody measured: each gets a place of its own.
      return {
        ...shared,
        x: distinct(shared.x.map(String)),
        type: 'bar',
        marker: { color: colour },
      };
    }
    const marker = { color: colour, size: 9, symbol: symbols[index % symbols.length] ?? 'circle' };
    if (kind === 'lines') {
      return {
        ...shared,
        type: 'scatter',
        mode: 'lines+markers',
        marker,
        line: { color: colour, dash: (dashes[index % dashes.length] ?? 'solid') as 'solid' },
      };
    }
    const front = kind === 'pareto' ? new Set(frontOf(points, y)) : null;
    const opacity = points.map((point) => (front === null || front.has(point) ? 1 : 0.4));
    return { ...shared, type: 'scatter', mode: 'markers', marker: { ...marker, opacity } };
  });
}

function frontLines(series: readonly Series[], { y, theme }: TableChartOptions): Data[] {
  return series.map(({ points }, index) => {
    const front = frontOf(points, y);
    return {
      type: 'scatter',
      mode: 'lines',
      x: front.map((point) => point.x as number),
      y: front.map((point) => point.y),
      line: { color: theme.series[index % mostSeries] ?? theme.ink, shape: 'hv', width: 1.5 },
      hoverinfo: 'skip',
      showlegend: false,
    };
  });
}

/** Ticks are plain numbers: the axis says in which unit. */
const units: Partial<Record<DataColumn['format'], string>> = {
  duration: 'ms',
  bytes: 'bytes',
  rate: 'bit/s',
};
function axisLabel(column: DataColumn | undefined, key: string): string {
  if (column === undefined) return key;
  const unit = units[column.format];
  return unit === undefined ? column.label : `${column.label}, ${unit}`;
}

export function tableChart(table: DataTable, options: TableChartOptions): ChartModel {
  const { kind, x, y, theme } = options;
  const places = [x, y, ...(options.group === null ? [] : [options.group])].map((key) =>
    columnIndex(table, key),
  );
  const chosen = [...new Set(places)].flatMap((place) => table.columns[place] ?? []);
  const columnX = table.columns[columnIndex(table, x)];
  const columnY = table.columns[columnIndex(table, y)];
  const all = pointsOf(table, options);
  const shown = all.slice(0, kind === 'bars' ? mostBars : mostPoints);
  const sorted = kind === 'lines' ? shown.toSorted((a, b) => Number(a.x) - Number(b.x)) : shown;
  const series = columnX === undefined ? [] : seriesOf(sorted);
  const stops: ChartStop[] = series.flatMap(({ points }, curve) =>
    points.map((one, point) => ({ text: one.text, curve, point })),
  );
  const labels = { x: columnX?.label ?? x, y: columnY?.label ?? y };
  const axes = { x: axisLabel(columnX, x), y: axisLabel(columnY, y) };
  const left = table.rows.length - all.length;
  const caption = [
    `${labels.y} over ${labels.x}, ${plural(shown.length, 'point')}${shown.length < all.length ? `, the first of ${all.length}; the table has all` : ''}.`,
    left > 0 ? `${plural(left, 'row')} without a number left out.` : '',
    `Classes: ${[...new Set(all.map((point) => point.class))].join(', ') || 'none'}.`,
  ];
  return {
    label: `${labels.y} over ${labels.x}: ${all
      .slice(0, 5)
      .map(({ text }) => text)
      .join('; ')}${all.length > 5 ? ' and more' : ''}.`,
    caption: caption.filter((text) => text !== '').join(' '),
    howToRead:
      kind === 'pareto'
        ? `The line joins points that no other of their class beats in both; ${isGain(y) ? 'up' : 'down'} and left is better. Paler points are beaten.`
        : kind === 'bars'
          ? 'Bars start at zero, so their lengths compare.'
          : 'Each point is a row of the table; colours and shapes are its groups and classes.',
    height: 360 + (series.length > 1 ? 22 * Math.ceil(series.length / 2) : 0),
    figure: {
      data: [
        ...(columnX === undefined ? [] : dataOf(series, options, columnX)),
        ...(kind === 'pareto' ? frontLines(series, options) : []),
      ],
      layout: {
        ...baseLayout(theme),
        margin: { l: 8, r: 16, t: 8, b: 8 },
        showlegend: series.length > 1,
        legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 },
        barmode: 'group',
        xaxis: {
          ...quietAxis(theme),
          title: { text: axes.x },
          ...(columnX?.type === 'text' || kind === 'bars' ? { type: 'category' } : {}),
        },
        yaxis: {
          ...quietAxis(theme),
          title: { text: axes.y },
          ...(kind === 'bars' ? { rangemode: 'tozero' } : {}),
        },
      },
    },
    stops,
    table: {
      columns: [
        ...chosen.map(({ key, label, type, format }) => ({
          key,
          header: label,
          ...(type === 'number' ? { format: (value: number) => formatPlain(value, format) } : {}),
        })),
        { key: 'class', header: 'Class' },
      ],
      rows: table.rows.map(({ cells, class: of }) => ({
        ...Object.fromEntries(
          chosen.map(({ key }) => {
            const value = cells[columnIndex(table, key)] ?? null;
            return [key, typeof value === 'boolean' ? String(value) : value];
          }),
        ),
        class: of,
      })),
    },
  };
}
