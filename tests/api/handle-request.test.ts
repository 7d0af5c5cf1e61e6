import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleRequest } from '../../server/api/handle-request.ts';
import { disconnect } from '../../server/db/client.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const url = 'http://localhost:4300/api/trpc';

beforeAll(() => {
  process.env['DATABASE_URL'] = database.url;
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  const slot = globalThis as { parleyContext?: Promise<{ queue: { close?(): Promise<void> } }> };
  await (await slot.parleyContext)?.queue.close?.();
  delete slot.parleyContext;
  await disconnect();
});

const request = (path: string, headers: Record<string, string>, body?: string) =>
  handleRequest(
    new Request(`${url}/${path}`, {
      headers: { host: 'localhost:4300', ...headers },
      ...(body === undefined ? {} : { method: 'POST', body }),
    }),
  );

test('answers our own pages', async () => {
  const response = await request('system.status', { origin: 'http://localhost:4300' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ result: { data: { json: { workers: 0 } } } });
});

test.each([
  ['another host (DNS rebinding)', { host: 'evil.example' }],
  ['another origin', { origin: 'http://evil.example' }],
  ['another port of this machine', { origin: 'http://localhost:9999' }],
  ['a sandboxed page', { origin: 'null' }],
  ['a cross-site navigation', { 'sec-fetch-site': 'cross-site' }],
])('refuses %s', async (_, headers) => {
  expect((await request('system.status', headers)).status).toBe(403);
});

test('refuses a body that is too long', async () => {
  const body = JSON.stringify({ json: 'x'.repeat(300_000) });
  const response = await request('runs.create', { 'content-type': 'application/json' }, body);
  expect(response.status).toBe(413);
});

test('a refusal carries its issues to the browser, and no stack', async () => {
  const response = await request(
    'runs.create',
    { 'content-type': 'application/json' },
    JSON.stringify({ json: { version: 1 } }),
  );
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as {
    error: { json: { data: Record<string, unknown> } };
  };
  expect(error.json.data).toMatchObject({ code: 'BAD_REQUEST' });
  expect(error.json.data['issues']).toContainEqual(expect.objectContaining({ field: 'model' }));
  expect(error.json.data).not.toHaveProperty('stack');
});
