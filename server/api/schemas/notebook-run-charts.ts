/**
 * Charts of the runs behind a table: what they ask for, and the tables that the answers become. A what-if
 * and a timeline are replayed from recordings, in a worker of the browser or by the command line; both
 * put their numbers into tables here, so that they cannot differ. Browser-safe.
 */
import { formatPercent } from './format.ts';
import type { CellOf } from './notebook-cells.ts';
import type { RunChart } from './notebook-kinds.ts';
import { runCharts } from './notebook-kinds.ts';
import type { Question } from './notebook-evaluate.ts';
import { EvaluationError, valueOf, type Lookup } from './notebook-evaluate-expression.ts';
import {
  columnIndex,
  formatOfKey,
  formatPlain,
  type DataColumn,
  type DataRow,
  type DataTable,
  type PlainValue,
} from './notebook-table.ts';

export interface NamedId {
  readonly id: string;
  /** What a reader calls it; no two of a chart are called alike. */
  readonly name: string;
}

/** What a profile has a bar for. */
export const profileAxes = ['operation', 'place'] as const;
export type ProfileAxis = (typeof profileAxes)[number];
/** What its bars can measure. */
export const profileMeasures = ['time_ms', 'compute_ms', 'wait_ms', 'sent_bytes', 'calls'] as const;

/** Recordings are replayed while somebody drags, so not more than this at once. */
export const mostReplayed = 8;
export const mostProfiled = 6;
/** Beyond what any link is; a typing error, not a network. */
const mostRttMs = 10_000;
const mostMegabits = 1_000_000;

type ChartCell = CellOf<'chart'>;
type RunChartCell = ChartCell & { readonly chart: RunChart };

export const asksForRuns = (cell: ChartCell): cell is RunChartCell =>
  runCharts.some((kind) => kind === cell.chart);

/** Those of them that are replayed from recordings. */
export const asksForRecordings = ({ chart }: ChartCell): boolean =>
  chart === 'whatif' || chart === 'timeline';

/** Runs behind a table's rows, each with a name from one of its columns. */
function namedRuns(table: DataTable, column: string | undefined): readonly NamedId[] {
  const keys = column === undefined ? ['approximation', 'protocol', 'network'] : [column];
  const places = keys.map((key) => columnIndex(table, key)).filter((place) => place >= 0);
  const named = new Map<string, string>();
  for (const { cells, runs } of table.rows) {
    const parts = places.map((place) =>
      formatPlain(cells[place] ?? null, table.columns[place]?.format ?? 'plain'),
    );
    const name = parts.filter((part) => part !== '').join(', ');
    for (const id of runs) if (!named.has(id)) named.set(id, name);
  }
  const times = new Map<string, number>();
  for (const name of named.values()) times.set(name, (times.get(name) ?? 0) + 1);
  return [...named].map(([id, name]) => ({
    id,
    name:
      name === '' ? id.slice(0, 8) : times.get(name) === 1 ? name : `${name} (${id.slice(0, 8)})`,
  }));
}

/** @throws EvaluationError where the expression gives no number, or none that a link can have */
function numberOf(
  what: string,
  source: string | undefined,
  [low, high]: readonly [number, number],
  lookup: Lookup,
): number | null {
  if (source === undefined || source.trim() === '') return null;
  const { value } = valueOf(source, lookup);
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new EvaluationError(
      `${what} is ${value === null ? 'nothing' : String(value)}; give a number from ${low} to ${high}.`,
    );
  }
  return value;
}

