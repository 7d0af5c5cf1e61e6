/** Random notebooks for property tests: every kind of cell, hostile texts, pinned results. */
import fc from 'fast-check';
import type { Cell, Notebook, Pinned } from '../../server/api/schemas/notebook-cells.ts';
import { defaultColumns } from '../../server/api/schemas/results-columns.ts';

/** Texts that a file format stumbles over. */
const nasty = fc.constantFrom(
  '<!-- parley:cell {"id":"x","kind":"markdown"} -->',
  '<!-- parley:pinned -->',
  '<!-- parley:: -->',
  '```',
  '````\n```js\n```',
  '# Title',
  '-->',
  '{{ count(a) }}',
  '\n\n\n',
);
const line = fc.oneof(fc.string({ maxLength: 20 }), nasty);
export const sourceArbitrary = fc
  .array(line, { maxLength: 6 })
  .map((lines) => lines.join('\n').replaceAll('\r', ''));

const nameArbitrary = fc.constantFrom('a', 'b', 'c', 'd', 'runs', 'cost_2');
const word = fc.string({ maxLength: 12 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const pinnedArbitrary = fc.record({
  at: fc.constant('2026-11-23T12:00:00.000Z'),
  value: fc.oneof(
    fc.record({
      kind: fc.constant('scalar' as const),
      scalar: fc.record({
        value: fc.oneof(number, word, fc.boolean(), fc.constant(null)),
        format: fc.constantFrom('plain' as const, 'bytes' as const),
        runs: fc.constant(['r_1']),
        classes: fc.constant(['measured' as const]),
      }),
    }),
    fc.record({
      kind: fc.constant('table' as const),
      table: fc.array(fc.tuple(word, number), { maxLength: 4 }).map((rows) => ({
        columns: [
          { key: 'x', label: 'X', type: 'text' as const, format: 'plain' as const },
          { key: 'y_ms', label: 'Y', type: 'number' as const, format: 'duration' as const },
        ],
        rows: rows.map((cells) => ({
          cells: [...cells],
          runs: ['r_1'],
          class: 'measured' as const,
        })),
        total: rows.length,
      })),
    }),
  ),
}) as unknown as fc.Arbitrary<Pinned>;

const bodies: fc.Arbitrary<Omit<Cell, 'id'>> = fc.oneof(
  fc.record({ kind: fc.constant('markdown' as const), source: sourceArbitrary }),
  fc.record(
    {
      kind: fc.constant('query' as const),
      source: sourceArbitrary,
      name: nameArbitrary,
      columns: fc.constant([...defaultColumns]),
    },
    { requiredKeys: ['kind', 'source'] },
  ),
  fc.record({ kind: fc.constant('assertion' as const), source: sourceArbitrary }),
  fc.record(
    { kind: fc.constant('run' as const), source: sourceArbitrary, name: nameArbitrary },
    { requiredKeys: ['kind', 'source'] },
  ),
  fc.record(
    {
      kind: fc.constant('javascript' as const),
      source: sourceArbitrary,
      name: nameArbitrary,
      uses: fc.array(nameArbitrary, { maxLength: 3 }),
    },
    { requiredKeys: ['kind', 'source', 'uses'] },
  ),
  fc.record(
    {
      kind: fc.constant('chart' as const),
      chart: fc.constantFrom('bars' as const, 'pareto' as const),
      table: nameArbitrary,
      x: word,
      y: word,
      group: word,
    },
    { requiredKeys: ['kind', 'chart', 'table', 'x', 'y'] },
  ),
  fc.record({ kind: fc.constant('compare' as const), table: nameArbitrary }),
  fc.record({
    kind: fc.constant('input' as const),
    name: nameArbitrary,
    label: word,
    control: fc.record({
      kind: fc.constant('slider' as const),
      min: number,
      max: number,
      step: fc.constant(0.5),
      value: number,
    }),
  }),
  fc.record({
    kind: fc.constant('paper' as const),
    paper: fc.constant('puma' as const),
    table: word,
  }),
);

export const cellsArbitrary: fc.Arbitrary<Cell[]> = fc
  .array(fc.tuple(bodies, fc.option(pinnedArbitrary, { nil: undefined, freq: 4 })), {
    maxLength: 10,
  })
  .map((cells) =>
    cells.map(
      ([body, pinned], index) =>
        ({ id: `c${index}`, ...body, ...(pinned === undefined ? {} : { pinned }) }) as Cell,
    ),
  );

export const notebookArbitrary: fc.Arbitrary<Notebook> = fc.record({
  title: fc
    .string({ minLength: 1, maxLength: 40 })
    .map((text) => `T ${text}`.replaceAll(/\s+/g, ' ').trim()),
  cells: cellsArbitrary,
});
