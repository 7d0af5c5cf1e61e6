/** JavaScript cells without a browser: what they give, and what keeps them in. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answered } from '../../server/api/schemas/notebook-evaluate.ts';
import type { CellValue } from '../../server/api/schemas/notebook-table.ts';
import { openJavascript, type JavascriptChild } from '../../server/notebooks/javascript-child.ts';

let child: JavascriptChild;
beforeAll(async () => {
  child = await openJavascript();
});
const rows: CellValue = {
  kind: 'table',
  table: {
    columns: [{ key: 'x', label: 'X', type: 'number', format: 'plain' }],
    rows: [
      { cells: [1], runs: ['r1'], class: 'measured' },
      { cells: [2], runs: ['r2'], class: 'measured' },
    ],
    total: 2,
  },
};
const run = (code: string): Promise<Answered> =>
  child.run({ kind: 'javascript', code, inputs: { rows } });
const valueOf = async (code: string): Promise<unknown> => {
  const answer = await run(code);
  if (answer.status !== 'ok' || answer.value.kind !== 'scalar')
    throw new Error(JSON.stringify(answer));
  return answer.value.scalar.value;
};

describe('a cell', () => {
  test('has its tables and the helpers', async () => {
    expect(await valueOf('return sum(rows.map((row) => row.x));')).toBe(3);
    const table = await run('return rows.map((row) => ({ ...row, twice: 2 * row.x }));');
    expect(table.status === 'ok' && table.value.kind === 'table' && table.value.table.rows).toEqual(
      [
        { cells: [1, 2], runs: ['r1'], class: 'measured' },
        { cells: [2, 4], runs: ['r2'], class: 'measured' },
      ],
    );
  });

  test.each([
    ['for (;;) {}', 'it was ended after 2 s'],
    ['await (async () => { for (;;) await null; })()', 'it was ended after 2 s'],
    ['await new Promise(() => {})', 'never comes'],
    ['const all = []; for (;;) all.push(new Array(1e6).fill(all.length));', '256 MiB'],
    ['return "x".repeat(3_000_000)', 'at most 2000000'],
    ['return () => 1', 'plain data'],
    ['x x', 'Unexpected identifier'],
    ['throw new Error("mine")', 'mine'],
  ])('%s is an error of the cell', async (code, message) => {
    expect(await run(code)).toMatchObject({
      status: 'error',
      message: expect.stringContaining(message),
    });
  });
});

describe('what keeps it in', () => {
  test('nothing of Node by name, and no text becomes code', async () => {
    expect(await valueOf('return [typeof process, typeof require, typeof fetch].join();')).toBe(
      'undefined,undefined,undefined',
    );
    expect(await run('return Function("return 1")();')).toMatchObject({ status: 'error' });
    await expect(run('return import("node:fs");')).resolves.toMatchObject({ status: 'error' });
  });

  test('the sentence says what this system cannot take away', () => {
    expect(child.isolation).toMatch(/no network\.$|cannot be taken away/);
  });
});
