/** What a run's own page is told beyond its result: an import's figures, and what people wrote. */
import { expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { guessMapping, importTemplate, readCsv } from '../../server/api/schemas/results-import.ts';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { readPermalink } from '../../server/permalinks/read-permalink.ts';
import { readAnnotated, readDetail } from '../../server/runs/views.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { requestCancel } from '../../server/runs/lifecycle.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue }));

test('an imported run has a page with its figures; what the file does not say is null', async () => {
  const mapping = guessMapping(readCsv(importTemplate));
  const ids = await api.results.importFile({
    name: 'other.csv',
    text: importTemplate,
    mapping,
  });
  const run = await api.runs.get({ id: ids[0] ?? '' });
  expect(run).toMatchObject({
    provenance: 'imported',
    state: 'done',
    headline: null,
    note: 'example line',
    imported: { accuracy: 0.9, plaintextAccuracy: 0.91, onlineMs: 12_500, rounds: null },
  });
  expect(run.environment['importedFrom']).toBe('other.csv, row 1');
});

test('notes and tags are on the page and in no published copy', async () => {
  const { db } = database;
  const { id } = await createRun({ db, queue }, smallSpec, 'web');
  await requestCancel(db, id);
  expect(await readAnnotated(db, id)).toEqual(await readDetail(db, id));
  await db.run.update({ where: { id }, data: { note: 'for us only', tags: ['draft'] } });
  expect(await api.runs.get({ id })).toMatchObject({ note: 'for us only', tags: ['draft'] });
  const { slug } = await createPermalink(db, id);
  expect(JSON.stringify(await readPermalink(db, slug))).not.toMatch(/for us only|draft/);
  expect((await readDetail(db, id)).imported).toBeUndefined();
});
