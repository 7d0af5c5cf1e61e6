/**
 * Charts of the runs behind a notebook's table: on another network, by operation or place, and what every
 * role did when. All are drawn of a table whose rows know their class.
 */
import type { Data } from 'plotly.js';
import { formatBitRate, formatDuration, plural } from '../../server/api/schemas/format.ts';
import type { CellOf } from '../../server/api/schemas/notebook-cells.ts';
import {
  formatPlain,
  type DataRow,
  type DataTable,
} from '../../server/api/schemas/notebook-table.ts';
import {
  baseLayout,
  quietAxis,
  type ChartModel,
  type ChartTableModel,
  type ChartTheme,
} from './chart.ts';
import { ticks } from './per-layer.ts';
import { tableChart } from './table-chart.ts';

/** Operations or places that a profile draws; its table has all. */
const mostProfileBars = 25;

const reader = (table: DataTable) => {
  const place = new Map(table.columns.map(({ key }, index) => [key, index]));
  return {
    number: (row: DataRow, key: string): number => {
      const value = row.cells[place.get(key) ?? -1];
      return typeof value === 'number' ? value : 0;
    },
    text: (row: DataRow, key: string): string =>
      formatPlain(row.cells[place.get(key) ?? -1] ?? null, 'plain'),
  };
};

/** One bar a run: its online time of a sample on the asked network. */
function whatIfChart(table: DataTable, theme: ChartTheme): ChartModel {
  const model = tableChart(table, {
    kind: 'bars',
    x: 'name',
    y: 'online_ms_per_sample',
    group: null,
    theme,
  });
  const { number, text } = reader(table);
  const points = new Set(
    table.rows.map((row) => {
      const rate = number(row, 'rate_bits_per_second');
      const rateText = rate === 0 ? 'no limit of the rate' : formatBitRate(rate);
      return `${formatDuration(number(row, 'rtt_ms'))} of round trip and ${rateText}`;
    }),
  );
  const notes = table.rows.flatMap((row) =>
    text(row, 'note') === '' ? [] : [`${text(row, 'name')}: ${text(row, 'note')}.`],
  );
  const where = points.size === 1 ? `At ${[...points].join()}` : 'Each on its own network';
  return {
    ...model,
    label: `What if: ${where}. ${model.label}`,
    caption: [
      `${where}, every role on a machine of its own, one full batch online, a sample's share of it. Replayed from the recordings of the runs, not measured.`,
      ...notes,
    ].join(' '),
    howToRead:
      'Computing times, messages and their order are those of the run; what the link would take is computed anew. A run whose replay at its own network is more than 10 % off what was measured there is locked.',
    table: twinOf(table),
  };
}

/** Every column and row, as they are. */
const twinOf = (table: DataTable): ChartTableModel => ({
  columns: [
    ...table.columns.map(({ key, label, type, format }) => ({
      key,
      header: label,
      ...(type === 'number' ? { format: (value: number) => formatPlain(value, format) } : {}),
    })),
    { key: 'class', header: 'Class' },
  ],
  rows: table.rows.map(({ cells, class: of }) => ({
    ...Object.fromEntries(
      table.columns.map(({ key }, index) => {
        const value = cells[index] ?? null;
        return [key, typeof value === 'boolean' ? String(value) : value];
      }),
    ),
    class: of,
  })),
});

/** The longest operations or places, a group of bars for each. */
function profileChart(
  table: DataTable,
  { x, y }: Pick<CellOf<'chart'>, 'x' | 'y'>,
  theme: ChartTheme,
): ChartModel {
  const { number, text } = reader(table);
  const largest = new Map<string, number>();
  for (const row of table.rows) {
    const key = text(row, x);
    largest.set(key, Math.max(largest.get(key) ?? 0, number(row, y)));
  }
  const keys = [...largest].toSorted((a, b) => b[1] - a[1]).map(([key]) => key);
  const shown = new Set(keys.slice(0, mostProfileBars));
  const runs = new Set(table.rows.map((row) => text(row, 'name')));
  const order = new Map(keys.map((key, index) => [key, index]));
  const rows = table.rows
    .filter((row) => shown.has(text(row, x)))
    .toSorted((a, b) => (order.get(text(a, x)) ?? 0) - (order.get(text(b, x)) ?? 0));
  const model = tableChart(
    { ...table, rows, total: rows.length },
    { kind: 'bars', x, y, group: runs.size > 1 ? 'name' : null, theme },
  );
  return {
    ...model,
    caption: `${model.caption} Online, means over inferences; times are those of the slowest party.${
      shown.size < keys.length
        ? ` The ${shown.size} largest of ${keys.length}; the table has all.`
        : ''
    }`,
    table: twinOf(table),
  };
}

