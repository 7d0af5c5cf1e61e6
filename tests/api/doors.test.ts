/**
 * Every door of the web process, read from the route files and the router: a new one that forgets to
 * ask who calls, or a change that a plain link could make, fails here.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleRequest } from '../../server/api/handle-request.ts';
import { appRouter } from '../../server/api/root.ts';
import { disconnect } from '../../server/db/client.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const app = join(import.meta.dirname, '..', '..', 'app');
const host = 'localhost:4300';
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Handler = (request: Request) => Promise<Response>;

const strangers = [
  ['another host (DNS rebinding)', { host: 'evil.example' }],
  ['another origin', { host, origin: 'http://evil.example' }],
  ['another port of this machine', { host, origin: 'http://localhost:9999' }],
  ['a sandboxed page', { host, origin: 'null' }],
  ['a cross-site navigation', { host, 'sec-fetch-site': 'cross-site' }],
] as const;

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

const routes = (await readdir(app, { recursive: true }))
  .filter((path) => /(?:^|\/)route\.tsx?$/.test(path))
  .toSorted();
const doors = await Promise.all(
  routes.map(async (path) => {
    const found = (await import(join(app, path))) as Partial<Record<string, Handler>>;
    return methods.flatMap((method) => {
      const handler = found[method];
      return handler === undefined ? [] : [{ path, method, handler }];
    });
  }),
);
/** tRPC keeps them under this name, which is its own and is there for tools; by path, and not nested. */
const definition = '_def';
type Procedures = Record<string, { [definition]: { type: 'query' | 'mutation' | 'subscription' } }>;
const listed = appRouter[definition].procedures as unknown as Procedures;
const procedures = Object.entries(listed).map(([name, procedure]) => ({
  name,
  type: procedure[definition].type,
}));
/** Doors that anybody may ask, and why. */
const open: Readonly<Record<string, string>> = {
  'embed/notebook-sandbox/route.ts':
    'a fixed document, the same for everybody, that runs the JavaScript of a cell without an origin',
};

test('route files and procedures are found at all', () => {
  expect(routes.length).toBeGreaterThanOrEqual(7);
  expect(doors.filter((handlers) => handlers.length === 0)).toEqual([]);
  expect(procedures.length).toBeGreaterThan(30);
  expect(Object.keys(open).filter((path) => !routes.includes(path))).toEqual([]);
});

test.each(doors.flat().filter(({ path }) => path in open))(
  '$method $path tells a stranger nothing that it does not tell us',
  async ({ path, method, handler }) => {
    const asked = async (headers: Record<string, string>): Promise<string> => {
      const response = await handler(new Request(`http://${host}/${path}`, { method, headers }));
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      return response.text();
    };
    const ours = await asked({ host });
    for (const [, headers] of strangers) expect(await asked(headers)).toBe(ours);
  },
);

describe.each(doors.flat().filter(({ path }) => !(path in open)))(
  '$method $path',
  ({ path, method, handler }) => {
    test.each(strangers)('refuses %s', async (_, headers) => {
      const address = path
        .replace(/\/route\.tsx?$/, '')
        .replaceAll(/\[(?:\.\.\.)?\w+\]/g, 'anything');
      const init: RequestInit = { method, headers };
      if (method !== 'GET' && method !== 'HEAD') init.body = '{}';
      const request = new Request(`http://${host}/${address}`, init);
      expect((await handler(request)).status).toBe(403);
    });
  },
);

const changing = procedures.filter(({ type }) => type === 'mutation');

test.each(changing)('$name cannot be called by a link or a picture (GET)', async ({ name }) => {
  const input = encodeURIComponent(JSON.stringify({ json: {} }));
  const alone = new Request(`http://${host}/api/trpc/${name}?input=${input}`, {
    headers: { host },
  });
  expect((await handleRequest(alone)).status).toBe(405);
});

test.each(procedures)('$name, a $type, refuses a form of another page', async ({ name }) => {
  const request = new Request(`http://${host}/api/trpc/${name}`, {
    method: 'POST',
    headers: { host, origin: 'http://evil.example', 'content-type': 'text/plain' },
    body: '{"json":{}}',
  });
  expect((await handleRequest(request)).status).toBe(403);
});
