/** Live addresses, cells as files, citations and previews, on a real database. */
import { beforeAll, describe, expect, test } from 'vitest';
import { handleExport } from '../../server/api/handle-export.ts';
import { createCaller } from '../../server/api/root.ts';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { questionHash } from '../../server/api/schemas/notebook-question.ts';
import { runHeadless } from '../../server/notebooks/run-headless.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun, pumaSpec, quadSpec } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const context = async () => ({ connection: database, queue });
const api = createCaller(context);
const headline = doneRun.headline as Headline;

const cells: Cell[] = [
  { id: 'm', kind: 'markdown', source: '# All\n\nThere are **{{count(runs)}}** runs of $x$.' },
  { id: 'q', kind: 'query', name: 'runs', source: 'state:done sort:rounds' },
  { id: 'c', kind: 'chart', chart: 'bars', table: 'runs', x: 'run', y: 'rounds' },
  { id: 'j', kind: 'javascript', name: 'late', source: 'return 1', uses: [] },
  {
    id: 'i',
    kind: 'input',
    name: 'limit',
    label: 'Limit',
    control: { kind: 'slider', min: 0, max: 9, step: 1, value: 4 },
  },
];

let id = '';
beforeAll(async () => {
  await storeRuns(database.db, [{ id: 'puma', spec: pumaSpec, headline }]);
  ({ id } = await api.notebooks.create({ text: writeNotebook({ title: 'Study & all', cells }) }));
});

const get = (path: string): Promise<Response> =>
  handleExport(
    new Request(`http://localhost:4300${path}`, { headers: { host: 'localhost:4300' } }),
    context,
  );
const textOf = async (path: string): Promise<string> => {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
};
const problemOf = async (path: string): Promise<string> => {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 404]);
  return ((await response.json()) as { message: string }).message;
};

describe('a cell as a file', () => {
  test('a table as JSON and CSV, a number as both, a chart as SVG', async () => {
    const json = JSON.parse(await textOf(`/n/${id}/cells/runs.json`)) as {
      value: { kind: string; table: { rows: { runs: string[]; class: string }[] } };
      address: string;
    };
    expect(json.value.table.rows[0]).toMatchObject({ runs: ['puma'], class: 'measured' });
    // Nobody else can open an address of this machine: the path alone.
    expect(json.address).toBe(`/n/${id}#cell-runs`);
    const csv = await textOf(`/n/${id}/cells/runs.csv`);
    expect(csv.split('\n')[0]).toMatch(/^run,.*,class,runs$/);
    expect(await textOf(`/n/${id}/cells/limit.csv`)).toBe('value,class,runs\n4,,\n');
    const chart = await get(`/n/${id}/cells/c.svg`);
    expect(chart.headers.get('content-type')).toContain('image/svg+xml');
    expect(chart.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await chart.text()).toContain('measured');
  });

  test('what there is not is said, with what there is', async () => {
    expect(await problemOf(`/n/${id}/cells/nope.json`)).toContain('use runs, late, limit');
    expect(await problemOf(`/n/${id}/cells/runs.svg`)).toContain('only charts');
    expect(await problemOf(`/n/${id}/cells/runs.tex`)).toContain('.json, .csv and .svg');
    expect(await problemOf(`/n/${id}/cells/late.json`)).toContain('no result');
    expect(await problemOf('/n/nobody/cells/runs.json')).toContain('no notebook');
    for (const path of [`/n/${id}/cells/../x.json`, `/n/${id}/cells/RUNS.json`, '/n/a/b/c.json'])
      await problemOf(path);
  });
});

