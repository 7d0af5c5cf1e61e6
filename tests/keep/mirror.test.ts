/** The static mirror: what is published, whole and nothing else. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { documentFormats } from '../../server/compare/write-document.ts';
import { mirror } from '../../server/keep/mirror.ts';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { revokePermalink } from '../../server/permalinks/revoke-permalink.ts';
import { useDatabase } from '../support/database.ts';
import { headline, pumaSpec } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-mirror-'));
  folders.push(folder);
  return join(folder, 'mirror');
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

test('every live copy in every format, and nothing that is private or was taken back', async () => {
  const { db } = database;
  const empty = await newFolder();
  expect(await mirror(db, empty, 'https://parley.example')).toEqual({ copies: 0, files: 1 });
  expect(await readFile(join(empty, 'index.html'), 'utf8')).toContain('Nothing is published.');

  const [open = '', secret = '', revoked = ''] = await storeRuns(db, [
    { spec: pumaSpec, headline },
    { spec: pumaSpec, headline },
    { spec: pumaSpec, headline },
  ]);
  const { slug, contentHash } = await createPermalink(db, open);
  const taken = await createPermalink(db, revoked);
  await revokePermalink(db, taken.slug);
  await db.permalink.updateMany({ where: { slug }, data: { title: '<script>alert(1)</script>' } });

  const folder = await newFolder();
  const report = await mirror(db, folder, 'https://parley.example');
  expect(report).toEqual({ copies: 1, files: documentFormats.length + 2 });
  const names = await readdir(join(folder, 's'));
  const wanted = [...documentFormats.map((format) => `${slug}.${format}`), `${slug}.snapshot.json`];
  expect(names.toSorted()).toEqual(wanted.toSorted());

  const snapshot = await readFile(join(folder, 's', `${slug}.snapshot.json`));
  expect(createHash('sha256').update(snapshot).digest('hex')).toBe(contentHash);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 's', name), 'utf8')));
  for (const text of texts) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(revoked);
  }
  const page = await readFile(join(folder, 's', `${slug}.html`), 'utf8');
  expect(page).toContain(`https://parley.example/s/${slug}`);
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  expect(index).toContain(`href="s/${slug}.html"`);
  expect(index).toContain('&lt;script&gt;');
  expect(index).not.toContain('<script>');

  await expect(mirror(db, folder, '')).rejects.toThrow(/is not empty/);
});
