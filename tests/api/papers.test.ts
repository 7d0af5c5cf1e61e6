/** The papers over the API: pages' questions, files by suffix, and runs queued from cells. */
import { beforeEach, describe, expect, test } from 'vitest';
import { handlePaperFile } from '../../server/api/handle-paper-file.ts';
import { createCaller } from '../../server/api/root.ts';
import { paperSlugs } from '../../server/api/schemas/papers.ts';
import { runSpecSchema } from '../../server/api/schemas/run-spec.ts';
import type { Prisma } from '../../server/db/client.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { wholeRun } from '../support/whole-run.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue }));
const get = (path: string) =>
  handlePaperFile(
    new Request(`http://localhost${path}`, { headers: { host: 'localhost' } }),
    async () => ({ connection: database, queue }),
  );
const fail = async (runId: string) =>
  database.db.run.update({
    where: { id: runId },
    data: { state: 'failed', reason: 'Party 1 ended.' },
  });

/** As a worker would, with every sample. */
async function finish(runId: string): Promise<void> {
  const { spec } = await database.db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { spec: { select: { canonical: true } } },
  });
  const { headline, environment } = await wholeRun(runSpecSchema.parse(JSON.parse(spec.canonical)));
  await database.db.run.update({
    where: { id: runId },
    data: {
      state: 'done',
      environment: { ...environment },
      headline: headline as unknown as Prisma.InputJsonValue,
    },
  });
}

beforeEach(async () => {
  queue.jobs.length = 0;
  await database.db.run.deleteMany();
});

describe('papers', () => {
  test('three, each with tables that can be read, cells unlike one another', async () => {
    const papers = await api.papers.list();
    expect(papers.map(({ slug }) => slug)).toEqual([...paperSlugs]);
    for (const { slug, tables, coverage } of papers) {
      const paper = await api.papers.get({ slug });
      expect(paper.tables.map(({ id }) => id)).toEqual(tables.map(({ id }) => id));
      const ids = paper.tables.flatMap(({ cells }) => cells.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(coverage).toMatchObject({ cells: ids.length, withRecipe: ids.length });
    }
  });

  test('a cell that there is not is refused by name', async () => {
    await expect(api.papers.cell({ id: 'puma.t3.puma.no-such' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no-such'),
    });
    await expect(api.papers.cell({ id: 'other.t3.a.b' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('badge and tables are files; anything else is named in the refusal', async () => {
    const badge = await get('/papers/puma/badge.svg');
    expect(badge.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(await badge.text()).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    const [table] = (await api.papers.get({ slug: 'puma' })).tables;
    for (const suffix of ['csv', 'tex', 'md']) {
      const file = await get(`/papers/puma/${table?.id}.${suffix}`);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-disposition')).toContain(`.${suffix}`);
    }
    expect((await get('/papers/puma/t99.csv')).status).toBe(404);
    expect((await get('/papers/puma/badge.png')).status).toBe(404);
    expect((await get('/papers/nobody/badge.svg')).status).toBe(404);
  });
});

describe('side by side', () => {
  const subject = 'minilm-2l-imdb';
  const entry = async () => {
    const { entries } = await api.papers.sideBySide({ subject });
    const found = entries.find(({ method, set }) => method === 'puma' && set === 'own');
    if (found === undefined) throw new Error('no entry of PUMA');
    return found;
  };

  test('same data and network for all, own protocols and then one', async () => {
    const { entries } = await api.papers.sideBySide({ subject: 'vit_7_4_32' });
    expect(entries).toHaveLength(6);
    const specs = entries.flatMap(({ spec }) => spec ?? []);
    expect(specs).toHaveLength(6);
    expect(new Set(specs.map(({ network }) => network.name)).size).toBe(1);
    expect(new Set(specs.map(({ dataset }) => dataset.id)).size).toBe(1);
    expect(specs.slice(0, 3).map(({ protocol }) => protocol.variant)).toEqual([
      'additive/crypten',
      'replicated/aby3',
      'additive/semi2k',
    ]);
    expect(new Set(specs.slice(3).map(({ protocol }) => protocol.variant)).size).toBe(1);
    expect(entries.map(({ obstacle, wallMs }) => [obstacle, wallMs !== null])).toEqual(
      entries.map(() => [null, true]),
    );
  });

  test('MPCViT has no text row, and cannot be queued for one', async () => {
    const { entries } = await api.papers.sideBySide({ subject });
    const mpcvit = entries.filter(({ method }) => method === 'mpcvit');
    expect(mpcvit.map(({ spec }) => spec)).toEqual([null, null]);
    expect(mpcvit[0]?.obstacle).toMatch(/ViT-Lite/);
    await expect(
      api.papers.queueSide({ subject, method: 'mpcvit', set: 'own' }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('queued once; a failed run fills nothing, nor one without samples; a whole one does', async () => {
    const asked = { subject, method: 'puma', set: 'own' } as const;
    const { runId } = await api.papers.queueSide(asked);
    expect(await api.papers.queueSide(asked)).toEqual({ runId });
    expect(queue.jobs).toHaveLength(1);
    expect(await entry()).toMatchObject({ own: null, underway: runId });
    await fail(runId);
    expect(await entry()).toMatchObject({
      own: null,
      underway: null,
      failed: { runId, reason: 'Party 1 ended.' },
    });
    const { runId: second } = await api.papers.queueSide(asked);
    expect(second).not.toBe(runId);
    await database.db.run.update({ where: { id: second }, data: { state: 'done' } });
    expect(await entry()).toMatchObject({ own: null });
    await finish(second);
    expect(await entry()).toMatchObject({ own: { id: second }, failed: null });
  });
});
