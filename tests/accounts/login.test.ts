/** Accounts with the library that hashes passwords and keeps sessions. */
import { expect, test } from 'vitest';
import { identify } from '../../server/accounts/identify.ts';
import {
  addUser,
  findUser,
  setDisabled,
  setPassword,
  setRole,
} from '../../server/accounts/users.ts';
import { handleAuth } from '../../server/api/handle-auth.ts';
import { withAccounts } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';

withAccounts();
const database = useDatabase();
const host = 'localhost:4300';
const password = 'correct horse battery';
let people = 0;

async function person(role: 'viewer' | 'admin' = 'viewer') {
  people += 1;
  const email = `person${people}@example.org`;
  return addUser(database.db, { email, name: `Person ${people}`, password, role });
}

const post = (step: string, body: unknown, headers: Record<string, string> = {}) =>
  handleAuth(
    new Request(`http://${host}/api/auth/${step}`, {
      method: 'POST',
      headers: { host, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
    async () => ({ connection: database, queue: rememberingQueue() }),
  );

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

const whoHas = (cookie: string) => identify(new Headers({ cookie }), async () => database.db);

test('a password lets in, its cookie is closed to scripts and other sites, logout ends it', async () => {
  const { id, email } = await person();
  const response = await post('login', { email: email.toUpperCase(), password });
  expect(response.status).toBe(200);
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^parley\.session_token=/);
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Strict/i);
  expect(cookie).toMatch(/Path=\/(;|$)/i);
  expect(await whoHas(cookieOf(response))).toMatchObject({
    kind: 'session',
    userId: id,
    role: 'viewer',
  });
  expect((await post('logout', {}, { cookie: cookieOf(response) })).status).toBe(200);
  expect(await whoHas(cookieOf(response))).toBeNull();
});

test('an unknown address and a wrong password are refused in the same words', async () => {
  const { email } = await person();
  const known = await post('login', { email, password: 'wrong horse battery' });
  const unknown = await post('login', { email: 'nobody@example.org', password });
  expect([known.status, unknown.status]).toEqual([401, 401]);
  expect(await known.text()).toBe(await unknown.text());
  expect(known.headers.getSetCookie()).toEqual([]);
});

test('after five tries in a minute the right password waits as well', async () => {
  const { email } = await person();
  for (let at = 0; at < 5; at += 1) await post('login', { email, password: `wrong number ${at}` });
  const response = await post('login', { email, password });
  expect(response.status).toBe(429);
  expect(await response.text()).toMatch(/wait \d+ s/);
});

test('who is disabled is out at once and not let in again', async () => {
  const { id, email } = await person();
  const cookie = cookieOf(await post('login', { email, password }));
  await setDisabled(database.db, id, true);
  expect(await whoHas(cookie)).toBeNull();
  expect((await post('login', { email, password })).status).toBe(401);
  expect(await database.db.loginSession.count({ where: { userId: id } })).toBe(0);
});

test('a new password ends other sessions; the current one must be right', async () => {
  const { email } = await person();
  const [one, two] = [
    cookieOf(await post('login', { email, password })),
    cookieOf(await post('login', { email, password })),
  ];
  const next = 'another horse battery';
  const wrong = await post('password', { current: 'wrong horse', next }, { cookie: one });
  expect(wrong.status).toBe(400);
  const short = await post('password', { current: password, next: 'short' }, { cookie: one });
  expect([short.status, await short.text()]).toEqual([400, expect.stringContaining('12')]);
  expect((await post('password', { current: password, next }, { cookie: one })).status).toBe(200);
  expect(await whoHas(two)).toBeNull();
  expect((await post('login', { email, password: next })).status).toBe(200);
});

test('an administrator sets a password; what is stored is no password', async () => {
  const { id, email } = await person();
  await setPassword(database.db, id, 'a third horse battery');
  expect((await post('login', { email, password })).status).toBe(401);
  expect((await post('login', { email, password: 'a third horse battery' })).status).toBe(200);
  const account = await database.db.loginAccount.findFirstOrThrow({ where: { userId: id } });
  expect(account.password).not.toContain('horse');
});

test('the last administrator stays, an address is taken once', async () => {
  const admin = await person('admin');
  await expect(setRole(database.db, admin.id, 'viewer')).rejects.toMatchObject({
    kind: 'conflict',
  });
  await expect(setDisabled(database.db, admin.id, true)).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await findUser(database.db, admin.email)).toMatchObject({
    role: 'admin',
    disabledAt: null,
  });
  const again = { email: admin.email, name: 'Again', password, role: 'viewer' } as const;
  await expect(addUser(database.db, again)).rejects.toMatchObject({ kind: 'conflict' });
});

test('a page of another site cannot log anybody in or out', async () => {
  const { email } = await person();
  const response = await post('login', { email, password }, { origin: 'http://evil.example' });
  expect(response.status).toBe(403);
  expect(response.headers.getSetCookie()).toEqual([]);
});
