/** Steps of the notebook's editor, the names that a JavaScript text uses, and charts of any column. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lightTheme } from '../../app/_charts/chart.ts';
import { tableChart } from '../../app/_charts/table-chart.ts';
import { edit, newCell, startEdit, type EditAction } from '../../app/_notebook/edit.ts';
import { usedNames } from '../../app/_notebook/free-names.ts';
import { cellSchema, type Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { cellKinds } from '../../server/api/schemas/notebook-kinds.ts';
import { fromPlain, plainInput } from '../../server/api/schemas/notebook-javascript.ts';
import type { CellValue, DataTable } from '../../server/api/schemas/notebook-table.ts';

const empty: Notebook = { title: 'T', cells: [] };

describe('editing', () => {
  const action = fc.oneof(
    fc.record({
      type: fc.constant('insert' as const),
      at: fc.nat(6),
      kind: fc.constantFrom(...cellKinds),
    }),
    fc.record({ type: fc.constant('remove' as const), at: fc.nat(6) }),
    fc.record({
      type: fc.constant('move' as const),
      at: fc.nat(6),
      by: fc.constantFrom(1 as const, -1 as const),
    }),
    fc.record({ type: fc.constant('title' as const), title: fc.constantFrom('A', 'B') }),
  );

  it('every step can be undone and done again', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (steps) => {
        let state = startEdit(empty);
        const seen = [state.notebook];
        for (const step of steps) {
          const id = state.notebook.cells[step.type === 'title' ? 0 : step.at]?.id ?? 'none';
          const next: EditAction =
            step.type === 'insert'
              ? {
                  type: 'insert',
                  at: Math.min(step.at, state.notebook.cells.length),
                  cell: newCell(state.notebook, step.kind),
                }
              : step.type === 'title'
                ? step
                : { ...step, id };
          // Titles that are typed in one go are one step; a selection ends it.
          state = edit(edit(state, { type: 'select', id: state.selected }), next);
          if (state.notebook !== seen.at(-1)) seen.push(state.notebook);
          const { cells } = state.notebook;
          expect(new Set(cells.map((cell) => cell.id)).size).toBe(cells.length);
          expect(
            state.selected === null
              ? cells.length === 0
              : cells.some((cell) => cell.id === state.selected),
          ).toBe(true);
        }
        for (const before of seen.toReversed().slice(1)) {
          state = edit(state, { type: 'undo' });
          expect(state.notebook).toEqual(before);
        }
        for (const after of seen.slice(1)) {
          state = edit(state, { type: 'redo' });
          expect(state.notebook).toEqual(after);
        }
      }),
    );
  });

  it('a new cell of every kind is one that can be kept, with a name of its own', () => {
    let notebook = empty;
    for (const kind of [...cellKinds, ...cellKinds]) {
      const cell = newCell(notebook, kind);
      expect(cellSchema.safeParse(cell).error).toBeUndefined();
      notebook = { ...notebook, cells: [...notebook.cells, cell] };
    }
    const names = notebook.cells.flatMap((cell) =>
      'name' in cell && cell.name !== undefined ? [cell.name] : [],
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('names of a JavaScript text', () => {
  it.each([
    ['return runs.length;', ['runs']],
    ['const runs = []; return runs;', []],
    ['return other.runs;', []],
    ['return { runs: 1 };', []],
    ['return { runs };', ['runs']],
    ['// runs\nreturn "runs";', []],
    ['const { a, b: [c] } = cost; return a + c + (await runs);', ['runs', 'cost']],
    ['return runs.map((cost) => cost.x);', ['runs']],
  ])('%s', (code, expected) => {
    expect(usedNames(code, ['runs', 'cost'])).toEqual(expected);
  });

  it('nothing is said of a text that is half typed', () => {
    expect(usedNames('return (', ['runs'])).toBeNull();
  });
});

const table: DataTable = {
  columns: [
    { key: 'protocol', label: 'Protocol', type: 'text', format: 'plain' },
    { key: 'online_ms', label: 'Online', type: 'number', format: 'duration' },
    { key: 'secure_accuracy', label: 'Accuracy', type: 'number', format: 'percent' },
  ],
  rows: [
    { cells: ['a', 100, 0.9], runs: ['r1'], class: 'measured' },
    { cells: ['b', 200, 0.8], runs: ['r2'], class: 'measured' },
    { cells: ['c', 300, 0.95], runs: ['r3'], class: 'measured' },
    { cells: ['d', 50, 0.99], runs: [], class: 'predicted' },
    { cells: ['e', null, 0.5], runs: ['r5'], class: 'measured' },
  ],
  total: 5,
};
const inputs: Record<string, CellValue> = { runs: { kind: 'table', table } };

describe('what leaves the sandbox', () => {
  it('a row that went in keeps its class; one that claims more than it can show does not', () => {
    const [first] = plainInput(inputs['runs'] as CellValue) as Record<string, unknown>[];
    const value = fromPlain(
      JSON.stringify([
        first,
        { x: 1, class: 'measured', runs: ['made-up'] },
        { x: 2, class: 'reported', runs: ['r1'] },
      ]),
      inputs,
    );
    if (value.kind !== 'table') throw new Error('no table');
    expect(value.table.rows.map((row) => [row.class, row.runs])).toEqual([
      ['measured', ['r1']],
      ['computed', ['r1', 'r2', 'r3', 'r5']],
      ['computed', ['r1', 'r2', 'r3', 'r5']],
    ]);
    expect(value.table.columns.find(({ key }) => key === 'online_ms')?.format).toBe('duration');
  });

  it.each([
    ['3', 3],
    ['"x"', 'x'],
    ['true', true],
  ])('%s is a value', (json, expected) => {
    expect(fromPlain(json, inputs)).toMatchObject({
      kind: 'scalar',
      scalar: { value: expected, classes: ['computed'] },
    });
  });

  it.each([
    ['null', /return a number/],
    ['{"a":1}', /return a number/],
    ['[1,2]', /return a number/],
    ['[{"a":{"b":1}}]', /a of row 1/],
    [JSON.stringify(Array.from({ length: 2001 }, () => ({ a: 1 }))), /2001 rows/],
    [
      JSON.stringify([Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 1]))]),
      /101 columns/,
    ],
    [JSON.stringify([{ a: 'x'.repeat(3000) }]), /a of row 1/],
  ])('is refused where it is no plain table (%#)', (json, problem) => {
    expect(() => fromPlain(json, inputs)).toThrow(problem);
  });
});

describe('a chart of a table', () => {
  const options = { x: 'online_ms', y: 'secure_accuracy', group: null, theme: lightTheme };

  it('never joins classes in one series or one front', () => {
    const { figure, caption, stops } = tableChart(table, { ...options, kind: 'pareto' });
    const lines = figure.data.filter((trace) => 'mode' in trace && trace.mode === 'lines') as {
      x: number[];
    }[];
    expect(lines.map(({ x }) => x)).toEqual([[100, 300], [50]]);
    expect(caption).toContain('4 points');
    expect(caption).toContain('1 row without a number left out');
    expect(caption).toContain('measured, predicted');
    expect(stops).toHaveLength(4);
  });

  it('has the same numbers in its table, with the class of each', () => {
    const { table: twin } = tableChart(table, {
      ...options,
      kind: 'bars',
      x: 'protocol',
      y: 'online_ms',
    });
    expect(twin.columns.map(({ key }) => key)).toEqual(['protocol', 'online_ms', 'class']);
    expect(twin.rows[3]).toEqual({ protocol: 'd', online_ms: 50, class: 'predicted' });
  });

  it('of columns that are not there is empty, not broken', () => {
    expect(tableChart(table, { ...options, kind: 'lines', x: 'nope' }).figure.data).toEqual([]);
  });
});