/** What such a chart asks. @throws EvaluationError with what to choose instead */
export function runsQuestion(cell: RunChartCell, lookup: Lookup): Question {
  if (cell.table === '') throw new EvaluationError('choose a table.');
  const found = lookup(cell.table);
  if (found === undefined) throw new EvaluationError(`there is no cell named "${cell.table}".`);
  if (found.kind !== 'table')
    throw new EvaluationError(`${cell.table} is a single value, not a table.`);
  if (cell.group !== undefined && columnIndex(found.table, cell.group) < 0) {
    throw new EvaluationError(`${cell.table} has no column "${cell.group}"; choose another.`);
  }
  const runs = namedRuns(found.table, cell.group);
  const [first] = runs;
  if (first === undefined)
    throw new EvaluationError(`no row of ${cell.table} has a run behind it.`);
  switch (cell.chart) {
    case 'whatif': {
      const rttMs = numberOf('the round trip in ms', cell.rtt, [0, mostRttMs], lookup);
      const megabits = numberOf('the rate in Mbit/s', cell.rate, [0.001, mostMegabits], lookup);
      const bitsPerSecond = megabits === null ? null : Math.round(megabits * 1e6);
      return { kind: 'whatif', runs: runs.slice(0, mostReplayed), rttMs, bitsPerSecond };
    }
    case 'timeline':
      return { kind: 'timeline', run: first };
    case 'profile': {
      const by = profileAxes.find((axis) => axis === cell.x) ?? 'operation';
      if (!profileMeasures.some((measure) => measure === cell.y)) {
        throw new EvaluationError(
          `a profile has no "${cell.y}"; choose ${profileMeasures.join(', ')}.`,
        );
      }
      return { kind: 'profile', runs: runs.slice(0, mostProfiled), by };
    }
  }
}

/** Columns of a chart's own table that it shows, the first across and the last up. */
export function chartKeys(cell: ChartCell): readonly string[] {
  switch (cell.chart) {
    case 'whatif':
      return ['name', 'rtt_ms', 'rate_bits_per_second', 'note', 'online_ms_per_sample'];
    case 'profile':
      return ['name', cell.x, cell.y];
    case 'timeline':
      return ['role', 'layer', 'from_ms', 'to_ms', 'sent_bytes', 'wait_ms', 'compute_ms'];
    default:
      return [...new Set([...(cell.group === undefined ? [] : [cell.group]), cell.x, cell.y])];
  }
}

/** What a chart is called where nobody named it. */
export function chartTitle(cell: ChartCell): string {
  if (cell.title !== undefined) return cell.title;
  if (cell.chart === 'whatif') return 'Online time of a sample on another network';
  if (cell.chart === 'profile') return `Where it goes: ${cell.y} by ${cell.x}`;
  return cell.chart === 'timeline' ? 'What every role did' : `${cell.y} over ${cell.x}`;
}

const text = (key: string, label: string): DataColumn => ({
  key,
  label,
  type: 'text',
  format: 'plain',
});
const number = (key: string, label: string): DataColumn => ({
  key,
  label,
  type: 'number',
  format: formatOfKey(key),
});

/** A run on the asked network. Times of a full batch, online unless said; milliseconds. */
export interface WhatIfRow extends NamedId {
  readonly rttMs: number | null;
  /** Null where the link has no limit. */
  readonly bitsPerSecond: number | null;
  readonly samples: number;
  /** Null where it was not replayed; `note` says why. */
  readonly onlineMs: number | null;
  readonly offlineMs: number | null;
  /** The same replay at the run's own network, over what was measured there, less 1. */
  readonly residualShare: number | null;
  readonly note: string;
}

/** What a replay gives; as `WhatIfNumbers` of server/network/replay. */
interface Numbers {
  readonly rttMs: number;
  readonly bitsPerSecond: number | 'unlimited';
  readonly samples: number;
  readonly onlineMs: number | null;
  readonly offlineMs: number | null;
  readonly residualShare: number;
}

