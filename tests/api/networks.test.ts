/** Networks that somebody saved: kept, listed, offered by the form, deleted; bad ones named. */
import { TRPCError } from '@trpc/server';
import { describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { parseNetworkJson } from '../../server/api/schemas/saved-network.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { probeBackends } from '../../server/network/backend-states.ts';
import { backendStates } from '../../server/runs/backend-states.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

const lab = {
  name: 'my-lab',
  backend: 'inline',
  bitsPerSecond: 2.5e8,
  rttMs: 12,
  topology: 'nic',
  tcp: 'cubic',
} as const;

const refusal = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'taken',
    (error: unknown) => (error instanceof TRPCError ? error.message : String(error)),
  );

describe('saved networks', () => {
  test('one is kept, listed, among the choices of the form, and gone when deleted', async () => {
    await api.networks.save(lab);
    expect(await api.networks.list()).toEqual([lab]);
    const { networks } = await api.catalog.get();
    expect(networks.at(-1)).toMatchObject({
      id: 'my-lab',
      basis: 'saved',
      tcp: 'cubic',
      rttMs: 12,
    });
    await api.networks.remove({ name: 'my-lab' });
    expect(await api.networks.list()).toEqual([]);
    expect(await refusal(api.networks.remove({ name: 'my-lab' }))).toMatch(
      /no saved network "my-lab"/,
    );
  });

  test('what is written out although it is usual is the same network', async () => {
    const { tcp: _, ...usual } = lab;
    expect(await api.networks.save({ ...usual, name: 'usual', tcp: 'warm' })).toEqual({
      ...usual,
      name: 'usual',
    });
  });

  test('a name that is taken, that is Parley’s own, or that no address can hold', async () => {
    await api.networks.save({ ...lab, name: 'twice' });
    expect(await refusal(api.networks.save({ ...lab, name: 'twice' }))).toMatch(
      /"twice" already; give this one another name/,
    );
    expect(await refusal(api.networks.save({ ...lab, name: 'lan-1g' }))).toMatch(
      /"lan-1g" is one of Parley's own/,
    );
    expect(await refusal(api.networks.save({ ...lab, name: 'custom' }))).toMatch(/Parley's own/);
    expect(await refusal(api.networks.save({ ...lab, name: 'My lab!' }))).toMatch(/small letters/);
  });

  test('JSON that is none, or no network, says which field and what', () => {
    expect(parseNetworkJson(JSON.stringify(lab))).toEqual({ network: lab });
    expect(parseNetworkJson('{')).toMatchObject({ why: expect.stringMatching(/not JSON/) });
    const why = (change: object): string => {
      const parsed = parseNetworkJson(JSON.stringify({ ...lab, ...change }));
      return 'why' in parsed ? parsed.why : 'taken';
    };
    expect(why({ rttMs: -1 })).toMatch(/rttMs: .*0/);
    expect(why({ topology: 'shared' })).toMatch(/topology: shared needs one queue/);
    expect(why({ rttMs: undefined })).toMatch(/rttMs/);
    expect(why({ name: 'Ä' })).toMatch(/name "Ä"/);
  });
});

test('which backends work here, and why one does not', async () => {
  const none = () =>
    Promise.reject(new EngineError('backend', 'the kernel backend cannot work here (why)'));
  const states = await probeBackends(none);
  expect(states.find(({ id }) => id === 'kernel')).toEqual({
    id: 'kernel',
    engine: null,
    why: 'the kernel backend cannot work here (why)',
  });
  expect(states.find(({ id }) => id === 'inline')).toMatchObject({ why: null });
});

test('the machine is asked in a process of its own, once in five minutes, and again when that failed', async () => {
  const real = await backendStates();
  expect(real.map(({ id }) => id)).toEqual(['inline', 'kernel', 'none']);
  let asked = 0;
  const find = () => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('no process')) : Promise.resolve(real);
  };
  const later = Date.now() + 301_000;
  await expect(backendStates(find, later)).rejects.toThrow('no process');
  expect(await backendStates(find, later)).toBe(real);
  await backendStates(find, later + 60_000);
  expect(asked).toBe(2);
});
