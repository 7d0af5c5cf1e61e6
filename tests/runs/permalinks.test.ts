import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { listPermalinks } from '../../server/permalinks/list-permalinks.ts';
import { readPermalink } from '../../server/permalinks/read-permalink.ts';
import { revokePermalink } from '../../server/permalinks/revoke-permalink.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { requestCancel } from '../../server/runs/lifecycle.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();

async function endedRun(): Promise<string> {
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, smallSpec, 'web');
  await requestCancel(database.db, id);
  return id;
}

test('a permalink shows what was, whatever becomes of the run', async () => {
  const { db } = database;
  const id = await endedRun();
  const { slug, path, contentHash } = await createPermalink(db, id);
  expect(slug).toMatch(/^[a-z2-7]{32}$/);
  expect(path).toBe(`/s/${slug}`);
  await db.run.update({ where: { id }, data: { reason: 'Rewritten.' } });
  expect(await readPermalink(db, slug)).toMatchObject({
    run: { reason: 'Cancelled before it started.' },
  });
  await db.run.delete({ where: { id } });
  const view = await readPermalink(db, slug);
  expect(view).toMatchObject({ kind: 'run', slug, contentHash, run: { id, state: 'cancelled' } });
  const { snapshot } = await db.permalink.findUniqueOrThrow({ where: { slug } });
  expect(createHash('sha256').update(snapshot).digest('hex')).toBe(contentHash);
});

test('the same content keeps its address, until it is taken back', async () => {
  const id = await endedRun();
  const first = await createPermalink(database.db, id);
  expect(await createPermalink(database.db, id)).toEqual(first);
  await revokePermalink(database.db, first.slug);
  await expect(readPermalink(database.db, first.slug)).rejects.toMatchObject({ kind: 'notFound' });
  await expect(revokePermalink(database.db, first.slug)).rejects.toMatchObject({
    kind: 'notFound',
  });
  expect((await createPermalink(database.db, id)).slug).not.toBe(first.slug);
});

test('one that is to end by itself has an address of its own, and is over when its time is', async () => {
  const { db } = database;
  const id = await endedRun();
  const lasting = await createPermalink(db, id);
  const short = await createPermalink(db, id, 30);
  expect(short.slug).not.toBe(lasting.slug);
  expect(short.contentHash).toBe(lasting.contentHash);
  const [listed] = (await listPermalinks(db, id)).filter(({ slug }) => slug === short.slug);
  const days = (Date.parse(listed?.expiresAt ?? '') - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(30);
  // Its time over, it is as if it had never been; the other one stays.
  await db.permalink.update({ where: { slug: short.slug }, data: { expiresAt: new Date(0) } });
  await expect(readPermalink(db, short.slug)).rejects.toMatchObject({ kind: 'notFound' });
  expect((await listPermalinks(db, id)).map(({ slug }) => slug)).toEqual([lasting.slug]);
});

test('unknown and revoked ones cannot be told apart', async () => {
  const { slug } = await createPermalink(database.db, await endedRun());
  await revokePermalink(database.db, slug);
  const answers = await Promise.all(
    [slug, 'unknown', ''].map((wanted) =>
      readPermalink(database.db, wanted).catch((error: unknown) => String(error)),
    ),
  );
  expect(new Set(answers).size).toBe(1);
});

test('a run that is still going on cannot be published', async () => {
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, smallSpec, 'web');
  await expect(createPermalink(database.db, id)).rejects.toMatchObject({ kind: 'conflict' });
  await expect(createPermalink(database.db, 'nope')).rejects.toMatchObject({ kind: 'notFound' });
});
