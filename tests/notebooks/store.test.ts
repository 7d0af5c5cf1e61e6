/** Notebooks on a real database: saves of two tabs, versions, forks, undo, questions, permalinks. */
import { TRPCError } from '@trpc/server';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { writeFrozenNotebook } from '../../server/notebooks/frozen.ts';
import { runHeadless } from '../../server/notebooks/run-headless.ts';
import { parseNotebook } from '../../server/notebooks/store.ts';
import { readPermalink } from '../../server/permalinks/read-permalink.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun, pumaSpec, quadSpec } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue })).notebooks;

const headline = doneRun.headline as Headline;
beforeAll(async () => {
  await storeRuns(database.db, [
    { id: 'puma', spec: pumaSpec, headline },
    { id: 'quad', spec: quadSpec, headline: { ...headline, rounds: 400 }, shipped: true },
  ]);
});

const textOf = (cells: Cell[], title = 'Mine'): string => writeNotebook({ title, cells });
const textIn = ({ content }: OpenNotebook): string =>
  content.kind === 'notebook' ? writeNotebook(content.notebook) : content.text;
const markdown = (source: string): Cell => ({ id: 'm', kind: 'markdown', source });
const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
  );

describe('keeping', () => {
  test('create, list, save, read', async () => {
    const { id, version } = await api.create({ text: textOf([markdown('one')]) });
    expect(version).toBe(1);
    const saved = await api.save({ id, base: 1, text: textOf([markdown('two')], 'Renamed') });
    expect(saved).toMatchObject({ status: 'saved', version: 2 });
    expect(await api.get({ id })).toMatchObject({ title: 'Renamed', version: 2, shipped: false });
    expect((await api.list())[0]).toMatchObject({ id, title: 'Renamed' });
  });

  test('of two tabs the second is told, and both texts are still there', async () => {
    const { id } = await api.create({ text: textOf([markdown('start')]) });
    const [first, second] = [textOf([markdown('first')]), textOf([markdown('second')])];
    const answers = await Promise.all([
      api.save({ id, base: 1, text: first }),
      api.save({ id, base: 1, text: second }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['conflict', 'saved']);
    const conflict = answers.find((answer) => answer.status === 'conflict');
    const winner = answers[0]?.status === 'saved' ? first : second;
    expect(conflict?.status === 'conflict' && textIn(conflict.theirs)).toBe(winner);
    const copy = await api.fork({ id, text: winner === first ? second : first });
    expect(copy).toMatchObject({ title: 'Copy of Mine', forkedFrom: { id, title: 'Mine' } });
    expect(textIn(await api.get({ id }))).toBe(winner);
  });

  test('a version has a name, can be read and gone back to, and that can be taken back', async () => {
    const { id } = await api.create({ text: textOf([markdown('one')]) });
    await api.keepVersion({ id, name: 'first words' });
    await api.save({ id, base: 1, text: textOf([markdown('two')]) });
    const back = await api.restoreVersion({ id, number: 1, base: 2 });
    expect(back).toMatchObject({ status: 'saved', notebook: { version: 3 } });
    expect(back.status === 'saved' && textIn(back.notebook)).toBe(textOf([markdown('one')]));
    expect((await api.versions({ id })).map(({ name }) => name)).toEqual([
      'before going back to first words',
      'first words',
    ]);
    expect((await api.version({ id, number: 2 })).text).toBe(textOf([markdown('two')]));
    expect(await api.restoreVersion({ id, number: 1, base: 2 })).toMatchObject({
      status: 'conflict',
    });
    expect(await codeOf(api.version({ id, number: 9 }))).toBe('NOT_FOUND');
  });

  test('what is deleted is gone from everywhere, until it is brought back', async () => {
    const { id } = await api.create({ text: textOf([]) });
    await api.remove({ id });
    expect((await api.list()).some((one) => one.id === id)).toBe(false);
    expect(await codeOf(api.get({ id }))).toBe('NOT_FOUND');
    expect(await codeOf(api.save({ id, base: 1, text: textOf([]) }))).toBe('NOT_FOUND');
    expect(await api.undelete({ id })).toMatchObject({ id, version: 1 });
  });

  test('a text that is no notebook is refused with its line', async () => {
    await expect(api.create({ text: 'hello' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('line 1'),
    });
    expect(await codeOf(api.save({ id: 'shipped-x', base: 1, text: textOf([]) }))).toBe(
      'BAD_REQUEST',
    );
    for (const id of ['shipped-../../package', 'shipped-nope', 'nope']) {
      expect(await codeOf(api.get({ id }))).toBe('NOT_FOUND');
    }
  });
});

const query = (q: string) =>
  api.answer({ kind: 'query', q, columns: ['name', 'rounds', 'latency'] });

describe('questions', () => {
  test('a query is a table whose rows know their run and class', async () => {
    const answer = await query('sort:rounds');
    if (answer.status !== 'ok' || answer.value.kind !== 'table') throw new Error('no table');
    const { columns, rows, total } = answer.value.table;
    const rounds = columns.findIndex(({ key }) => key === 'rounds');
    expect(total).toBe(2);
    expect(rows.map((row) => [row.runs[0], row.cells[rounds], row.class])).toEqual([
      ['quad', 400, 'measured, shipped'],
      ['puma', headline.rounds, 'measured'],
    ]);
  });

  test('what is wrong with a question is an answer', async () => {
    expect(await query('nope:1 AND')).toMatchObject({ status: 'error' });
    const paper = { kind: 'paper', paper: 'puma', table: 't9', row: null, column: null } as const;
    expect(await api.answer(paper)).toMatchObject({
      status: 'error',
      message: expect.stringContaining('use '),
    });
    expect(await api.answer({ kind: 'run', spec: {} as never })).toMatchObject({ status: 'error' });
  });

  test('a paper’s table has a row of its own class for each number', async () => {
    const answer = await api.answer({
      kind: 'paper',
      paper: 'puma',
      table: 't3',
      row: null,
      column: null,
    });
    if (answer.status !== 'ok' || answer.value.kind !== 'table')
      throw new Error(JSON.stringify(answer));
    const classes = new Set(answer.value.table.rows.map((row) => row.class));
    expect(classes.has('reported')).toBe(true);
    for (const { cells, class: of } of answer.value.table.rows)
      expect(cells[4]).toBe(of === 'reported' ? 'paper' : 'Parley');
  });

  test('a spec that was run has its run; one that was not is stale, and starts nothing', async () => {
    await storeRuns(database.db, [{ id: 'small', spec: smallSpec, headline }]);
    const before = queue.jobs.length;
    const known = await api.answer({ kind: 'run', spec: smallSpec });
    expect(
      known.status === 'ok' && known.value.kind === 'table' && known.value.table.rows[0]?.runs,
    ).toEqual(['small']);
    const other = { ...smallSpec, dataset: { ...smallSpec.dataset, samples: 3 } };
    expect(await api.answer({ kind: 'run', spec: other })).toMatchObject({ status: 'stale' });
    expect(queue.jobs.length).toBe(before);
  });
});

const study: Notebook = {
  title: 'Study',
  cells: [
    { id: 'a', kind: 'assertion', source: 'count(runs) == 1 and min(runs.rounds) == limit' },
    {
      id: 'i',
      kind: 'input',
      name: 'limit',
      label: 'Rounds',
      control: { kind: 'slider', min: 0, max: 900, step: 1, value: 400 },
    },
    { id: 'q', kind: 'query', name: 'runs', source: 'rounds<={{limit}}' },
    { id: 'c', kind: 'chart', chart: 'bars', table: 'runs', x: 'run', y: 'rounds' },
  ],
};

describe('without a page', () => {
  const never = () => Promise.resolve(false);

  test('cells are computed by what they use, not by where they stand', async () => {
    const report = await runHeadless(database.db, study, never);
    expect(report.cells.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'ok'],
      ['i', 'ok'],
      ['q', 'ok'],
      ['c', 'ok'],
    ]);
    expect(report.passed).toBe(true);
  });

  test('a false assertion fails, and so does one that nobody can judge', async () => {
    const falseOne: Notebook = {
      ...study,
      cells: [...study.cells, { id: 'f', kind: 'assertion', source: 'count(runs) > 5' }],
    };
    const failing = await runHeadless(database.db, falseOne, never);
    expect([failing.passed, failing.cells.at(-1)?.status]).toEqual([false, 'failed']);
    const spec = JSON.stringify({ ...smallSpec, dataset: { ...smallSpec.dataset, samples: 5 } });
    const open: Notebook = {
      title: 'T',
      cells: [
        { id: 'r', kind: 'run', name: 'mine', source: spec },
        { id: 'f', kind: 'assertion', source: 'count(mine) == 1' },
      ],
    };
    const offered: string[] = [];
    const stale = await runHeadless(database.db, open, async ({ id }) => {
      offered.push(id);
      return false;
    });
    expect(offered).toEqual(['r']);
    expect([stale.passed, ...stale.cells.map(({ status }) => status)]).toEqual([
      false,
      'stale',
      'stale',
    ]);
  });

  test('a run cell that is run is fresh, and what rests on it follows', async () => {
    const spec = { ...smallSpec, dataset: { ...smallSpec.dataset, samples: 7 } };
    const notebook: Notebook = {
      title: 'T',
      cells: [
        { id: 'f', kind: 'assertion', source: 'count(mine) == 1' },
        { id: 'r', kind: 'run', name: 'mine', source: JSON.stringify(spec) },
      ],
    };
    const report = await runHeadless(database.db, notebook, async (_, asked) => {
      await storeRuns(database.db, [{ id: 'seven', spec: asked as typeof spec, headline }]);
      return true;
    });
    expect(report.passed).toBe(true);
  });
});

describe('publishing', () => {
  test('a notebook with an open question is refused; a pinned one keeps its address and its words', async () => {
    await expect(api.publish({ text: writeNotebook(study) })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const { evaluation } = await runHeadless(database.db, study, () => Promise.resolve(false));
    const at = '2026-11-23T12:00:00Z';
    const cells = study.cells.map((cell): Cell => {
      const result = evaluation.results.get(cell.id);
      const value = result?.outcome.status === 'ok' ? result.outcome.value : null;
      return result?.question == null || value === null
        ? cell
        : { ...cell, pinned: { at, value: structuredClone(value) } };
    });
    const text = writeNotebook({ title: 'Study', cells });
    const link = await api.publish({ text });
    expect(await api.publish({ text })).toEqual(link);
    const permalinks = createCaller(() => ({ connection: database, queue })).permalinks;
    const view = await permalinks.get({ slug: link.slug });
    if (view.kind !== 'notebook') throw new Error('no notebook');
    expect(view.content).toMatchObject({ kind: 'notebook', notebook: { title: 'Study', cells } });
    const frozen = async () => {
      const stored = await readPermalink(database.db, link.slug);
      if (stored.kind !== 'notebook') throw new Error('no notebook');
      expect(parseNotebook(stored.text)).toEqual({ title: 'Study', cells });
      return (await writeFrozenNotebook(stored, 'html'))[0]?.body;
    };
    const html = await frozen();
    // What becomes of the runs does not reach it.
    await database.db.run.deleteMany({ where: { id: 'quad' } });
    expect(await permalinks.get({ slug: link.slug })).toEqual(view);
    expect(await frozen()).toBe(html);
    expect(html).toContain('holds');
    expect((await permalinks.published()).find(({ slug }) => slug === link.slug)).toMatchObject({
      kind: 'notebook',
      title: 'Study',
    });
  });
});
