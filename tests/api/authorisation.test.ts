/**
 * The authorisation matrix: every procedure, every path of /api/v1 and every route file, by everybody
 * who may come. Procedures, paths and files are read from the code: one without a rule fails here.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAudit } from '../../server/accounts/audit.ts';
import type { Need, Principal } from '../../server/accounts/principal.ts';
import { procedureNeeds, restNeeds } from '../../server/api/permissions.ts';
import { handleRest } from '../../server/api/rest/handle-rest.ts';
import { routes as restRoutes } from '../../server/api/rest/routes.ts';
import { appRouter, createCaller } from '../../server/api/root.ts';
import { permissions, roleMay, roles, type Role } from '../../server/api/schemas/accounts.ts';
import { disconnect } from '../../server/db/client.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { makePerson, withAccounts, type Person } from '../support/accounts.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

withAccounts();
const database = useDatabase();
const queue = rememberingQueue();
const host = 'localhost:4300';
const people = new Map<Role, Person>();
let reader: Person;

beforeAll(async () => {
  process.env['DATABASE_URL'] = database.url;
  for (const role of roles) people.set(role, await makePerson(database.db, role));
  reader = await makePerson(database.db, 'admin', ['read']);
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  const slot = globalThis as { parleyContext?: Promise<{ queue: { close?(): Promise<void> } }> };
  await (await slot.parleyContext)?.queue.close?.();
  delete slot.parleyContext;
  await disconnect();
});

const personOf = (role: Role): Person => {
  const person = people.get(role);
  if (person === undefined) throw new Error(`nobody is ${role}`);
  return person;
};
const callers = ['stranger', ...roles, 'key of an admin for reading'] as const;
type Caller = (typeof callers)[number];

/** What is expected, written apart from the code that decides it. */
function expected(caller: Caller, need: Need): 'UNAUTHORIZED' | 'FORBIDDEN' | 'let in' {
  if (need === 'public') return 'let in';
  if (caller === 'stranger') return 'UNAUTHORIZED';
  if (caller === 'key of an admin for reading') return need === 'read' ? 'let in' : 'FORBIDDEN';
  return need === 'self' || roleMay(caller, need) ? 'let in' : 'FORBIDDEN';
}

function principalOf(caller: Caller): Principal | null {
  if (caller === 'stranger') return null;
  if (caller !== 'key of an admin for reading') return personOf(caller).principal;
  return { ...reader.principal, kind: 'key', scopes: ['read'], keyId: 'aaaaaaaaaa' };
}

function keyOf(caller: Caller): string | null {
  if (caller === 'stranger') return null;
  return caller === 'key of an admin for reading' ? reader.key : personOf(caller).key;
}

const definition = '_def';
type Kind = 'query' | 'mutation' | 'subscription';
type Listed = Record<string, { [definition]: { type: Kind } }>;
const procedures = Object.entries(appRouter[definition].procedures as unknown as Listed).map(
  ([name, procedure]) => ({ name, type: procedure[definition].type }),
);
const needs: Readonly<Record<string, Need>> = procedureNeeds;

describe('the table', () => {
  test('has one rule for each procedure and each path, and no others', () => {
    expect(Object.keys(needs).toSorted()).toEqual(procedures.map(({ name }) => name).toSorted());
    expect(Object.keys(restNeeds).toSorted()).toEqual(restRoutes.map(({ id }) => id).toSorted());
  });

  test('lets nobody change anything with the permission to read', () => {
    const changing = procedures.filter(({ type }) => type === 'mutation');
    expect(changing.length).toBeGreaterThan(25);
    for (const { name } of changing) {
      expect(['run', 'edit', 'administer', 'self'], name).toContain(needs[name]);
    }
    const reading = new Set(['priceSweep', 'compareRuns', 'predict']);
    for (const { id, method } of restRoutes) {
      if (method === 'get' || reading.has(id)) continue;
      expect(['run', 'edit', 'administer'], id).toContain(restNeeds[id]);
    }
  });

  test('shows a stranger what was published and who they are, and nothing else', () => {
    const open = Object.keys(needs).filter((name) => needs[name] === 'public');
    expect(open.toSorted()).toEqual(['accounts.me', 'permalinks.get']);
    expect(Object.keys(restNeeds).filter((id) => restNeeds[id] === 'public')).toEqual([
      'readPermalink',
    ]);
  });

  test('keeps people, quotas and the log for administrators', () => {
    const own = ['me', 'keys', 'createKey', 'revokeKey'].map((name) => `accounts.${name}`);
    for (const { name } of procedures) {
      if (!name.startsWith('accounts.') || own.includes(name)) continue;
      expect(needs[name], name).toBe('administer');
    }
  });
});

