import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureEmbedded, findEmbedded, stopEmbedded } from '../../server/db/embedded-postgres.ts';

test('the embedded database is found, and comes back on its port after it was stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  onTestFinished(() => stopEmbedded(folder));
  await ensureEmbedded(folder, { volatile: true });
  const running = await findEmbedded(folder);
  expect(running?.started).toBe(false);
  await stopEmbedded(folder);
  expect(await findEmbedded(folder)).toBeUndefined();
  const [first, second] = await Promise.all([
    ensureEmbedded(folder, { volatile: true }),
    ensureEmbedded(folder, { volatile: true }),
  ]);
  expect(first.port).toBe(running?.port);
  expect(second.url).toBe(first.url);
  expect([first.started, second.started].filter(Boolean)).toHaveLength(1);
});
