/** The notebooks that ship: they read, use only names that they have, and are written as the format writes. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mentionedBy, graphOf } from '../../server/api/schemas/notebook-graph.ts';
import { notebookColumns } from '../../server/notebooks/results-table.ts';
import { asksForRuns } from '../../server/api/schemas/notebook-run-charts.ts';
import { readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import { parseExpression, placeholdersOf } from '../../server/api/schemas/notebook-expression.ts';
import { columnsOf } from '../../server/api/schemas/results-columns.ts';
import { mostTableColumns } from '../../server/api/schemas/notebook-table.ts';
import { listShipped, readShipped } from '../../server/notebooks/shipped.ts';

const folder = join(import.meta.dirname, '..', '..', 'benchmarks', 'notebooks');
const files = readdirSync(folder);
const keys = [
  ...new Set(columnsOf(notebookColumns).flatMap(({ parts }) => parts.map(({ key }) => key))),
  'run',
];

test('a query that names no columns has room for all that there are', () => {
  expect(keys.length).toBeLessThanOrEqual(mostTableColumns);
});

test('the list has all of them', async () => {
  expect((await listShipped()).map(({ id }) => id)).toEqual(
    files.toSorted().map((file) => `shipped-${file.replace('.parley.md', '')}`),
  );
  expect(await readShipped('shipped-puma-table-3')).toMatchObject({
    shipped: true,
    title: 'Reproduce PUMA table 3',
  });
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const notebook = readNotebook(text);

  test('is written as the format writes it: a save changes nothing', () => {
    expect(writeNotebook(notebook)).toBe(text);
  });

  test('has no cycle, no double name, and every table that it uses', () => {
    const { errors, owners } = graphOf(notebook.cells);
    expect([...errors]).toEqual([]);
    const known = new Set([
      ...owners.keys(),
      ...keys,
      'class',
      'whose',
      'verdict',
      'unit',
      'ratio',
      'column',
      'row',
      'value',
    ]);
    for (const cell of notebook.cells) {
      for (const name of mentionedBy(cell))
        expect([cell.id, name, known.has(name)]).toEqual([cell.id, name, true]);
    }
  });

  test('has expressions that can be read, and charts of columns that there are', () => {
    for (const cell of notebook.cells) {
      if (cell.kind === 'markdown' || cell.kind === 'query') {
        for (const { text: expression } of placeholdersOf(cell.source))
          expect(() => parseExpression(expression)).not.toThrow();
      }
      if (cell.kind === 'chart' && cell.table !== 't3' && !asksForRuns(cell)) {
        for (const key of [cell.x, cell.y, ...(cell.group === undefined ? [] : [cell.group])])
          expect(keys).toContain(key);
      }
    }
  });

  test('ends with what must hold', () => {
    expect(notebook.cells.some(({ kind }) => kind === 'assertion')).toBe(true);
  });
});

test('each of them, as it is now, was run, and every cell came to a result', () => {
  const path = join(import.meta.dirname, '..', '..', 'benchmarks', 'results', 'notebooks.json');
  const { notebooks } = JSON.parse(readFileSync(path, 'utf8')) as {
    notebooks: { file: string; sha256: string; cells: { id: string; status: string }[] }[];
  };
  // A text that was changed has to be run anew: node benchmarks/web/notebooks.ts
  expect(notebooks.map(({ file, sha256 }) => [file, sha256])).toEqual(
    files.toSorted().map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file), 'utf8'))
        .digest('hex'),
    ]),
  );
  for (const { file, cells } of notebooks)
    for (const { id, status } of cells) expect([file, id, status]).toEqual([file, id, 'ok']);
});
