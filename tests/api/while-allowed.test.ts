/** Whoever may no longer read a run hears no more of it, though the connection is open. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { principalOfKey, revokeKey } from '../../server/accounts/access-keys.ts';
import { setDisabled } from '../../server/accounts/users.ts';
import type { Context } from '../../server/api/context.ts';
import { whileAllowed } from '../../server/api/while-allowed.ts';
import { makePerson, withAccounts } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';

withAccounts();
const database = useDatabase();

async function watched() {
  const person = await makePerson(database.db, 'viewer');
  const context: Context = {
    connection: database,
    queue: rememberingQueue(),
    askAgain: () => principalOfKey(database.db, person.key),
  };
  return { person, context, watch: whileAllowed(context, 'read', undefined, 20) };
}
const ended = async ({ signal }: { signal: AbortSignal }): Promise<boolean> => {
  for (let waited = 0; !signal.aborted && waited < 100; waited += 1) await sleep(20);
  return signal.aborted;
};

test('a key that is taken back ends it, and says why', async () => {
  const { person, watch } = await watched();
  await sleep(100);
  expect(watch.signal.aborted).toBe(false);
  await revokeKey(database.db, person.userId, /^parley_(\w{10})_/.exec(person.key)?.[1] ?? '');
  expect(await ended(watch)).toBe(true);
  expect(() => watch.throwIfRefused()).toThrow(/Log in first/);
  watch.stop();
});

test('so does putting its user out', async () => {
  const { person, watch } = await watched();
  await setDisabled(database.db, person.userId, true);
  expect(await ended(watch)).toBe(true);
  watch.stop();
});

test('a listener that goes by itself is refused nothing', async () => {
  const { context } = await watched();
  const gone = new AbortController();
  const watch = whileAllowed(context, 'read', gone.signal, 20);
  gone.abort();
  expect(watch.signal.aborted).toBe(true);
  expect(() => watch.throwIfRefused()).not.toThrow();
  watch.stop();
});