/** A lane for each role; in it each layer as long as it took, what it computed before what it waited. */
function timelineChart(table: DataTable, theme: ChartTheme): ChartModel {
  const { number, text } = reader(table);
  const roles = [...new Set(table.rows.map((row) => text(row, 'role')))];
  const layers = [...new Set(table.rows.map((row) => text(row, 'layer')))];
  const end = Math.max(0, ...table.rows.map((row) => number(row, 'to_ms')));
  const words = (row: DataRow): string =>
    `${text(row, 'role')}, ${text(row, 'layer')}: ${formatDuration(number(row, 'from_ms'))} to ${formatDuration(number(row, 'to_ms'))}, computing ${formatDuration(number(row, 'compute_ms'))}, waiting ${formatDuration(number(row, 'wait_ms'))}`;
  const bars = (name: string, part: 'compute_ms' | 'wait_ms'): Data => ({
    type: 'bar',
    orientation: 'h',
    name,
    y: table.rows.map((row) => text(row, 'role')),
    x: table.rows.map((row) => number(row, part)),
    base: table.rows.map(
      (row) => number(row, 'from_ms') + (part === 'wait_ms' ? number(row, 'compute_ms') : 0),
    ),
    marker: {
      color: table.rows.map(
        (row) =>
          theme.series[layers.indexOf(text(row, 'layer')) % theme.series.length] ?? theme.ink,
      ),
      opacity: part === 'wait_ms' ? 0.3 : 1,
      line: { color: theme.sheet, width: 0.5 },
    },
    customdata: table.rows.map(words),
    hovertemplate: '%{customdata}<extra></extra>',
  });
  const sum = (role: string, key: string): number =>
    table.rows
      .filter((row) => text(row, 'role') === role)
      .reduce((total, row) => total + number(row, key), 0);
  const said = roles.map(
    (role) =>
      `${role} computes ${formatDuration(sum(role, 'compute_ms'))} and waits ${formatDuration(sum(role, 'wait_ms'))}`,
  );
  return {
    label: `Timeline of ${formatDuration(end)}: ${said.join('; ')}.`,
    caption: `One inference, ${formatDuration(end)}, ${plural(layers.length, 'layer')}. Bytes, order and processor times are measured; the clock is replayed at the run’s own network. Replayed.`,
    howToRead:
      'A bar is a layer of the model, full where the role computed and pale where it waited. Inside of a layer both alternate; here all computing comes first. The run’s own page has every message.',
    height: 90 + 46 * roles.length,
    figure: {
      data: [bars('Computing', 'compute_ms'), bars('Waiting', 'wait_ms')],
      layout: {
        ...baseLayout(theme),
        barmode: 'overlay',
        bargap: 0.3,
        margin: { l: 8, r: 20, t: 8, b: 8 },
        xaxis: { ...quietAxis(theme), ...ticks(end, formatDuration), rangemode: 'tozero' },
        yaxis: { ...quietAxis(theme), autorange: 'reversed', showgrid: false, ticksuffix: '  ' },
      },
    },
    stops: table.rows.map((row, point) => ({ text: words(row), curve: 0, point })),
    table: twinOf(table),
  };
}

/** A notebook's chart, of columns or of runs. */
export function notebookChart(
  table: DataTable,
  cell: Pick<CellOf<'chart'>, 'chart' | 'x' | 'y' | 'group'>,
  theme: ChartTheme,
): ChartModel {
  const { chart, x, y, group = null } = cell;
  switch (chart) {
    case 'whatif':
      return whatIfChart(table, theme);
    case 'profile':
      return profileChart(table, { x, y }, theme);
    case 'timeline':
      return timelineChart(table, theme);
    default:
      return tableChart(table, { kind: chart, x, y, group, theme });
  }
}
