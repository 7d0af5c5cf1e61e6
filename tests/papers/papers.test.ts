/** Papers on a real database: a stored run fills its cell, exports and badge carry what the cell says. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import {
  badge,
  exportTable,
  listPapers,
  priceCells,
  queueCells,
  readCell,
  readFindings,
  readPaper,
} from '../../server/papers/index.ts';
import { forecastOf } from '../../server/papers/predict.ts';
import { findCell } from '../../server/papers/catalog.ts';
import { packageVersion } from '../../server/runs/environment.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const secondsCell = 'puma.t5.puma.bert-64-s';
const bytesCell = 'puma.t5.puma.bert-64-gb';
const scaleCell = 'mpcvit.cifar-10.scale.latency';

const specOf = (id: string) => {
  const { recipe } = findCell(id).cell;
  if (recipe.kind !== 'run') throw new TypeError(`${id} is no run`);
  return recipe.spec;
};

async function headlineOf(id: string, seconds: number): Promise<Headline> {
  const forecast = await forecastOf(specOf(id));
  const median = {
    ...(doneRun.headline as Headline).onlineMs,
    median: seconds * 1000,
    n: 1,
    low: null,
    high: null,
  };
  return {
    ...(doneRun.headline as Headline),
    accuracy: null,
    samples: 1,
    onlineMs: median,
    rounds: forecast?.rounds ?? 0,
    onlineBytesSent: [forecast?.onlineBytes ?? 0, 0, 0],
    dealerBytes: forecast?.dealerBytes ?? 0,
  };
}

const environment = { cpu: 'Zen 4', cores: '2', commit: 'abc123', parley: packageVersion() };

beforeAll(async () => {
  await storeRuns(database.db, [
    {
      id: 'bert64',
      spec: specOf(secondsCell),
      headline: await headlineOf(secondsCell, 7),
      createdAt: new Date(Date.UTC(2026, 10, 1)),
      environment,
      linkVerdict: 'met',
    },
    {
      id: 'older',
      spec: specOf(scaleCell),
      headline: { ...(await headlineOf(scaleCell, 40)), rounds: 1 },
      createdAt: new Date(Date.UTC(2026, 9, 1)),
      environment: { ...environment, commit: 'old111' },
      linkVerdict: 'met',
    },
  ]);
});

test('a run fills its cell, and verifies the bytes of its family', async () => {
  const paper = await readPaper(database.db, 'puma');
  const cells = new Map(
    paper.tables.flatMap((table) => table.cells.map((cell) => [cell.id, cell])),
  );
  expect(cells.get(secondsCell)).toMatchObject({
    result: { value: 7, provenance: 'measured', runId: 'bert64', commit: 'abc123', shipped: false },
    verdict: 'differs',
    reason: 'hardware',
  });
  expect(cells.get(bytesCell)).toMatchObject({ verifiedBy: 'bert64', verdict: 'withinTolerance' });
  // Five are BERT base's or RoBERTa base's on this protocol; no other width, no other protocol.
  const verified = [...cells.values()].filter(({ verifiedBy }) => verifiedBy !== null);
  expect(verified.map(({ id }) => id).toSorted()).toEqual([
    'puma.t3.puma.bert-base-gb',
    'puma.t3.puma.roberta-base-gb',
    'puma.t5.puma.bert-128-gb',
    'puma.t5.puma.bert-256-gb',
    bytesCell,
  ]);
  expect(cells.get('puma.t3.puma.bert-large-gb')).toMatchObject({ verdict: 'predictedOnly' });
  expect(cells.get('puma.t5.puma.gpt2-64-gb')).toMatchObject({ verdict: 'predictedOnly' });
  expect(cells.get('puma.t5.mpcformer.bert-64-gb')).toMatchObject({ verdict: 'predictedOnly' });
  expect(paper.coverage.exactVerified).toBe(5);
  const other = await readCell(database.db, 'puma.t5.puma.bert-256-gb');
  expect(other.family).toBe(
    'bert-base at 64 tokens, of the same family; different are length: 64 for 256.',
  );
  expect((await readCell(database.db, bytesCell)).family).toMatch(/nothing differs/);
  expect(paper.coverage.withRecipe).toBe(paper.coverage.cells);
  expect(paper.lastRunAt).not.toBeNull();
});

test('a run of another engine fills nothing: the cell says so and keeps it in its history', async () => {
  const { cell, history, recipe } = await readCell(database.db, scaleCell);
  expect(cell).toMatchObject({ result: null, verdict: 'notRun', attempts: { otherEngine: 1 } });
  expect(history).toMatchObject([{ runId: 'older', commit: 'old111', value: 40, current: false }]);
  expect(JSON.parse(recipe.json)).toEqual(specOf(scaleCell));
});

test('cells that lack weights say which, and what stands at our own scale', async () => {
  const { cell, recipe, ownScale } = await readCell(database.db, 'mpcformer.imdb.quad-2quad.full');
  expect(cell.verdict).toBe('notTestable');
  expect(cell.explanation).toMatch(/distilled, on IMDb/);
  expect(recipe.missing.map(({ hubId }) => hubId)).toContain('stanfordnlp/imdb');
  expect(ownScale).toMatchObject([{ runId: null }]);
});

test('the price counts what is there; queueing makes the rest, once a spec', async () => {
  const price = await priceCells(database.db, [secondsCell, bytesCell]);
  expect(price).toMatchObject({ runs: 0, there: 1, wallMs: 0 });
  const asked = [scaleCell, scaleCell];
  const { runs, wallMs } = await priceCells(database.db, asked);
  expect(runs).toBe(1);
  expect(wallMs).toBeGreaterThan(1000);
  const context = { db: database.db, queue: rememberingQueue() };
  const { runIds } = await queueCells(context, asked);
  expect(runIds).toHaveLength(1);
  expect((await queueCells(context, asked)).runIds).toEqual([]);
  expect((await readCell(database.db, scaleCell)).cell.attempts.queued).toBe(1);
});

test('no such cell', async () => {
  await expect(readCell(database.db, 'puma.t9.puma.x')).rejects.toThrow(/no cell "puma.t9.puma.x"/);
});

test('findings are of the paper, claims first', async () => {
  for (const { slug, claims } of await listPapers(database.db)) {
    const { findings } = await readFindings(database.db, slug);
    expect(findings.slice(0, claims.length).every(({ kind }) => kind === 'claim')).toBe(true);
    expect(findings.length).toBeGreaterThan(claims.length + 2);
  }
});

test('beside a prediction stands what a run of the same plan counted, and its history', async () => {
  const { cell, history } = await readCell(database.db, bytesCell);
  expect(cell.result?.provenance).toBe('predicted');
  expect(cell.second).toMatchObject({ provenance: 'measured', runId: 'bert64' });
  expect(cell.second?.value).toBeCloseTo(cell.result?.value ?? 0, 9);
  expect(history).toMatchObject([{ runId: 'bert64', provenance: 'measured', current: true }]);
  // Another length of the family: confirmed by that run, and without a number of its own.
  const other = await readCell(database.db, 'puma.t5.puma.bert-256-gb');
  expect(other).toMatchObject({ cell: { second: null }, history: [] });
});

test('a ratio has a history of pairs of one engine commit', async () => {
  const id = 'puma.t5.ratio.bert-64-s';
  expect((await readCell(database.db, id)).history).toEqual([]);
  const theirs = 'puma.t5.mpcformer.bert-64-s';
  const one = { spec: specOf(theirs), headline: await headlineOf(theirs, 21), linkVerdict: 'met' };
  await storeRuns(database.db, [
    { ...one, id: 'theirs', environment, linkVerdict: 'met' },
    { ...one, id: 'foreign', environment: { ...environment, commit: 'zzz' }, linkVerdict: 'met' },
  ]);
  const { cell, history } = await readCell(database.db, id);
  expect(cell.result).toMatchObject({ value: 3, provenance: 'measured' });
  expect(history).toMatchObject([{ value: 3, commit: 'abc123', current: true }]);
});

describe('exports', () => {
  test('CSV: a line per cell, both values, no notes that break a line', async () => {
    const { body } = exportTable(await readPaper(database.db, 'puma'), 't5', 'csv');
    const lines = body.trimEnd().split('\n');
    expect(lines).toHaveLength(37);
    expect(lines[0]).toMatch(/^cell,row,column,unit,reported,result,provenance,ratio,verdict/);
    expect(body).toContain(`${secondsCell},puma,bert-64-s,s,21.141,7,measured,`);
  });
  test('LaTeX: booktabs, as many columns as the head, nothing unescaped', async () => {
    const { body } = exportTable(await readPaper(database.db, 'mpcformer'), 'imdb', 'latex');
    expect(body).toMatch(/\\toprule[\s\S]*\\midrule[\s\S]*\\bottomrule/);
    const rows = body.split('\n').filter((line) => line.endsWith('\\\\'));
    expect(rows).toHaveLength(7);
    for (const row of rows) expect(row.split(/(?<!\\)&/)).toHaveLength(5);
    expect(body.replace(/^%.*$/m, '')).not.toMatch(/(?<!\\)[%#_]/);
  });
  test('Markdown: the grid with both values', async () => {
    const { body } = exportTable(await readPaper(database.db, 'puma'), 't5', 'markdown');
    expect(body).toContain('21.141 / 7 (differs)');
    expect(body).toMatch(/4\.881 \/ 4\.7\d+ \(predicted\) \(within tolerance\)/);
  });
  test('no such table', async () => {
    const paper = await readPaper(database.db, 'puma');
    expect(() => exportTable(paper, 't9', 'csv')).toThrow(/no table "t9"; it has t1, t2/);
  });
});

test('the badge is well-formed and says date and coverage', async () => {
  const [first] = await listPapers(database.db);
  if (first === undefined) throw new TypeError('no paper');
  const svg = badge({ ...first, title: 'A & <B>' }, new Date(Date.UTC(2026, 10, 23)));
  expect(svg).toContain('2026-11-23');
  expect(svg).toContain(`${first.coverage.filled}/${first.coverage.cells} cells`);
  expect(svg).toContain('A &amp; &lt;B&gt;');
  const open = [...svg.matchAll(/<([a-z]+)(?:\s[^>]*[^/>])?>/g)].map(([, name]) => name);
  const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name);
  expect(new Set(open)).toEqual(new Set(closed));
  expect(open).toHaveLength(closed.length);
});