/** Runs a procedure with no input, which all that take one refuse after the rule was asked. */
async function outcomeOf(name: string, principal: Principal | null): Promise<string> {
  const caller = createCaller({ connection: database, queue, principal });
  let called: unknown = caller;
  for (const part of name.split('.')) called = (called as Record<string, unknown>)[part];
  try {
    await (called as (input?: unknown) => Promise<unknown>)();
    return 'let in';
  } catch (error) {
    const code = error instanceof TRPCError ? error.code : String(error);
    return code === 'UNAUTHORIZED' || code === 'FORBIDDEN' ? code : 'let in';
  }
}

describe.each(callers)('%s', (caller) => {
  test.each(procedures)('$name, a $type', async ({ name }) => {
    const need = needs[name];
    if (need === undefined) throw new Error(`${name} has no rule in permissions.ts`);
    expect(await outcomeOf(name, principalOf(caller))).toBe(expected(caller, need));
  });

  test.each(restRoutes.map(({ id, method, path }) => ({ id, method, path })))(
    '$method /api/v1$path',
    async ({ id, method, path }) => {
      const need = restNeeds[id];
      if (need === undefined) throw new Error(`${id} has no rule in permissions.ts`);
      const key = keyOf(caller);
      const headers = { host, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
      const init: RequestInit = { method: method.toUpperCase(), headers };
      if (method !== 'get') init.body = 'no JSON';
      const address = `http://${host}/api/v1${path.replaceAll(/\{\w+\}/g, 'unknown')}`;
      const { status } = await handleRest(new Request(address, init), async () => ({
        connection: database,
        queue,
      }));
      const outcome = status === 401 ? 'UNAUTHORIZED' : status === 403 ? 'FORBIDDEN' : 'let in';
      expect(outcome).toBe(expected(caller, need));
    },
  );
});

describe('route files', () => {
  const app = join(import.meta.dirname, '..', '..', 'app');
  /** `inside`: the door asks at each procedure or path; `session`: it is the door for logging in. */
  const rules: Readonly<Record<string, Need | 'inside' | 'session'>> = {
    'api/[file]/route.ts': 'read',
    'api/audit/route.ts': 'administer',
    'api/auth/[step]/route.ts': 'session',
    'api/export/[...path]/route.ts': 'read',
    'api/files/[id]/[name]/route.ts': 'read',
    'api/health/route.ts': 'public',
    'api/metrics/route.ts': 'read',
    'api/trpc/[trpc]/route.ts': 'inside',
    'api/v1/[...path]/route.ts': 'inside',
    'embed/notebook-sandbox/route.ts': 'public',
    'papers/[slug]/[file]/route.ts': 'read',
  };

  test('each has a rule', async () => {
    const found = (await readdir(app, { recursive: true })).filter((path) =>
      /(?:^|\/)route\.tsx?$/.test(path),
    );
    expect(found.toSorted()).toEqual(Object.keys(rules).toSorted());
  });

  const asked = Object.entries(rules).flatMap(([path, rule]) =>
    rule === 'inside' || rule === 'session'
      ? []
      : callers.map((caller) => ({ path, rule, caller })),
  );
  test.each(asked)('$path by $caller', async ({ path, rule, caller }) => {
    const found = (await import(join(app, path))) as {
      GET: (request: Request) => Response | Promise<Response>;
    };
    const key = keyOf(caller);
    const headers = { host, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
    const address = path.replace(/\/route\.tsx?$/, '').replaceAll(/\[(?:\.\.\.)?\w+\]/g, 'unknown');
    const { status } = await found.GET(new Request(`http://${host}/${address}`, { headers }));
    const outcome = status === 401 ? 'UNAUTHORIZED' : status === 403 ? 'FORBIDDEN' : 'let in';
    expect(outcome).toBe(expected(caller, rule));
  });

  test('a published copy needs no login, an own one does', async () => {
    const { handleExport } = await import('../../server/api/handle-export.ts');
    const status = async (path: string): Promise<number> =>
      (await handleExport(new Request(`http://${host}${path}`, { headers: { host } }))).status;
    expect(await status('/s/unknown.json')).toBe(404);
    expect(await status('/embed/unknown')).toBe(404);
    for (const path of ['/runs/unknown.json', '/compare.csv', '/n/unknown.md']) {
      expect(await status(path), path).toBe(401);
    }
  });
});

describe("others' runs", () => {
  const runOf = async (role: Role): Promise<string> => {
    const { userId } = personOf(role);
    return (await createRun({ db: database.db, queue, userId }, smallSpec, 'web')).id;
  };
  const cancelBy = async (role: Role, id: string): Promise<string> => {
    const { principal } = personOf(role);
    const caller = createCaller({ connection: database, queue, principal });
    return caller.runs.cancel({ id }).then(
      ({ state }) => state,
      (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
    );
  };

  test('a runner ends their own and nobody else’s, an editor everybody’s', async () => {
    const [own, other, third] = [
      await runOf('runner'),
      await runOf('admin'),
      await runOf('runner'),
    ];
    expect(await cancelBy('runner', other)).toBe('FORBIDDEN');
    expect(await cancelBy('runner', own)).toBe('cancelled');
    expect(await cancelBy('editor', other)).toBe('cancelled');
    expect(await cancelBy('editor', third)).toBe('cancelled');
    expect(await cancelBy('runner', 'a'.repeat(12))).toBe('NOT_FOUND');
  });
});

describe('the front of the queue', () => {
  test('is for editors; a runner moves only their own', async () => {
    const { userId } = personOf('runner');
    const context = { db: database.db, queue };
    const own = (await createRun({ ...context, userId }, smallSpec, 'web')).id;
    const other = (await createRun({ ...context, userId: null }, smallSpec, 'web')).id;
    const moveBy = async (role: Role, id: string, priority: 'low' | 'high'): Promise<string> => {
      const caller = createCaller({
        connection: database,
        queue,
        principal: personOf(role).principal,
      });
      return caller.runs.setPriority({ id, priority }).then(
        ({ priority: now }) => now,
        (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
      );
    };
    expect(await moveBy('runner', own, 'low')).toBe('low');
    expect(await moveBy('runner', own, 'high')).toBe('FORBIDDEN');
    expect(await moveBy('runner', other, 'low')).toBe('FORBIDDEN');
    expect(await moveBy('editor', other, 'high')).toBe('high');
  });
});

describe("others' trainings", () => {
  let made = 0;
  const trainingOf = async (role: Role): Promise<string> => {
    made += 1;
    const id = `t-ownertest00${made}`;
    await database.db.training.create({
      data: {
        id,
        recipe: {},
        recipeHash: '0'.repeat(64),
        kind: 'distillation',
        title: 'a student',
        createdBy: personOf(role).userId,
      },
    });
    return id;
  };
  const cancelBy = async (role: Role, id: string): Promise<string> => {
    const { principal } = personOf(role);
    const caller = createCaller({ connection: database, queue, principal });
    return caller.training.cancel({ id }).then(
      () => 'cancelled',
      (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
    );
  };

  test('a runner ends their own and nobody else’s, an editor everybody’s', async () => {
    const [own, other] = [await trainingOf('runner'), await trainingOf('admin')];
    expect(await cancelBy('runner', other)).toBe('FORBIDDEN');
    expect(await cancelBy('runner', own)).toBe('cancelled');
    expect(await cancelBy('editor', other)).toBe('cancelled');
    expect(await cancelBy('runner', 't-unknownaaaaa')).toBe('NOT_FOUND');
  });
});

describe('keys', () => {
  test('nobody gives a key more than they have, and a key makes no keys', async () => {
    const runner = createCaller({
      connection: database,
      queue,
      principal: personOf('runner').principal,
    });
    const wanted = { name: 'k', days: null };
    await expect(runner.accounts.createKey({ ...wanted, scopes: ['edit'] })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    const made = await runner.accounts.createKey({ ...wanted, scopes: ['read', 'run'] });
    expect((await runner.accounts.keys()).map(({ id }) => id)).toContain(made.id);
    expect(JSON.stringify(await runner.accounts.keys())).not.toContain(made.key);
    const { principal } = personOf('admin');
    const asKey = createCaller({
      connection: database,
      queue,
      principal: { ...principal, kind: 'key', scopes: [...permissions], keyId: 'aaaaaaaaaa' },
    });
    await expect(asKey.accounts.createKey({ ...wanted, scopes: ['read'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

test('a user who changes things too fast is asked to wait, and nobody else is', async () => {
  const [fast, calm] = await Promise.all([
    makePerson(database.db, 'editor'),
    makePerson(database.db, 'editor'),
  ]);
  const revokeBy = (person: Person): Promise<string> =>
    createCaller({ connection: database, queue, principal: person.principal })
      .permalinks.revoke({ slug: 'b'.repeat(32) })
      .then(
        () => 'OK',
        (error: unknown) => (error instanceof TRPCError ? error.code : String(error)),
      );
  const codes = [];
  for (let i = 0; i < 241; i += 1) codes.push(await revokeBy(fast));
  expect(new Set(codes.slice(0, 240))).toEqual(new Set(['NOT_FOUND']));
  expect(codes[240]).toBe('TOO_MANY_REQUESTS');
  expect(await revokeBy(calm)).toBe('NOT_FOUND');
});

test('what was done and refused is in the log, with who and to what; reading is not', async () => {
  const { principal, userId } = personOf('viewer');
  const viewer = createCaller({ connection: database, queue, principal });
  await expect(viewer.permalinks.revoke({ slug: 'a'.repeat(32) })).rejects.toThrow('may not');
  await viewer.runs.list({});
  const { rows } = await readAudit(database.db, { limit: 1 });
  expect(rows[0]).toMatchObject({
    actorId: userId,
    action: 'permalinks.revoke',
    object: 'a'.repeat(32),
    outcome: 'refused',
  });
});
