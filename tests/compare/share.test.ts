/** The second listener: published permalinks and nothing else, also from another network namespace. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { readPermalink } from '../../server/permalinks/read-permalink.ts';
import { revokePermalink } from '../../server/permalinks/revoke-permalink.ts';
import {
  openShare,
  readShareAddress,
  type ShareListener,
} from '../../server/permalinks/share-listener.ts';
import { useDatabase } from '../support/database.ts';
import { doneRun, quadRun } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
let listener: ShareListener;
let published = '';
let base = '';

beforeAll(async () => {
  await storeRuns(database.db, [
    { id: 'shown', spec: doneRun.spec, headline: doneRun.headline },
    { id: 'private', spec: quadRun.spec, headline: quadRun.headline },
  ]);
  published = (await createPermalink(database.db, 'shown')).slug;
  const read = (slug: string) => readPermalink(database.db, slug);
  listener = await openShare({ host: '127.0.0.1', port: 0, read });
  base = `http://127.0.0.1:${listener.port}`;
});
afterAll(() => listener.close());

describe('the second listener', () => {
  test('serves what is published, as a page and as files, for no search engine', async () => {
    for (const suffix of ['', '.html', '.json', '.csv', '.svg', '.bib', '.md', '.tex']) {
      const response = await fetch(`${base}/s/${published}${suffix}`);
      expect(response.status, suffix).toBe(200);
      expect(response.headers.get('x-robots-tag')).toContain('noindex');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await response.text()).length).toBeGreaterThan(100);
    }
    const head = await fetch(`${base}/s/${published}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('an embed may be framed and nothing else may; pictures are pictures', async () => {
    const frames = async (path: string): Promise<readonly (string | null)[]> => {
      const { headers, status } = await fetch(`${base}${path}`);
      expect(status, path).toBe(200);
      const policy = headers.get('content-security-policy') ?? '';
      return [headers.get('x-frame-options'), /frame-ancestors [^;]*/.exec(policy)?.[0] ?? null];
    };
    expect(await frames(`/embed/${published}`)).toEqual([null, 'frame-ancestors *']);
    expect(await frames(`/s/${published}`)).toEqual(['DENY', null]);
    expect(await frames(`/s/${published}.svg`)).toEqual(['DENY', null]);
    const png = await fetch(`${base}/s/${published}.png?card`);
    expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(png.headers.get('content-length')).toBe(String((await png.arrayBuffer()).byteLength));
  });

  test('a private run does not exist, nor does anything of the workbench', async () => {
    const paths = [
      '/',
      '/runs/private',
      '/runs/shown',
      '/runs/private.json',
      '/compare.csv?runs=private',
      '/results',
      '/s',
      '/s/private',
      '/embed/private',
      `/embed/${'a'.repeat(32)}`,
      `/s/${'a'.repeat(32)}`,
      `/s/${published}/../../runs/private`,
      `/s/${published}.exe`,
      '/api/trpc/runs.list',
      '/api/trpc/runs.get?input=%7B%22json%22%3A%7B%22id%22%3A%22private%22%7D%7D',
      '/api/results.csv',
      '/_next/static/x.js',
    ];
    const answers = await Promise.all(
      paths.map(async (path) => {
        const response = await fetch(`${base}${path}`);
        return { path, status: response.status, body: await response.text() };
      }),
    );
    expect(answers.filter(({ status }) => status !== 404)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  test('every change is refused, and changes nothing', async () => {
    const before = await database.db.permalink.count();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const path of [
        `/s/${published}`,
        '/api/trpc/permalinks.revoke',
        '/api/trpc/runs.create',
      ]) {
        const body = method === 'OPTIONS' ? {} : { body: JSON.stringify({ slug: published }) };
        const response = await fetch(`${base}${path}`, { method, ...body });
        expect([method, path, response.status]).toEqual([method, path, 405]);
      }
    }
    expect(await database.db.permalink.count()).toBe(before);
    expect((await fetch(`${base}/s/${published}`)).status).toBe(200);
  });

  test('what is taken back is gone at once', async () => {
    const { slug } = await createPermalink(database.db, 'private');
    expect((await fetch(`${base}/s/${slug}`)).status).toBe(200);
    await revokePermalink(database.db, slug);
    expect((await fetch(`${base}/s/${slug}`)).status).toBe(404);
  });

  test('wants an address that it can listen on', () => {
    expect(readShareAddress('0.0.0.0:8080')).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(readShareAddress('[::1]:80')).toEqual({ host: '::1', port: 80 });
    for (const bad of ['', '8080', 'host', 'host:0', 'host:70000', 'a b:80']) {
      expect(() => readShareAddress(bad)).toThrow(/--share is .*HOST:PORT/);
    }
  });
});

test('is read from another network namespace, and only what is published', async () => {
  const script = join(import.meta.dirname, 'share-namespaces.sh');
  const { stdout } = await promisify(execFile)('bash', [script, process.execPath], {
    timeout: 60_000,
  });
  const lines = stdout.trim().split('\n');
  // Where the kernel lets nobody make namespaces, the script asks from another address of this host
  // instead, and says so: the listener cannot tell the difference, only the route is shorter.
  expect(['from another network namespace', 'from another address']).toContain(lines[0]);
  expect(lines.slice(1)).toEqual([
    'GET /s/published 200',
    'GET /s/private 404',
    'GET /runs/private 404',
    'GET /api/trpc/runs.list 404',
    'POST /s/published 405',
    'POST /api/trpc/permalinks.revoke 405',
  ]);
});
