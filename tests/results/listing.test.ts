/** The results on a real database: what queries find, pages, bulk changes and their way back, views. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { columns } from '../../server/api/schemas/results-columns.ts';
import {
  fields,
  flags,
  groupIds,
  havings,
  sortIds,
} from '../../server/api/schemas/results-fields.ts';
import { defaultView } from '../../server/api/schemas/results-default-view.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun, pumaSpec, quadSpec } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns, type StoredRun } from '../support/stored-runs.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

const base = doneRun.headline as Headline;
const wan = { ...pumaSpec.network, name: 'wan', rttMs: 40, bitsPerSecond: 1e8 };
const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 12));

const stored: readonly StoredRun[] = [
  {
    id: 'puma',
    spec: pumaSpec,
    headline: base,
    createdAt: at(1),
    environment: { cpu: 'Zen 4', cores: '2', commit: 'abc123' },
    linkVerdict: 'met',
    tags: ['paper'],
    note: 'Late frames, 100% sure_',
  },
  {
    id: 'quad',
    spec: quadSpec,
    headline: {
      ...base,
      rounds: 400,
      onlineMsPerSample: { ...base.onlineMsPerSample, median: 480, low: null, high: null, n: 3 },
      onlineBytesSent: [46e6, 45e6, 44e6],
      accuracy: base.accuracy && {
        ...base.accuracy,
        secure: { ...base.accuracy.secure, correct: 8 },
      },
    },
    createdAt: at(2),
    linkVerdict: 'not met',
  },
  {
    id: 'far',
    spec: { ...pumaSpec, network: wan },
    headline: { ...base, onlineMsPerSample: { ...base.onlineMsPerSample, median: 9000 } },
    createdAt: at(3),
    starred: true,
  },
  {
    id: 'fast',
    spec: { ...pumaSpec, protocol: { ...pumaSpec.protocol, variant: 'additive/fast' } },
    headline: { ...base, accuracy: null, disagreement: null, dealerBytes: 5e6 },
    createdAt: at(4),
    shipped: true,
  },
  { id: 'waiting', spec: pumaSpec, headline: null, createdAt: at(5) },
  { id: 'old', spec: pumaSpec, headline: base, createdAt: at(6), archivedAt: at(7) },
];

const found = async (q: string): Promise<string> => (await api.results.ids({ q })).ids.join(' ');

beforeAll(async () => {
  await storeRuns(database.db, stored);
});

describe('queries', () => {
  test.each([
    ['', 'waiting fast far quad puma'],
    ['with:archived', 'old waiting fast far quad puma'],
    ['is:archived', 'old'],
    ['approx:2quad', 'quad'],
    ['approx="Quad + 2Quad"', 'quad'],
    ['approx:puma has:result', 'fast far puma'],
    ['protocol:replicated', 'waiting far quad puma'],
    ['variant=additive/fast', 'fast'],
    ['-variant:replicated', 'fast'],
    ['model:MINILM', 'waiting fast far quad puma'],
    ['rtt>=40ms', 'far'],
    ['rtt=0.04s', 'far'],
    ['rate<=100Mbit/s', 'far'],
    ['latency<500ms', 'quad'],
    ['latency:0.4s..5s', 'fast quad puma'],
    // No run of so few inferences has a 95th percentile.
    ['latency-tail>0ms', ''],
    ['latency-most>0ms sort:latency-most latency<500ms', 'quad'],
    ['bytes<46.1MB', 'quad'],
    ['bytes=46MB', 'quad'],
    ['acc>60%', 'far puma'],
    // The other half of a term has the runs without a value too.
    ['-acc>60%', 'waiting fast quad'],
    ['state:done,queued rounds:400', 'quad'],
    ['state:queued', 'waiting'],
    ['link:met', 'puma'],
    ['link:not-met', 'quad'],
    ['link:none', 'waiting fast far'],
    ['is:shipped', 'fast'],
    ['-is:shipped has:result', 'far quad puma'],
    ['is:starred', 'far'],
    ['tag:pap', 'puma'],
    ['tag=paper', 'puma'],
    ['tag=pap', ''],
    ['-tag:paper', 'waiting fast far quad'],
    ['note:"100% sure_"', 'puma'],
    ['late', 'puma'],
    ['%', 'puma'],
    ['"quad + 2quad"', 'quad'],
    ['dealing:dealer', 'fast'],
    ['has:dealer', 'fast'],
    ['created>=2026-11-03', 'waiting fast far'],
    ['created:2026-11-02..2026-11-03', 'far quad'],
    ['created<2026-11-02', 'puma'],
    ['commit:abc machine:zen', 'puma'],
    ["'; DROP TABLE runs; --", ''],
    ['has:result sort:latency', 'quad fast puma far'],
    ['sort:-acc', 'puma far quad waiting fast'],
    ['sort:acc', 'quad far puma fast waiting'],
  ])('%s', async (q, ids) => {
    const order = await found(q);
    // Equal keys are told apart by id, which these lists do not care about.
    expect(order.split(' ').sort()).toEqual(ids.split(' ').sort());
    if (q === '') expect(order).toBe(ids);
    if (q === 'has:result sort:latency') {
      expect([order.split(' ')[0], order.split(' ').at(-1)]).toEqual(['quad', 'far']);
    }
  });

  test('runs without a value come last either way', async () => {
    for (const way of ['', '-']) {
      const order = (await found(`sort:${way}acc`)).split(' ');
      expect(new Set(order.slice(-2))).toEqual(new Set(['fast', 'waiting']));
    }
  });

  test('every field, flag and order is known to the database', async () => {
    const example = (field: (typeof fields)[number]): string =>
      field.type === 'number'
        ? `${field.id}>=${field.example}`
        : field.type === 'date'
          ? `${field.id}>2026-01-01`
          : field.type === 'choice'
            ? `${field.id}:${field.values.join(',')}`
            : `${field.id}:x`;
    for (const field of fields) await found(example(field));
    for (const flag of flags) await found(`is:${flag}`);
    for (const having of havings) await found(`-has:${having}`);
    for (const id of sortIds) expect((await found(`sort:${id}`)).split(' ')).toHaveLength(5);
  });

  test('what cannot be read is refused with position, word and fix', async () => {
    await expect(api.results.ids({ q: 'puma rt>=40ms' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/^At character 6, rt>=40ms: there is no field "rt"/),
    });
  });

  test('runs of one value stand together, those without one last', async () => {
    const { ids, groups } = await api.results.ids({ q: 'group:acc sort:-latency' });
    expect(groups?.map(({ runs }) => runs)).toEqual([1, 2, 2]);
    expect(groups?.at(-1)?.values).toEqual([null]);
    expect(ids).toEqual(['quad', 'far', 'puma', 'fast', 'waiting']);
    expect((await api.results.ids({ q: 'group:rtt' })).groups).toEqual([
      { values: ['0.4'], runs: 4 },
      { values: ['40'], runs: 1 },
    ]);
    expect((await api.results.ids({ q: '' })).groups).toBeNull();
    for (const id of groupIds) {
      const { groups } = await api.results.ids({ q: `group:${id}` });
      expect(groups?.reduce((sum, { runs }) => sum + runs, 0)).toBe(5);
    }
  });

  test('groups of several fields are their values together, in the order of the fields', async () => {
    const { ids, groups } = await api.results.ids({ q: 'group:rtt,acc sort:-latency' });
    expect(groups?.every(({ values }) => values.length === 2)).toBe(true);
    expect(groups?.map(({ values }) => values[0])).toEqual(['0.4', '0.4', '0.4', '40']);
    expect(groups?.reduce((sum, { runs }) => sum + runs, 0)).toBe(ids.length);
    expect(groups?.at(-1)).toMatchObject({ runs: 1 });
    expect(ids.at(-1)).toBe('far');
  });

  test('archived runs that fit are counted', async () => {
    expect(await api.results.ids({ q: 'rounds>1' })).toMatchObject({ archived: 1 });
    expect(await api.results.ids({ q: 'approx:2quad' })).toMatchObject({ archived: 0 });
    expect(await api.results.ids({ q: 'with:archived' })).toMatchObject({ archived: 0 });
  });

  test('a query that finds nothing is told what each term costs', async () => {
    expect(await api.results.withoutEach({ q: 'approx:2quad rtt>=40ms is:done' })).toEqual([
      1, 1, 0,
    ]);
    expect(await api.results.withoutEach({ q: '' })).toEqual([]);
  });

  test('columns that are the same in all runs found', async () => {
    const ids = columns.map(({ id }) => id);
    const same = await api.results.constants({ q: 'protocol:replicated', columns: ids });
    expect(same).toEqual(expect.arrayContaining(['variant', 'model', 'samples', 'class']));
    for (const varying of ['name', 'rtt', 'network', 'latency', 'state', 'tags', 'gelu']) {
      expect(same).not.toContain(varying);
    }
    // One run has no value, the others have one: that is a difference.
    expect(await api.results.constants({ q: 'id:puma,waiting', columns: ['rounds'] })).toEqual([]);
  });

  test('values for completion, the commonest first', async () => {
    const values = await api.results.values();
    expect(values.filter(({ field }) => field === 'network').map(({ value }) => value)).toEqual([
      'lan',
      'wan',
    ]);
    expect(values).toContainEqual({ field: 'tag', value: 'paper', runs: 1 });
  });
});

describe('rows and pages', () => {
  test('rows carry what people and the machine add', async () => {
    const [puma, missing] = await api.results.rows({ ids: ['puma', 'nobody'] });
    expect(missing).toBeUndefined();
    expect(puma).toMatchObject({
      tags: ['paper'],
      starred: false,
      archivedAt: null,
      shipped: false,
      machine: 'Zen 4, 2 cores',
      commit: 'abc123',
      linkVerdict: 'met',
    });
  });

  test.each(['', 'sort:latency', 'sort:-acc', 'sort:model', 'sort:-finished', 'sort:link'])(
    'pages follow each other without gap or overlap: %s',
    async (q) => {
      const pages: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof api.results.list>> = await api.results.list({
          q,
          limit: 2,
          cursor,
        });
        expect(page.total).toBe(5);
        pages.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages.join(' ')).toBe(await found(q));
    },
  );

  test('a cursor of somebody else is refused', async () => {
    await expect(api.results.list({ cursor: 'nonsense' })).rejects.toThrow(/is no cursor/);
  });
});

describe('bulk changes', () => {
  test('change what they are to change, and go back exactly', async () => {
    const before = await api.results.rows({ ids: ['puma', 'quad', 'far'] });
    const ids = ['puma', 'quad', 'far'];
    const tagged = await api.results.annotate({
      ids,
      change: { kind: 'tag', tag: 'Paper', on: true },
    });
    expect(tagged.map(({ id }) => id).sort()).toEqual(['far', 'quad']);
    expect(await found('tag=paper')).toBe('far quad puma');
    const noted = await api.results.annotate({ ids, change: { kind: 'note', text: 'same' } });
    expect(noted).toHaveLength(3);
    const starred = await api.results.annotate({ ids, change: { kind: 'star', on: true } });
    expect(starred).toHaveLength(2);
    const archived = await api.results.annotate({ ids, change: { kind: 'archive', on: true } });
    expect(await found('')).toBe('waiting fast');
    for (const undo of [archived, starred, noted, tagged]) {
      await api.results.restore({
        before: [...undo].map((row) => ({ ...row, tags: [...row.tags] })),
      });
    }
    expect(await api.results.rows({ ids })).toEqual(before);
  });

  test('a run that does not exist stops all of them', async () => {
    const call = api.results.annotate({
      ids: ['puma', 'nobody'],
      change: { kind: 'star', on: true },
    });
    await expect(call).rejects.toThrow(/no run nobody; nothing was changed/);
    expect(await found('is:starred')).toBe('far');
  });

  test('a tag is one word', async () => {
    for (const tag of ['', 'two words', 'a,b', 'x'.repeat(41)]) {
      const call = api.results.annotate({ ids: ['puma'], change: { kind: 'tag', tag, on: true } });
      await expect(call).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
  });
});

describe('saved views', () => {
  test('are made, changed, listed in order and deleted', async () => {
    const state = {
      ...defaultView,
      q: 'approx:puma sort:acc',
      columns: ['name', 'rtt'],
      diffOnly: true,
      selected: ['puma'],
    };
    const first = await api.views.create({ name: ' Paper ', state });
    const second = await api.views.create({ name: 'All', state: defaultView });
    await expect(api.views.create({ name: 'paper', state: defaultView })).rejects.toThrow(
      'there is a view "Paper" already',
    );
    await expect(api.views.update({ id: second.id, name: 'PAPER' })).rejects.toThrow(/already/);
    await expect(api.views.update({ id: second.id, name: 'all' })).resolves.toBeDefined();
    await api.views.update({ id: second.id, name: 'All' });
    expect((await api.views.list()).map(({ name }) => name)).toEqual(['Paper', 'All']);
    expect((await api.views.list())[0]?.state).toEqual(state);
    await api.views.update({ id: first.id, name: 'Table 3' });
    await api.views.update({ id: second.id, state });
    expect(await api.views.list()).toMatchObject([
      { name: 'Table 3', state },
      { name: 'All', state },
    ]);
    expect(await api.views.remove({ id: first.id })).toMatchObject({ name: 'Table 3' });
    await expect(api.views.remove({ id: first.id })).rejects.toThrow(/no view/);
    expect(await api.views.list()).toHaveLength(1);
  });

  test('hold no query that cannot be read, no column that is not there', async () => {
    const bad = api.views.create({ name: 'x', state: { ...defaultView, q: 'rtt>=40' } });
    await expect(bad).rejects.toThrow(/40 needs a unit/);
    const column = api.views.create({ name: 'x', state: { ...defaultView, columns: ['nope'] } });
    await expect(column).rejects.toThrow(/no such column/);
  });
});