describe('a live address', () => {
  test('shows the notebook and its results of now; the frozen one stays', async () => {
    const live = await api.notebooks.publishLive({ id });
    expect(await api.notebooks.publishLive({ id })).toEqual(live);
    const before = await api.permalinks.get({ slug: live.slug });
    const pinnedIn = (view: typeof before) => {
      if (view.kind !== 'notebook' || view.content.kind !== 'notebook')
        throw new Error('no notebook');
      return view.content.notebook.cells.find((cell) => cell.id === 'q')?.pinned;
    };
    if (before.kind !== 'notebook') throw new Error('no notebook');
    expect([before.live, before.title]).toEqual([true, 'Study & all']);
    const pinned = pinnedIn(before);
    expect(pinned?.value.kind === 'table' && pinned.value.table.total).toBe(1);
    expect(await textOf(`/s/${live.slug}.html`)).toContain('There are <strong>1</strong> runs');
    expect(await textOf(`/s/${live.slug}.bib`)).toContain('not frozen');
    expect(await textOf(`/s/${live.slug}.svg`)).toContain('Study &amp; all');
    const picture = await get(`/n/${id}.png?card`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);

    // Kept for a few seconds, then asked anew.
    await storeRuns(database.db, [{ id: 'quad', spec: quadSpec, headline }]);
    await new Promise((resolve) => setTimeout(resolve, 5100));
    const after = await api.permalinks.get({ slug: live.slug });
    const now = pinnedIn(after);
    expect(now?.value.kind === 'table' && now.value.table.total).toBe(2);
    expect((await api.permalinks.published()).map(({ title }) => title)).toContain(
      'Study & all (live)',
    );
  });

  test('of a notebook that was deleted there is nothing to see', async () => {
    const other = await api.notebooks.create({ text: writeNotebook({ title: 'Gone', cells: [] }) });
    const { slug } = await api.notebooks.publishLive({ id: other.id });
    await api.notebooks.remove({ id: other.id });
    await expect(api.permalinks.get({ slug })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(api.notebooks.publishLive({ id: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('words for others', () => {
  test('a preview has the first words with their numbers, as words', async () => {
    const { title, description } = JSON.parse(await textOf(`/n/${id}.json?preview`)) as {
      title: string;
      description: string;
    };
    expect(title).toBe('Study & all');
    expect(description).toMatch(/^All There are \d runs of x\.$/);
  });

  test('a citation escapes what LaTeX would read, and names no address of one machine', async () => {
    const bib = await textOf(`/n/${id}.bib`);
    expect(bib).toContain('Study \\& all');
    expect(bib).not.toContain('localhost');
    expect(bib).toContain(`page /n/${id} of its installation`);
  });

  test('has what JavaScript came to in a browser, of the same inputs alone', async () => {
    const made = (source: string): Cell[] => [
      {
        id: 'i',
        kind: 'input',
        name: 'limit',
        label: 'Limit',
        control: { kind: 'slider', min: 0, max: 9, step: 1, value: 4 },
      },
      { id: 'j', kind: 'javascript', name: 'twice', source, uses: ['limit'] },
    ];
    const notebook = { title: 'Twice', cells: made('return limit * 2') };
    const { id: own } = await api.notebooks.create({ text: writeNotebook(notebook) });
    const asked: string[] = [];
    await runHeadless(
      database.db,
      notebook,
      () => Promise.resolve(false),
      (question) => {
        asked.push(questionHash(question));
        return Promise.resolve({ status: 'stale', message: 'not here' });
      },
    );
    const scalar = { value: 'kept words', format: 'plain', runs: [], classes: ['computed'] };
    const value = { kind: 'scalar', scalar } as never;
    const [question = ''] = asked;
    await api.notebooks.keepResults({ id: own, results: [{ question, value }] });
    expect(await textOf(`/n/${own}.html`)).toContain('kept words');
    // Another text, another question: the old result is not of it.
    const changed = { title: 'Twice', cells: made('return limit * 3') };
    await api.notebooks.save({ id: own, base: 1, text: writeNotebook(changed) });
    await new Promise((resolve) => setTimeout(resolve, 5100));
    const page = await textOf(`/n/${own}.html`);
    expect(page).not.toContain('kept words');
    expect(page).toContain('No result yet.');
    await expect(
      api.notebooks.keepResults({ id: 'nobody', results: [{ question, value }] }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('as a file with the results of now', async () => {
    expect(await textOf(`/n/${id}.md`)).toContain('There are');
    expect(await textOf(`/n/${id}.ipynb`)).toContain('"nbformat": 4');
    expect(await textOf(`/n/${id}.html`)).not.toContain('<script');
    expect(await problemOf(`/n/${id}.tex`)).toContain('it has .html');
  });
});
