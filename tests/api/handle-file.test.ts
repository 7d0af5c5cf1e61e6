/** Files of runs as streams: whole, with their hash, and to nobody from elsewhere. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { handleFile } from '../../server/api/handle-file.ts';
import { mostTextBytes } from '../../server/api/schemas/artifact-names.ts';
import { readArtifact, writeArtifact } from '../../server/runs/artifacts.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();

const get = (path: string, headers: Record<string, string> = {}) =>
  handleFile(
    new Request(`http://localhost:4300${path}`, {
      headers: { host: 'localhost:4300', ...headers },
    }),
    async () => ({ connection: database, queue }),
  );

test('a file that is too long for one answer is streamed as it lies there', async () => {
  const { db } = database;
  const { id } = await createRun({ db, queue }, smallSpec, 'web');
  const content = new Uint8Array(mostTextBytes + 1).fill(120);
  await writeArtifact(db, id, 'trace-party-0.json', content);
  await expect(readArtifact(db, id, 'trace-party-0.json')).rejects.toThrow(
    `fetch it from /api/files/${id}/trace-party-0.json`,
  );
  const answer = await get(`/api/files/${id}/trace-party-0.json`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe(String(content.length));
  const hash = createHash('sha256').update(content).digest('hex');
  expect(answer.headers.get('etag')).toBe(`"${hash}"`);
  expect((await answer.arrayBuffer()).byteLength).toBe(content.length);
});

test('what is not there, and who may not ask, is said', async () => {
  const { id } = await createRun({ db: database.db, queue }, smallSpec, 'web');
  expect((await get(`/api/files/${id}/none.json`)).status).toBe(404);
  expect((await get(`/api/files/${id}/..%2F..%2Fetc`)).status).toBe(404);
  const foreign = await get(`/api/files/${id}/none.json`, { 'sec-fetch-site': 'cross-site' });
  expect(foreign.status).toBe(403);
});
