/** Guests: nobody unless asked for; then small, counted, and never anybody else. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guestId, guestRole } from '../../server/accounts/guests.ts';
import { identify } from '../../server/accounts/identify.ts';
import { requireNeed } from '../../server/accounts/principal.ts';
import { readQuota } from '../../server/accounts/quotas.ts';
import { setDisabled } from '../../server/accounts/users.ts';
import { createCaller } from '../../server/api/root.ts';
import { withAccounts } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

withAccounts();
const database = useDatabase();
afterEach(() => void vi.unstubAllEnvs());

const come = (headers: Record<string, string> = {}) =>
  identify(new Headers(headers), async () => database.db);

describe('who comes without login', () => {
  test('is a stranger, unless guests are let in by a word that is known', async () => {
    expect(await come()).toBeNull();
    vi.stubEnv('PARLEY_GUESTS', 'off');
    expect(await come()).toBeNull();
    vi.stubEnv('PARLEY_GUESTS', 'yes');
    expect(() => guestRole()).toThrow(/PARLEY_GUESTS is "yes": use off, read or run/);
    vi.stubEnv('PARLEY_GUESTS', 'read');
    expect(await come()).toMatchObject({ kind: 'guest', userId: guestId, role: 'viewer' });
    vi.stubEnv('PARLEY_GUESTS', 'run');
    expect(await come()).toMatchObject({ kind: 'guest', role: 'runner' });
  });

  test('with a key that opens nothing is nobody, not a guest', async () => {
    vi.stubEnv('PARLEY_GUESTS', 'run');
    expect(await come({ authorization: `Bearer parley_aaaaaaaaaa_${'x'.repeat(43)}` })).toBeNull();
    expect(await come({ authorization: 'Basic Zm9v' })).toBeNull();
  });

  test('is asked to log in for what a guest may not, and has no account', async () => {
    vi.stubEnv('PARLEY_GUESTS', 'read');
    const guest = await come();
    expect(() => requireNeed(guest, 'read')).not.toThrow();
    for (const need of ['run', 'edit', 'administer', 'self'] as const) {
      expect(() => requireNeed(guest, need), need).toThrow(/^Guests .*: log in\.$/);
    }
  });

  test('can be put out like anybody', async () => {
    vi.stubEnv('PARLEY_GUESTS', 'read');
    expect(await come()).not.toBeNull();
    await setDisabled(database.db, guestId, true);
    expect(await come()).toBeNull();
    await setDisabled(database.db, guestId, false);
    expect(await come()).not.toBeNull();
  });
});

describe("a guest's runs", () => {
  test('are counted, few at a time, and small', async () => {
    vi.stubEnv('PARLEY_GUESTS', 'run');
    const queue = rememberingQueue();
    const api = createCaller({ connection: database, queue, principal: await come() });
    const { limits } = await readQuota(database.db, guestId);
    expect(limits.concurrentRuns).toBe(2);
    const { id } = await api.runs.create(smallSpec);
    expect((await database.db.run.findUniqueOrThrow({ where: { id } })).createdBy).toBe(guestId);
    const slow = {
      ...smallSpec,
      dataset: { ...smallSpec.dataset, samples: 40 },
      measurement: { batchSize: 1, repeats: 20 },
      network: { ...smallSpec.network, backend: 'inline' as const, rttMs: 500 },
    };
    await expect(api.runs.create(slow)).rejects.toThrow(
      /expected to take \d+ s; a guest's takes 120/,
    );
    await api.runs.create(smallSpec);
    await expect(api.runs.create(smallSpec)).rejects.toThrow(/queued or under way: 2 of 2/);
    await expect(api.notebooks.create({ text: '' })).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    expect(await api.accounts.me()).toMatchObject({ guest: true, user: { name: 'Guest' } });
  });
});