/** A row out of a replay's numbers; null where there is no recording. */
export function whatIfRow(
  { id, name }: NamedId,
  numbers: Numbers | null,
  asked: { readonly rttMs: number | null; readonly bitsPerSecond: number | null },
): WhatIfRow {
  if (numbers === null) {
    return {
      id,
      name,
      rttMs: asked.rttMs,
      bitsPerSecond: asked.bitsPerSecond,
      samples: 1,
      onlineMs: null,
      offlineMs: null,
      residualShare: null,
      note: 'no recording here: it came with Parley, is older than recordings are, or was deleted',
    };
  }
  const { bitsPerSecond, onlineMs, residualShare } = numbers;
  return {
    ...numbers,
    id,
    name,
    bitsPerSecond: bitsPerSecond === 'unlimited' ? null : bitsPerSecond,
    note:
      onlineMs === null
        ? `locked: replayed at its own network it is ${formatPercent(Math.abs(residualShare))} off`
        : '',
  };
}

export function whatIfTable(rows: readonly WhatIfRow[]): DataTable {
  return {
    columns: [
      text('run', 'Run id'),
      text('name', 'Run'),
      { key: 'rtt_ms', label: 'Round trip', type: 'number', format: 'duration' },
      number('rate_bits_per_second', 'Rate'),
      number('online_ms_per_sample', 'Online a sample'),
      number('online_ms', 'Online a batch'),
      number('offline_ms', 'Offline a batch'),
      number('residual_share', 'Off at its own network'),
      text('note', 'Note'),
    ],
    rows: rows.map((row): DataRow => ({
      cells: [
        row.id,
        row.name,
        row.rttMs,
        row.bitsPerSecond,
        row.onlineMs === null ? null : row.onlineMs / row.samples,
        row.onlineMs,
        row.offlineMs,
        row.residualShare,
        row.note,
      ],
      runs: [row.id],
      class: 'replayed',
    })),
    total: rows.length,
  };
}

/** What one role did in one layer of the model. Milliseconds from the start of the inference. */
export interface LaneRow {
  readonly role: string;
  readonly layer: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly computeMs: number;
  readonly waitMs: number;
  readonly sentBytes: number;
  readonly messages: number;
}

export function timelineTable(run: NamedId, rows: readonly LaneRow[]): DataTable {
  const cells = (row: LaneRow): PlainValue[] => [
    row.role,
    row.layer,
    row.fromMs,
    row.toMs,
    row.computeMs,
    row.waitMs,
    row.sentBytes,
    row.messages,
  ];
  return {
    columns: [
      text('role', 'Role'),
      text('layer', 'Layer'),
      number('from_ms', 'From'),
      number('to_ms', 'To'),
      number('compute_ms', 'Computing'),
      number('wait_ms', 'Waiting'),
      number('sent_bytes', 'Sent'),
      { key: 'messages', label: 'Messages', type: 'number', format: 'count' },
    ],
    rows: rows.map((row): DataRow => ({ cells: cells(row), runs: [run.id], class: 'replayed' })),
    total: rows.length,
  };
}

/** One operation or place of a run, online. Times are means over inferences, of the slowest party. */
export interface ProfileRow extends NamedId {
  readonly key: string;
  readonly computeMs: number;
  readonly waitMs: number;
  readonly sentBytes: number;
  readonly calls: number;
  readonly class: DataRow['class'];
}

export function profileTable(by: ProfileAxis, rows: readonly ProfileRow[]): DataTable {
  return {
    columns: [
      text('run', 'Run id'),
      text('name', 'Run'),
      text(by, by === 'operation' ? 'Operation' : 'Place'),
      number('time_ms', 'Time'),
      number('compute_ms', 'Computing'),
      number('wait_ms', 'Waiting'),
      number('sent_bytes', 'Sent, all parties'),
      { key: 'calls', label: 'Calls', type: 'number', format: 'count' },
    ],
    rows: rows.map((row): DataRow => ({
      cells: [
        row.id,
        row.name,
        row.key,
        row.computeMs + row.waitMs,
        row.computeMs,
        row.waitMs,
        row.sentBytes,
        row.calls,
      ],
      runs: [row.id],
      class: row.class,
    })),
    total: rows.length,
  };
}
