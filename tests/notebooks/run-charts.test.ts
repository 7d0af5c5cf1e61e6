/** Charts of runs: what they ask, the tables that answers become, and their pictures as SVG. */
import { describe, expect, test } from 'vitest';
import { notebookChart } from '../../app/_charts/run-charts.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import type { Cell, CellOf } from '../../server/api/schemas/notebook-cells.ts';
import { evaluateNotebook } from '../../server/api/schemas/notebook-evaluate.ts';
import { graphOf } from '../../server/api/schemas/notebook-graph.ts';
import {
  profileTable,
  timelineTable,
  whatIfRow,
  whatIfTable,
} from '../../server/api/schemas/notebook-run-charts.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import { chartSvg } from '../../server/notebooks/cell-svg.ts';

const runs: DataTable = {
  columns: [
    { key: 'approximation', label: 'Approximation', type: 'text', format: 'plain' },
    { key: 'online_ms_per_sample', label: 'Online', type: 'number', format: 'duration' },
  ],
  rows: [
    { cells: ['PUMA', 900], runs: ['r1'], class: 'measured' },
    { cells: ['Quad', 300], runs: ['r2'], class: 'measured' },
    { cells: ['Quad', 310], runs: ['r3'], class: 'measured, shipped' },
  ],
  total: 3,
};
const pinned = { at: '2026-11-23T12:00:00Z', value: { kind: 'table', table: runs } } as const;
const slider = (name: string, value: number): Cell => ({
  id: name,
  kind: 'input',
  name,
  label: name,
  control: { kind: 'slider', min: 0, max: 1000, step: 1, value },
});
const table: Cell = { id: 'q', kind: 'query', name: 'runs', source: '', pinned: { ...pinned } };
const chart = (more: Partial<CellOf<'chart'>>): CellOf<'chart'> => ({
  id: 'c',
  kind: 'chart',
  chart: 'whatif',
  table: 'runs',
  x: '',
  y: '',
  ...more,
});
const questionOf = (cells: Cell[]) => evaluateNotebook({ cells }, new Map()).results.get('c');

describe('what a what-if asks', () => {
  test('follows its inputs: another value, another question', () => {
    const cell = chart({ name: 'there', rtt: 'delay', rate: 'rate / 2' });
    const cells = [cell, table, slider('delay', 40), slider('rate', 200)];
    expect(graphOf(cells).uses.get('c')?.toSorted()).toEqual(['delay', 'q', 'rate']);
    expect(questionOf(cells)?.question).toEqual({
      kind: 'whatif',
      runs: [
        { id: 'r1', name: 'PUMA' },
        { id: 'r2', name: 'Quad (r2)' },
        { id: 'r3', name: 'Quad (r3)' },
      ],
      rttMs: 40,
      bitsPerSecond: 1e8,
    });
    const moved = questionOf([cell, table, slider('delay', 41), slider('rate', 200)]);
    expect(moved?.question).toMatchObject({ rttMs: 41 });
    expect(moved?.outcome).toEqual({ status: 'waiting' });
  });

  test('without inputs each run stays on its own network', () => {
    expect(questionOf([chart({}), table])?.question).toMatchObject({
      rttMs: null,
      bitsPerSecond: null,
    });
  });

  test('what no link can be is an error that names the field', () => {
    for (const [more, word] of [
      [{ rate: '0' }, 'the rate in Mbit/s is 0'],
      [{ rtt: '-1' }, 'the round trip in ms is -1'],
      [{ rtt: 'nobody' }, 'nobody'],
      [{ table: '' }, 'choose a table'],
      [{ group: 'nope' }, 'no column "nope"'],
    ] as const) {
      const outcome = questionOf([chart(more), table])?.outcome;
      expect([more, outcome]).toEqual([
        more,
        { status: 'error', message: expect.stringContaining(word) },
      ]);
    }
  });

  test('a table without runs behind it has nothing to replay', () => {
    const none: Cell = {
      ...table,
      pinned: {
        ...pinned,
        value: {
          kind: 'table',
          table: { ...runs, rows: runs.rows.map((row) => ({ ...row, runs: [] })) },
        },
      },
    };
    expect(questionOf([chart({}), none])?.outcome).toMatchObject({
      status: 'error',
      message: expect.stringContaining('no row of runs has a run'),
    });
  });
});

const point = { rttMs: 40, bitsPerSecond: 1e8 };
const numbers = { ...point, samples: 2, onlineMs: 3000, offlineMs: null, residualShare: 0.02 };
const whatIf = whatIfTable([
  whatIfRow({ id: 'r1', name: 'PUMA' }, numbers, point),
  whatIfRow({ id: 'r2', name: 'Quad' }, { ...numbers, onlineMs: null, residualShare: 0.3 }, point),
  whatIfRow({ id: 'r3', name: 'Gone' }, null, point),
]);
const profile = profileTable('operation', [
  {
    id: 'r1',
    name: 'PUMA',
    key: 'gelu',
    computeMs: 5,
    waitMs: 20,
    sentBytes: 100,
    calls: 2,
    class: 'measured',
  },
  {
    id: 'r2',
    name: 'Quad',
    key: 'gelu',
    computeMs: 1,
    waitMs: 2,
    sentBytes: 10,
    calls: 2,
    class: 'measured',
  },
  {
    id: 'r1',
    name: 'PUMA',
    key: 'matmul',
    computeMs: 50,
    waitMs: 1,
    sentBytes: 900,
    calls: 8,
    class: 'measured',
  },
]);
const lanes = timelineTable({ id: 'r1', name: 'PUMA' }, [
  {
    role: 'Party 0',
    layer: 'embedding',
    fromMs: 0,
    toMs: 10,
    computeMs: 4,
    waitMs: 6,
    sentBytes: 8,
    messages: 1,
  },
  {
    role: 'Party 1',
    layer: 'embedding',
    fromMs: 1,
    toMs: 12,
    computeMs: 5,
    waitMs: 6,
    sentBytes: 9,
    messages: 2,
  },
]);

