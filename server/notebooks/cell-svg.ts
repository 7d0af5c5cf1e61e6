/**
 * A chart cell as plain SVG text, in light colours, for whoever has no page: the numbers of the page's
 * chart without its library. Points of different classes of provenance are different series, never joined.
 */
import type { CellOf } from '../api/schemas/notebook-cells.ts';
import { plural } from '../api/schemas/format.ts';
import { frontOf } from '../api/schemas/notebook-front.ts';
import { chartTitle } from '../api/schemas/notebook-run-charts.ts';
import {
  classesOf,
  columnIndex,
  formatPlain,
  type DataColumn,
  type DataRow,
  type DataTable,
  type PlainValue,
} from '../api/schemas/notebook-table.ts';
import { escapeXml } from '../compare/escape.ts';
import { lanes } from './lanes-svg.ts';
import {
  colours,
  cut,
  fixed,
  ink,
  line,
  width,
  word,
  type Colour,
  type Drawn,
} from './svg-pieces.ts';

/** More are no picture; the CSV of the same address has all. */
const mostBars = 40;
const mostPoints = 500;

/** Which columns a chart of this kind draws. */
const axesOf = (cell: CellOf<'chart'>): { x: string; y: string; group: string | null } => {
  if (cell.chart === 'whatif') return { x: 'name', y: 'online_ms_per_sample', group: null };
  if (cell.chart === 'profile') return { x: cell.x, y: cell.y, group: 'name' };
  if (cell.chart === 'timeline') return { x: 'layer', y: 'compute_ms', group: 'role' };
  return { x: cell.x, y: cell.y, group: cell.group ?? null };
};

interface Point {
  readonly x: PlainValue;
  readonly y: number;
  readonly series: string;
}

function pointsOf(table: DataTable, axes: ReturnType<typeof axesOf>): readonly Point[] {
  const [x, y] = [columnIndex(table, axes.x), columnIndex(table, axes.y)];
  const group = axes.group === null ? -1 : columnIndex(table, axes.group);
  const several = classesOf(table.rows).length > 1;
  const seriesOf = ({ cells, class: of }: DataRow): string =>
    [...(group < 0 ? [] : [formatPlain(cells[group] ?? null, 'plain')]), ...(several ? [of] : [])]
      .filter((part) => part !== '')
      .join(', ');
  return table.rows.flatMap((row): Point[] => {
    const value = row.cells[y];
    const at = row.cells[x] ?? null;
    return typeof value === 'number' && at !== null
      ? [{ x: at, y: value, series: seriesOf(row) }]
      : [];
  });
}

function bars(points: readonly Point[], x: DataColumn, y: DataColumn, colour: Colour): Drawn {
  const shown = points.slice(0, mostBars);
  // A series that is the only one tells no bar from another.
  const hasSeries = new Set(shown.map(({ series }) => series)).size > 1;
  const largest = Math.max(...shown.map((point) => point.y), 0) || 1;
  const [left, right] = [250, width - 110];
  const body = shown.flatMap((point, index) => {
    const top = 12 + index * 24;
    const end = left + (Math.max(0, point.y) / largest) * (right - left);
    const name = [formatPlain(point.x, x.format), hasSeries ? point.series : ''].filter(
      (part) => part !== '',
    );
    return [
      word(left - 8, top + 13, cut(name.join(', '), 34), { anchor: 'end', colour: ink }),
      `<rect x="${left}" y="${top}" width="${fixed(end - left)}" height="17" fill="${colour(point.series)}"/>`,
      word(end + 6, top + 13, formatPlain(point.y, y.format), { colour: ink }),
    ];
  });
  return { height: 24 + shown.length * 24, body };
}

const rangeOf = (values: readonly number[]): readonly [number, number] => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
};

/** Points in order, the points that none beats, or none of them. */
type Joins = 'all' | 'front' | 'nothing';

const joinsOf = (chart: CellOf<'chart'>['chart']): Joins =>
  chart === 'lines' ? 'all' : chart === 'pareto' ? 'front' : 'nothing';

