/** The table as files: the same numbers as on the page, readable by the plainest reader of each format. */
import { beforeAll, describe, expect, test } from 'vitest';
import { handleTable } from '../../server/api/handle-table.ts';
import { createCaller } from '../../server/api/root.ts';
import { cellText } from '../../server/api/schemas/results-column.ts';
import { columns, defaultColumns } from '../../server/api/schemas/results-columns.ts';
import { defaultView } from '../../server/api/schemas/results-default-view.ts';
import { partsOf } from '../../server/results/table-text.ts';
import { useDatabase } from '../support/database.ts';
import { dealtRun, doneRun, pumaSpec, quadRun, shapeRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const context = async () => ({ connection: database, queue: rememberingQueue() });
const api = createCaller(context);

const all = columns.map(({ id }) => id).join(',');
const note = 'a "quote", a comma\nand 50% of $x_1 & more | =1+1';

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  handleTable(
    new Request(`http://localhost:4300${path}`, {
      headers: { host: 'localhost:4300', ...headers },
    }),
    context,
  );
const textOf = async (path: string): Promise<string> => {
  const response = await get(path);
  expect(response.status).toBe(200);
  return response.text();
};

/** RFC 4180, nothing else: no comments, no index, no second header. */
function parseCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quoted && char === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === ',' || char === '\n')) {
      lines.at(-1)?.push(cell);
      cell = '';
      if (char === '\n') lines.push([]);
    } else cell += char;
  }
  const [head = [], ...rows] = lines.slice(0, -1);
  for (const row of rows) expect(row).toHaveLength(head.length);
  return rows.map((row) => Object.fromEntries(head.map((key, index) => [key, row[index] ?? ''])));
}

beforeAll(async () => {
  const createdAt = new Date('2026-11-20T12:00:00Z');
  await storeRuns(database.db, [
    {
      id: 'puma',
      spec: doneRun.spec,
      headline: doneRun.headline,
      createdAt,
      note,
      tags: ['a', 'b'],
    },
    { id: 'quad', spec: quadRun.spec, headline: quadRun.headline, createdAt, shipped: true },
    { id: 'dealt', spec: dealtRun.spec, headline: dealtRun.headline, createdAt },
    { id: 'shape', spec: shapeRun.spec, headline: shapeRun.headline, createdAt },
    { id: 'waits', spec: pumaSpec, headline: null, createdAt },
  ]);
});

describe('CSV', () => {
  test('numbers are those of the page, in full, in the unit that their column names', async () => {
    const file = parseCsv(await textOf(`/api/results.csv?cols=${all}`));
    const { ids } = await api.results.ids({ q: '' });
    expect(file.map((row) => row['run'])).toEqual(ids);
    const rows = await api.results.rows({ ids: [...ids] });
    let compared = 0;
    for (const [index, row] of rows.entries()) {
      for (const column of columns) {
        const cell = file[index]?.[column.parts[0].key] ?? 'no such column';
        if (column.type !== 'number') continue;
        const shown = cellText(column, row);
        expect(cell === '' ? '' : column.format(Number(cell)), column.id).toBe(shown);
        compared += shown === '' ? 0 : 1;
        for (const { key, value } of column.parts) {
          const stored = value(row);
          expect(file[index]?.[key]).toBe(stored === null ? '' : String(stored));
        }
      }
    }
    expect(compared).toBeGreaterThan(60);
  });

  test('has one header of unique names, plain numbers, empty cells for what is missing', async () => {
    const text = await textOf(`/api/results.csv?cols=${all}`);
    const header = (text.split('\n')[0] ?? '').split(',');
    expect(new Set(header).size).toBe(header.length);
    expect(header).toEqual(partsOf(columns).map(({ key }) => key));
    expect(header.slice(0, 3)).toEqual(['run', 'provenance', 'shipped']);
    for (const key of [
      'online_ms_per_sample',
      'online_sent_bytes_max',
      'rtt_ms',
      'secure_accuracy',
    ]) {
      expect(header).toContain(key);
    }
    const rows = parseCsv(text);
    const numeric = columns.filter(({ type }) => type === 'number').flatMap(({ parts }) => parts);
    for (const row of rows) {
      for (const { key } of numeric) expect(row[key]).toMatch(/^(-?\d+(\.\d+)?(e[+-]\d+)?)?$/);
    }
    const waits = rows.find(({ run }) => run === 'waits');
    expect(waits?.['online_ms_per_sample']).toBe('');
    expect(rows.find(({ run }) => run === 'shape')?.['secure_accuracy']).toBe('');
    expect(rows.map(({ provenance }) => provenance)).toEqual(Array.from(rows, () => 'measured'));
    expect(rows.find(({ run }) => run === 'quad')?.['shipped']).toBe('true');
    expect(rows.find(({ run }) => run === 'puma')?.['note']).toBe(note);
  });

  test('follows query, order, columns, a selection and a saved view', async () => {
    const ids = async (path: string) => parseCsv(await textOf(path)).map(({ run }) => run);
    expect(await ids('/api/results.csv?q=has:accuracy+sort:latency')).toEqual(
      (await api.results.ids({ q: 'has:accuracy sort:latency' })).ids,
    );
    expect(await ids('/api/results.csv?runs=quad,puma')).toEqual(['quad', 'puma']);
    const { id } = await api.views.create({
      name: 'Far',
      state: { ...defaultView, q: 'id=puma', columns: ['name', 'rtt'] },
    });
    const text = await textOf(`/api/results.csv?view=${id}`);
    expect(text.split('\n')[0]).toBe('run,provenance,shipped,approximation,rtt_ms');
    expect(parseCsv(text)).toHaveLength(1);
  });
});

