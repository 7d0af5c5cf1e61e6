/**
 * Parties on hosts of their own: each lends itself over TLS to a worker that it knows by its key. Here the
 * hosts are processes of one machine, started as people start them; tests/runs/host-namespaces.sh gives each
 * of them a network and a file system of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRun } from '../../server/runs/create-run.ts';
import { readEvents } from '../../server/runs/events.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { loadIdentity } from '../../server/runs/hosts/identity.ts';
import { placeRoles, readPartyHosts } from '../../server/runs/hosts/placement.ts';
import { dialHost } from '../../server/runs/hosts/secure-socket.ts';
import { Talk, writeHead } from '../../server/runs/hosts/talk.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const database = useDatabase();
const cli = join(import.meta.dirname, '..', '..', 'server', 'cli', 'parley.mjs');

interface Host {
  readonly address: string;
  readonly folder: string;
  readonly child: ChildProcess;
}

async function startHost(trusted: string): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-host-'));
  const args = [cli, 'party', '--listen', '127.0.0.1:0', '--trust', trusted, '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PARLEY_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'] as const,
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { listening, pin } = JSON.parse(line.toString()) as { listening: string; pin: string };
  return { address: `${listening}#${pin}`, folder, child };
}

async function endHost({ child, folder }: Host): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
}

const hosts: Host[] = [];
let workerPin = '';
beforeAll(async () => {
  workerPin = (await loadIdentity(database.folder)).pin;
  for (let i = 0; i < 3; i += 1) hosts.push(await startHost(workerPin));
});
afterAll(() => Promise.all(hosts.map(endHost)));
afterEach(() => void vi.unstubAllEnvs());

const named = (some = hosts): void =>
  void vi.stubEnv('PARLEY_PARTY_HOSTS', some.map(({ address }) => address).join(','));

const bare = {
  name: 'loopback',
  backend: 'none',
  bitsPerSecond: 1e12,
  rttMs: 0,
  topology: 'pair',
} as const;

async function runOf(spec: typeof smallSpec, during?: (id: string) => Promise<void>) {
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const [outcome] = await Promise.all([
    executeRun(database, claim, { stop: new AbortController().signal }),
    during?.(id),
  ]);
  return { id, outcome, run: await readDetail(database.db, id) };
}

describe.each([
  ['three parties', { ...smallSpec, network: bare }, ['party 0', 'party 1', 'party 2']],
  ['two and a dealer', { ...smallAdditiveSpec, network: bare }, ['party 0', 'party 1', 'dealer']],
] as const)('%s on three hosts', (_, spec, roles) => {
  test('the same run as on one: logits, bytes, rounds, trace; its certificate names the hosts', async () => {
    named();
    const { id, outcome, run } = await runOf(spec);
    expect(outcome, run.reason ?? '').toBe('done');
    expect(run.prediction?.agrees).toBe(true);
    expect(run.headline?.disagreement?.withClear).toBe(0);
    expect(run.headline?.onlineMs.median).toBeGreaterThan(0);
    const facts = JSON.stringify(run.linkCheck);
    const events = (await readEvents(database.db, id, 0)).map((event) => JSON.stringify(event));
    for (const role of roles) {
      expect(facts + events.join('\n')).toContain(`host of ${role}`);
    }
    expect(run.artifacts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['link-certificate.json', 'trace-party-0.json', 'trace-party-1.json']),
    );
    // Nothing of the run stays on a host.
    await sleep(300);
    for (const { folder } of hosts) {
      expect(await readdir(join(folder, 'runs')).catch(() => [])).toEqual([]);
    }
  });
});

test('a host that is cut off mid-run ends it within seconds, by its name, and leaves no number', async () => {
  const extra = await startHost(workerPin);
  try {
    named([extra, ...hosts]);
    const spec = { ...smallSpec, network: bare, measurement: { batchSize: 1, repeats: 20 } };
    const { outcome, run } = await runOf(spec, async (id) => {
      for (let waited = 0; waited < 600; waited += 1) {
        const { state } = await database.db.run.findUniqueOrThrow({ where: { id } });
        if (state === 'running') break;
        await sleep(50);
      }
      extra.child.kill('SIGKILL');
    });
    expect(outcome).toBe('failed');
    expect(run.reason).toMatch(/^Party 0 failed: host 127\.0\.0\.1:\d+ is cut off/);
    expect(run.headline).toBeNull();
  } finally {
    await endHost(extra);
  }
});

describe('who may speak', () => {
  test('a host with another key than its pin is refused before anything is said', async () => {
    const swapped = hosts.map(({ address }, i) => {
      const [place] = address.split('#');
      const [, pin] = (hosts[(i + 1) % hosts.length]?.address ?? '').split('#');
      return `${place}#${pin}`;
    });
    vi.stubEnv('PARLEY_PARTY_HOSTS', swapped.join(','));
    const { outcome, run } = await runOf({ ...smallSpec, network: bare });
    expect(outcome).toBe('failed');
    expect(run.reason).toMatch(/has another key than its pin [0-9a-f]{12}\.\.\. says/);
  });

  test('a worker that the host does not know is hung up on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-stranger-'));
    try {
      const stranger = await loadIdentity(folder);
      const [known] = readPartyHosts(hosts[0]?.address);
      if (known === undefined) throw new Error('no host');
      const socket = await dialHost(known, known.pin, stranger);
      const closed = once(socket, 'close');
      writeHead(socket, { kind: 'control', token: 'a'.repeat(64), role: 0, friends: [] });
      const talk = new Talk(socket, () => {
        throw new Error('it was answered');
      });
      await closed;
      expect(await talk.over).toMatch(/gone|closed/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('noise, a plain connection and a head of nothing do no harm', async () => {
    const [known] = readPartyHosts(hosts[0]?.address);
    if (known === undefined) throw new Error('no host');
    for (const text of ['GET / HTTP/1.1\r\n\r\n', '\0'.repeat(9000)]) {
      const socket = connect({ host: known.host, port: known.port });
      socket.on('error', () => {});
      socket.end(text);
      await once(socket, 'close');
    }
    const own = await dialHost(known, known.pin, await loadIdentity(database.folder));
    own.write(`${'x'.repeat(9000)}\n`);
    await once(own, 'close');
    named();
    expect((await runOf({ ...smallSpec, network: bare })).outcome).toBe('done');
  });
});

describe('where roles are placed', () => {
  const pin = (digit: string): string => digit.repeat(64);

  test('each on a host of its own, or not at all', async () => {
    named(hosts.slice(0, 2));
    const { outcome, run } = await runOf({ ...smallSpec, network: bare });
    expect(outcome).toBe('failed');
    expect(run.reason).toMatch(/3 computing roles and PARLEY_PARTY_HOSTS names 2 hosts/);
    const two = readPartyHosts(`192.0.2.1:7400#${pin('a')}, [2001:db8::1]:7400#${pin('b')}`);
    expect(placeRoles([0, 1], two).get(1)).toMatchObject({ host: '2001:db8::1', port: 7400 });
  });

  test.each([
    ['192.0.2.1:7400', /write HOST:PORT#PIN/],
    [`192.0.2.1:0#${'a'.repeat(64)}`, /no address/],
    [`bad host:7400#${'a'.repeat(64)}`, /no address/],
    [`a:1#${'a'.repeat(64)},b:2#${'a'.repeat(64)}`, /names one pin twice/],
  ])('%s is refused by name', (text, problem) => {
    expect(() => readPartyHosts(text)).toThrow(problem);
  });
});