function marks(
  points: readonly Point[],
  { x, y, joins }: { readonly x: DataColumn; readonly y: DataColumn; readonly joins: Joins },
  colour: Colour,
): Drawn {
  const shown = points.slice(0, mostPoints);
  const [left, top, right, bottom] = [90, 14, width - 20, 330];
  const words = x.type === 'text' ? [...new Set(shown.map((point) => String(point.x)))] : [];
  const xOf = (point: Point): number =>
    x.type === 'text' ? words.indexOf(String(point.x)) : Number(point.x);
  const [lowX, highX] = rangeOf(shown.map(xOf));
  const [lowY, highY] = rangeOf(shown.map((point) => point.y));
  const placeX = (value: number): number =>
    left + ((value - lowX) / (highX - lowX)) * (right - left);
  const placeY = (value: number): number =>
    bottom - ((value - lowY) / (highY - lowY)) * (bottom - top);
  const ends = (values: readonly number[]): readonly number[] =>
    values.length === 0 ? [] : [...new Set([Math.min(...values), Math.max(...values)])];
  const series = [...new Set(shown.map((point) => point.series))];
  const lines = series.flatMap((name) => {
    const own = shown.filter((point) => point.series === name);
    if (joins === 'nothing') return [];
    const front = joins === 'front' ? frontOf(own, y.key) : null;
    const joined = front ?? own.toSorted((a, b) => xOf(a) - xOf(b));
    // A front is a stair: between two points nobody was measured.
    const way = joined.flatMap((point, index) => {
      const [at, height] = [fixed(placeX(xOf(point))), fixed(placeY(point.y))];
      const before = front?.[index - 1];
      return before === undefined
        ? [`${at},${height}`]
        : [`${at},${fixed(placeY(before.y))}`, `${at},${height}`];
    });
    return [
      `<polyline points="${way.join(' ')}" fill="none" stroke="${colour(name)}" stroke-width="1.5"/>`,
    ];
  });
  const xWords =
    x.type === 'text'
      ? words
          .slice(0, 12)
          .map((text, index) =>
            word(placeX(index), bottom + 18, cut(text, 14), { anchor: 'middle' }),
          )
      : ends(shown.map(xOf)).map((value) =>
          word(placeX(value), bottom + 18, formatPlain(value, x.format), { anchor: 'middle' }),
        );
  return {
    height: 372,
    body: [
      `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="${line}"/>`,
      ...lines,
      ...shown.map(
        (point) =>
          `<circle cx="${fixed(placeX(xOf(point)))}" cy="${fixed(placeY(point.y))}" r="4.5" fill="${colour(point.series)}"/>`,
      ),
      ...xWords,
      ...ends(shown.map((point) => point.y)).map((value) =>
        word(left - 6, placeY(value) + 4, formatPlain(value, y.format), { anchor: 'end' }),
      ),
      word((left + right) / 2, bottom + 36, x.label, { anchor: 'middle', colour: ink }),
      word(left, top - 2, y.label, { colour: ink }),
    ],
  };
}

/** The picture with its title, its classes, and how many rows it has. */
export function chartSvg(table: DataTable, cell: CellOf<'chart'>): string {
  const axes = axesOf(cell);
  const x = table.columns[columnIndex(table, axes.x)];
  const y = table.columns[columnIndex(table, axes.y)];
  const points = x === undefined || y === undefined ? [] : pointsOf(table, axes);
  const series = [...new Set(points.map((point) => point.series))];
  const colour: Colour = (name) => colours[series.indexOf(name) % colours.length] ?? ink;
  const isBars = !['lines', 'scatter', 'pareto'].includes(cell.chart);
  const drawn: Drawn =
    x === undefined || y === undefined || points.length === 0
      ? { height: 40, body: [word(16, 24, 'No row has a number to draw.')] }
      : cell.chart === 'timeline'
        ? lanes(table)
        : isBars
          ? bars(points, x, y, colour)
          : marks(points, { x, y, joins: joinsOf(cell.chart) }, colour);
  const legend = series.length < 2 || isBars ? [] : series.slice(0, 12);
  const head = 34;
  const legendTop = head + drawn.height + 14;
  const foot = legendTop + legend.length * 18;
  const shown = Math.min(points.length, isBars ? mostBars : mostPoints);
  const said = `${y?.label ?? axes.y} over ${x?.label ?? axes.x}; ${plural(shown, 'point')} of ${plural(table.rows.length, 'row')}; ${classesOf(table.rows).join(', ')}`;
  const title = chartTitle(cell);
  const height = foot + 22;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(said)}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    word(16, 22, cut(title, 90), { colour: ink, size: 15 }),
    `<g transform="translate(0 ${head})">`,
    ...drawn.body,
    '</g>',
    ...legend.flatMap((name, index) => [
      `<circle cx="22" cy="${legendTop + index * 18 - 4}" r="4.5" fill="${colour(name)}"/>`,
      word(34, legendTop + index * 18, cut(name, 90)),
    ]),
    word(16, foot + 8, said, { size: 11 }),
    '</svg>',
    '',
  ].join('\n');
}
