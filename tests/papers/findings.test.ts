/** Findings, claims and the report: every sentence has something behind it, whatever has been run. */
import { expect, test } from 'vitest';
import {
  claimVerdicts,
  claimWords,
  verdictIds,
  type CellValue,
  type PaperCell,
  type PaperDetail,
} from '../../server/api/schemas/papers.ts';
import { reportMarkdown } from '../../server/cli/commands/papers.ts';
import { papers } from '../../server/papers/catalog.ts';
import { claimDefinitions, judgeClaims } from '../../server/papers/claims.ts';
import { isRecipe } from '../../server/papers/definition.ts';
import { findingsOf } from '../../server/papers/findings.ts';
import { listPapers, readPaper } from '../../server/papers/index.ts';
import { coverageOf } from '../../server/papers/read-papers.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const value = (number: number): CellValue => ({
  value: number,
  provenance: 'measured',
  n: 1,
  low: null,
  high: null,
  commit: 'abc123',
  at: '2026-11-01T00:00:00.000Z',
  runId: 'run1',
  shipped: false,
  link: 'met',
});

/** The paper as it would stand with these cells. */
function withCells(paper: PaperDetail, change: (cell: PaperCell) => PaperCell): PaperDetail {
  const tables = paper.tables.map((table) => ({ ...table, cells: table.cells.map(change) }));
  const cells = tables.flatMap((table) => table.cells);
  const claims = judgeClaims(paper.slug, new Map(cells.map((cell) => [cell.id, cell])));
  return { ...paper, tables, claims, coverage: coverageOf(cells, cells.length) };
}

const filled = (cell: PaperCell): PaperCell => ({
  ...cell,
  result: value(cell.reported ?? 1),
  ratio: 1,
  verdict: 'reproduced',
});
const blocked = (cell: PaperCell): PaperCell => ({
  ...cell,
  result: null,
  ratio: null,
  verdict: 'notTestable',
});
const waiting = (cell: PaperCell): PaperCell => ({ ...blocked(cell), verdict: 'notRun' });

test.each([
  ['as nothing has run yet', (cell: PaperCell) => cell],
  ['with all cells filled', filled],
  ['with none that can be tested', blocked],
  ['with all waiting', waiting],
])('no sentence lacks a link to a cell or a run: %s', async (_, change) => {
  for (const { slug } of papers) {
    const paper = withCells(await readPaper(database.db, slug), change);
    const known = new Set(paper.tables.flatMap(({ cells }) => cells.map(({ id }) => id)));
    const findings = findingsOf(paper);
    expect(findings.length).toBeGreaterThan(paper.claims.length);
    for (const { words, cells, runIds } of findings) {
      expect(cells.length + runIds.length, words).toBeGreaterThan(0);
      for (const id of cells) expect(known.has(id), id).toBe(true);
      expect(words).not.toMatch(/NaN|Infinity|undefined/);
    }
  }
});

test('every headline claim of the abstracts is there, each with a verdict and its reason', async () => {
  const ids = Object.fromEntries(
    Object.entries(claimDefinitions).map(([slug, claims]) => [slug, claims.map(({ id }) => id)]),
  );
  expect(ids).toEqual({
    mpcformer: ['imdb-speed-up', 'glue-speed-up', 'other-models'],
    puma: ['twice', 'like-plaintext', 'five-minutes'],
    mpcvit: [
      'softmax-latency',
      'mpcformer-latency',
      'the-x-latency',
      'softmax-points',
      'mpcformer-points',
      'the-x-points',
      'plus-front',
    ],
  });
  for (const change of [(cell: PaperCell) => cell, filled, blocked, waiting]) {
    for (const { slug } of papers) {
      const { claims } = withCells(await readPaper(database.db, slug), change);
      expect(claims).toHaveLength(claimDefinitions[slug].length);
      for (const { id, verdict, explanation, cells } of claims) {
        expect(claimVerdicts, id).toContain(verdict);
        expect(explanation, id).not.toBe('');
        expect(cells.length, id).toBeGreaterThan(0);
      }
    }
  }
});

test('what needs absent weights never reads as if it held', async () => {
  const mpcvit = withCells(await readPaper(database.db, 'mpcvit'), filled);
  const points = mpcvit.claims.filter(({ id }) => id.endsWith('-points'));
  expect(points.map(({ verdict }) => verdict)).toEqual(Array(3).fill('notTestable'));
});

test('all cells have a recipe', async () => {
  for (const { coverage } of await listPapers(database.db)) {
    expect(coverage.withRecipe).toBe(coverage.cells);
  }
  expect(isRecipe({ kind: 'missing', missing: [], spec: null, ownScale: [] })).toBe(false);
  const counting = { what: 'bytes', of: 'all', unitBytes: 1 } as const;
  expect(isRecipe({ kind: 'prediction', plans: [], counting, familySpec: null })).toBe(false);
});

test('the report for the README: a row a paper, a row a claim, nothing that breaks the table', async () => {
  const summaries = await listPapers(database.db);
  const [first] = summaries;
  if (first === undefined) throw new TypeError('no paper');
  const lines = reportMarkdown(summaries).split('\n');
  const [head, , ...rest] = lines;
  const fields = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1);
  const end = rest.indexOf('');
  expect(end).toBe(3);
  for (const [index, { title, coverage }] of summaries.entries()) {
    const row = fields(rest[index] ?? '').map((text) => text.trim());
    expect(row).toHaveLength(fields(head ?? '').length);
    expect(row).toEqual([
      title,
      String(coverage.cells),
      String(coverage.filled),
      `${coverage.exactVerified} of ${coverage.exactCells}`,
      ...verdictIds.map((id) => String(coverage.verdicts[id])),
    ]);
  }
  const claims = rest.slice(end + 3);
  expect(claims).toHaveLength(13);
  for (const line of claims) {
    expect(fields(line), line).toHaveLength(4);
    expect(Object.values(claimWords)).toContain(fields(line)[2]?.trim());
  }
  const [claim] = first.claims;
  if (claim === undefined) throw new TypeError('no claim');
  const piped = { ...first, claims: [{ ...claim, explanation: 'a | b' }] };
  expect(fields(reportMarkdown([piped]).split('\n').at(-1) ?? '')).toHaveLength(4);
});