test('JSON holds what CSV holds, as numbers, and says what each key means', async () => {
  const text = await textOf('/api/results.json?q=sort:-rounds');
  const file = JSON.parse(text) as {
    query: string;
    columns: { key: string; label: string }[];
    rows: Record<string, string | number | boolean | null>[];
  };
  const csv = parseCsv(await textOf('/api/results.csv?q=sort:-rounds'));
  expect(file.query).toBe('sort:-rounds');
  expect(file.rows).toHaveLength(csv.length);
  file.rows.forEach((row, index) => {
    for (const [key, value] of Object.entries(row)) {
      expect(value === null ? '' : String(value)).toBe(csv[index]?.[key]);
    }
  });
  const keys = file.columns.map(({ key }) => key);
  expect(keys).toContain('online_ms_per_sample_low');
  expect(JSON.parse(await textOf('/api/results.json?q=id=nobody'))).toMatchObject({ rows: [] });
});

test('Markdown and LaTeX show what the page shows, with provenance, escaped', async () => {
  const rows = await api.results.rows({ ids: ['puma'] });
  const latency = columns.find(({ id }) => id === 'latency');
  const [puma] = rows;
  if (latency === undefined || puma === undefined) throw new Error('no run');
  const query = `runs=puma&cols=${defaultColumns.join(',')},note`;
  const markdown = (await textOf(`/api/results.md?${query}`)).split('\n');
  expect(markdown[0]).toMatch(/^\| Run \| State \|.*\| Note \| Provenance \|$/);
  expect(markdown[1]).toMatch(/^\| :-- \| :-- \|.*--:/);
  expect(markdown[2]).toContain(`| ${cellText(latency, puma)} (`);
  expect(markdown[2]).toMatch(/more \\\| =1\+1 \| measured \|$/);
  const latex = await textOf(`/api/results.tex?${query}`);
  expect(latex).toMatch(
    /^% needs \\usepackage\{booktabs\}\n\\begin\{tabular\}\{[lr]+\}\n\\toprule\n/,
  );
  expect(latex).toContain('81.3~\\%');
  expect(latex).toContain('50\\% of \\$x\\_1 \\& more');
  expect(latex).toMatch(/measured \\\\\n\\bottomrule\n\\end\{tabular\}\n$/);
  const binary = await textOf('/api/results.md?runs=puma&cols=bytes&units=binary');
  expect(binary).toMatch(/\d\u00a0MiB/);
  expect(await textOf('/api/results.md?runs=quad')).toMatch(/measured, shipped \|\n$/);
});

describe('is refused', () => {
  test.each([
    ['/api/results.csv?q=rtt>=40', 400, /40 needs a unit/],
    ['/api/results.csv?cols=name,nope', 400, /cols has "nope"/],
    ['/api/results.csv?view=gone', 404, /no view gone/],
    ['/api/results.xlsx', 404, /there are \/api\/results\.csv/],
  ])('%s', async (path, status, says) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { message: string }).message).toMatch(says);
  });

  test('to other pages and under other names', async () => {
    expect((await get('/api/results.csv', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await get('/api/results.csv', { host: 'evil.example' })).status).toBe(403);
    const ok = await get('/api/results.csv');
    expect(ok.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });
});
