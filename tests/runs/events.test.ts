import { afterAll, expect, test } from 'vitest';
import { createRun } from '../../server/runs/create-run.ts';
import {
  appendEvent,
  closeListener,
  followEvents,
  plainEvent,
  readEvents,
} from '../../server/runs/events.ts';
import { requestCancel } from '../../server/runs/lifecycle.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
afterAll(() => closeListener());

const newRun = async () =>
  (await createRun({ db: database.db, queue: rememberingQueue() }, smallSpec, 'web')).id;
const log = (text: string) => plainEvent('log', 'queued', text);

test('numbers have no gaps, whoever writes at the same time', async () => {
  const id = await newRun();
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => appendEvent(database.db, id, log(`${i}`))),
  );
  const events = await readEvents(database.db, id, 0);
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
});

test('a follower gets what was and what comes, in order, until the end state', async () => {
  const id = await newRun();
  await appendEvent(database.db, id, log('before'));
  const seen: string[] = [];
  const following = (async () => {
    for await (const event of followEvents(database, id, 0, new AbortController().signal)) {
      seen.push(event.message ?? event.state);
    }
  })();
  await expect.poll(() => seen).toEqual(['queued', 'before']);
  const startedAt = performance.now();
  await appendEvent(database.db, id, log('after'));
  await expect.poll(() => seen.length, { interval: 5 }).toBe(3);
  // By notification: the fallback would take seconds.
  expect(performance.now() - startedAt).toBeLessThan(1500);
  await requestCancel(database.db, id);
  await following;
  expect(seen.at(-1)).toBe('Cancelled before it started.');
});

test('a reader that comes back goes on after the last number it saw', async () => {
  const id = await newRun();
  for (const text of ['a', 'b', 'c']) await appendEvent(database.db, id, log(text));
  await requestCancel(database.db, id);
  const seqs: number[] = [];
  for await (const { seq } of followEvents(database, id, 3, new AbortController().signal))
    seqs.push(seq);
  expect(seqs).toEqual([4, 5]);
});

test('a reader that leaves is let go', async () => {
  const id = await newRun();
  const leave = new AbortController();
  const seen: number[] = [];
  setTimeout(() => leave.abort(), 200);
  for await (const { seq } of followEvents(database, id, 0, leave.signal)) seen.push(seq);
  expect(seen).toEqual([1]);
});