describe('pictures', () => {
  const of = (kind: 'whatif' | 'profile' | 'timeline', from: DataTable) =>
    notebookChart(from, { chart: kind, x: 'operation', y: 'time_ms' }, lightTheme);

  test('a what-if is replayed in every row and says so; a run that is locked has no number', () => {
    expect(whatIf.rows.map((row) => row.class)).toEqual(['replayed', 'replayed', 'replayed']);
    expect(whatIf.rows[0]?.cells[4]).toBe(1500);
    const model = of('whatif', whatIf);
    expect(model.stops).toHaveLength(1);
    expect(model.caption).toContain('Replayed');
    expect(model.caption).toContain('40.0');
    expect(model.caption).toContain('Quad: locked');
    expect(model.caption).toContain('Gone: no recording');
    expect(model.table.rows).toHaveLength(3);
  });

  test('a profile has the largest first and a series for each run', () => {
    const model = of('profile', profile);
    expect(model.figure.data).toHaveLength(2);
    expect(model.stops[0]?.text).toContain('PUMA');
    expect(model.stops[0]?.text).toContain('matmul');
    expect(model.table.rows).toHaveLength(3);
  });

  test('a timeline has every role, and its table every row', () => {
    const model = of('timeline', lanes);
    expect(model.label).toContain('Party 0 computes');
    expect(model.table.rows).toHaveLength(2);
    expect(model.table.columns.map(({ key }) => key)).toContain('class');
  });

  test.each([
    ['whatif', whatIf],
    ['profile', profile],
    ['timeline', lanes],
    ['pareto', runs],
    ['lines', runs],
    ['bars', runs],
  ] as const)(
    '%s as SVG: well formed, with its classes, nothing of a text as a mark',
    (kind, from) => {
      const cell = chart({
        chart: kind,
        x: kind === 'profile' ? 'operation' : 'approximation',
        y: kind === 'profile' ? 'time_ms' : 'online_ms_per_sample',
        title: '<script>alert(1)</script>',
      });
      const svg = chartSvg(from, cell);
      expect(svg.startsWith('<svg ')).toBe(true);
      expect(svg).not.toContain('<script');
      expect(svg).not.toContain('NaN');
      expect(svg).toContain(from.rows[0]?.class ?? '');
      expect(svg.match(/<g /g)).toHaveLength(svg.match(/<\/g>/g)?.length ?? 0);
    },
  );

  test('a timeline as SVG has a lane for each role, as long as it took', () => {
    const svg = chartSvg(lanes, chart({ chart: 'timeline' }));
    const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="30"/g)];
    // Computing and waiting of each row.
    expect(bars).toHaveLength(2 * lanes.rows.length);
    expect(new Set(bars.map(([, , y]) => y)).size).toBe(
      new Set(lanes.rows.map(({ cells: [role] }) => role)).size,
    );
    for (const [, x, , wide] of bars) expect(Number(x) + Number(wide)).toBeLessThanOrEqual(740.2);
    expect(svg).toContain('computing');
  });

  test('the front of a Pareto chart is a stair, of its own class only', () => {
    const number = (key: string) => ({ key, label: key, type: 'number', format: 'plain' }) as const;
    const row = (bytes: number, ms: number, of: 'measured' | 'imported') => ({
      cells: [bytes, ms],
      runs: [],
      class: of,
    });
    const costs: DataTable = {
      columns: [number('bytes'), number('online_ms')],
      rows: [
        row(1, 90, 'measured'),
        row(2, 40, 'measured'),
        row(3, 60, 'measured'),
        row(1, 10, 'imported'),
      ],
      total: 4,
    };
    const stairs = (kind: 'pareto' | 'scatter'): number[] =>
      [
        ...chartSvg(costs, chart({ chart: kind, x: 'bytes', y: 'online_ms' })).matchAll(
          /<polyline points="([^"]+)"/g,
        ),
      ].map(([, points = '']) => points.split(' ').length);
    expect(stairs('scatter')).toEqual([]);
    // Two steps of what was measured, the beaten point left out; the imported point is alone.
    expect(stairs('pareto')).toEqual([3, 1]);
  });

  test('a chart without a number to draw says so', () => {
    const empty = { ...runs, rows: [], total: 0 };
    expect(chartSvg(empty, chart({ chart: 'bars', x: 'approximation', y: 'nope' }))).toContain(
      'No row has a number',
    );
  });
});
