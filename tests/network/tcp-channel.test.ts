/** TCP channels in one process: joining, data, and every way in which it can go wrong. */
import { randomBytes } from 'node:crypto';
import { noTerms } from '../../server/network/handshake.ts';
import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Peer } from '../../server/engine/channel.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import type { Link } from '../../server/network/link.ts';
import type { NetworkChannel } from '../../server/network/network-channel.ts';
import { listenTcp, openTcpChannel } from '../../server/network/tcp-channel.ts';
import type {
  TcpAddresses,
  TcpEndpoint,
  TcpListenOptions,
} from '../../server/network/tcp-channel.ts';

const sessionId = randomBytes(8);
const authKey = randomBytes(32);
const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const text = (payload: Uint8Array): string => Buffer.from(payload).toString();

/** What a promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => new EngineError('plan', 'nothing failed'),
    (error: EngineError) => error,
  );

type Overrides = Partial<Record<Peer, Partial<TcpListenOptions>>>;

async function listenAll(
  peers: readonly Peer[],
  shared: Partial<TcpListenOptions>,
  own: Overrides,
) {
  const endpoints: TcpEndpoint[] = [];
  const addresses: TcpAddresses = {};
  for (const self of peers) {
    const options = { self, peers, sessionId, authKey, connectTimeoutMs: 5000 };
    const endpoint = await listenTcp({ terms: noTerms, ...options, ...shared, ...own[self] });
    cleanUps.push(() => endpoint.close());
    endpoints.push(endpoint);
    addresses[self] = { host: endpoint.host, port: endpoint.port };
  }
  return { endpoints, addresses };
}

async function openAll(
  peers: readonly Peer[],
  shared: Partial<TcpListenOptions> = {},
  own: Overrides = {},
): Promise<NetworkChannel[]> {
  const { endpoints, addresses } = await listenAll(peers, shared, own);
  const channels = await Promise.all(endpoints.map((endpoint) => endpoint.connect(addresses)));
  for (const channel of channels) cleanUps.push(() => channel.close());
  return channels;
}

async function openPair(shared: Partial<TcpListenOptions> = {}, own: Overrides = {}) {
  const [p0, p1] = await openAll([0, 1], shared, own);
  if (p0 === undefined || p1 === undefined) throw new Error('no channels');
  return { p0, p1 };
}

/** Why each role's `connect` failed. */
async function joinFailures(
  peers: readonly Peer[],
  shared: Partial<TcpListenOptions>,
  own: Overrides,
): Promise<EngineError[]> {
  const { endpoints, addresses } = await listenAll(
    peers,
    { connectTimeoutMs: 400, ...shared },
    own,
  );
  return Promise.all(endpoints.map((endpoint) => failure(endpoint.connect(addresses))));
}

describe('TCP channels', () => {
  it.each<[string, Peer[]]>([
    ['three parties and the owner', [0, 1, 2, 'owner']],
    ['two parties, the dealer and the owner', [0, 1, 'dealer', 'owner']],
  ])('connect %s, all to all, in order', async (_, peers) => {
    const channels = await openAll(peers);
    for (const channel of channels) {
      for (const peer of channel.peers) {
        for (let i = 0; i < 50; i += 1) {
          channel.send(peer, [Buffer.from(`${channel.self}>`), Buffer.from(`${peer}#${i}`)]);
        }
      }
    }
    for (const channel of channels) {
      for (const peer of channel.peers) {
        for (let i = 0; i < 50; i += 1) {
          expect(text(await channel.receive(peer))).toBe(`${peer}>${channel.self}#${i}`);
        }
      }
    }
    expect(channels[3]?.counters().map(({ peer }) => peer)).toEqual(peers.slice(0, 3));
    expect(channels[0]?.counters()[0]).toMatchObject({ framesSent: 50, framesReceived: 50 });
  });

  it('carry large frames from shared memory, byte for byte, and never block', async () => {
    const { p0, p1 } = await openPair();
    const bytes = new Uint8Array(new SharedArrayBuffer(24_000_001));
    for (let i = 0; i < bytes.length; i += 997) bytes[i] = i & 255;
    const startMs = monotonicMs();
    for (let i = 0; i < 4; i += 1) p0.send(1, [bytes.subarray(0, 5), bytes.subarray(5)]);
    expect(monotonicMs() - startMs).toBeLessThan(2000);
    for (let i = 0; i < 4; i += 1) {
      const got = await p1.receive(0);
      expect(got.byteOffset % 8).toBe(0);
      expect(Buffer.compare(got, bytes)).toBe(0);
    }
  });

  it('flush what was sent before a close, then name who has closed', async () => {
    const { p0, p1 } = await openPair();
    p0.send(1, [new Uint8Array(30_000_000)]);
    p0.send(1, [Buffer.from('last')]);
    const closed = p0.close();
    expect(await p1.receive(0)).toHaveLength(30_000_000);
    expect(text(await p1.receive(0))).toBe('last');
    await closed;
    const error = await failure(p1.receive(0));
    expect(error.message).toBe('party 0 has closed its channel after 2 frames');
    expect(() => p1.send(0, [])).toThrow('party 0 has closed its channel');
    // What it had still sent there is of no interest any more, and is no fault.
    await p1.close();
  });

  it('give up after the time limit, and tell the peer why', async () => {
    const { p0, p1 } = await openPair({}, { 0: { receiveTimeoutMs: 80 } });
    const other = failure(p1.receive(0));
    const startMs = monotonicMs();
    expect((await failure(p0.receive(1))).message).toBe('nothing came from party 1 in 80 ms');
    expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(79);
    expect((await other).message).toBe('party 0 stopped: nothing came from party 1 in 80 ms');
  });

  it('do not count the emulated delay as silence', async () => {
    const link: Link = {
      name: 'slow',
      bitsPerSecond: 1e6,
      rttMs: 10,
      overheadFactor: 1,
      topology: 'pair',
    };
    const { p0, p1 } = await openPair({ link, receiveTimeoutMs: 50 });
    const startMs = monotonicMs();
    p0.send(1, [new Uint8Array(24_960)]);
    expect(await p1.receive(0)).toHaveLength(24_960);
    // 25 000 bytes at 1 Mbit/s, then half the RTT.
    expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(205);
  });

  it('end in `aborted` on all sides when one is cancelled', async () => {
    const controller = new AbortController();
    const { p0, p1 } = await openPair({}, { 0: { signal: controller.signal } });
    const pending = [failure(p0.receive(1)), failure(p1.receive(0))];
    controller.abort();
    const [own, other] = await Promise.all(pending);
    expect(own).toMatchObject({ kind: 'aborted', message: 'the run was cancelled' });
    expect(other).toMatchObject({
      kind: 'aborted',
      message: 'party 0 stopped: the run was cancelled',
    });
    expect(() => p0.send(1, [])).toThrow('the run was cancelled');
  });

  it('do not even join when cancelled before or while joining', async () => {
    const before = await joinFailures([0, 1], { signal: AbortSignal.abort() }, {});
    expect(before.map(({ kind }) => kind)).toContain('aborted');
    const controller = new AbortController();
    const endpoint = await listenTcp({
      terms: noTerms,
      self: 0,
      peers: [0, 1],
      sessionId,
      authKey,
      signal: controller.signal,
    });
    const joining = failure(endpoint.connect({ 1: { host: '127.0.0.1', port: 1 } }));
    setTimeout(() => controller.abort(), 30);
    expect(await joining).toMatchObject({ kind: 'aborted' });
  });

  it('refuse a role without the key, by name and on both sides', async () => {
    const [right, wrong] = await joinFailures([0, 1], {}, { 1: { authKey: randomBytes(32) } });
    expect(right?.message).toBe('party 1 did not prove that it knows the key of this run');
    expect(wrong).toMatchObject({ kind: 'channel' });
    expect(wrong?.message).toMatch(/party 0/);
  });

  it('refuse another session and another link by name', async () => {
    const other = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    const sessions = await joinFailures([0, 1], {}, { 1: { sessionId: other } });
    expect(sessions[0]?.message).toMatch(
      /^party 1 is of session 0102030405060708, this is session/,
    );
    const link: Link = {
      name: 'only one end',
      bitsPerSecond: 1e9,
      rttMs: 1,
      overheadFactor: 1,
      topology: 'pair',
    };
    const links = await joinFailures([0, 1], {}, { 0: { link } });
    expect(links.map(({ message }) => message).join(' ')).toMatch(/was asked for another link/);
  });

  it('refuse another plan and another version of the engine by name, on both sides', async () => {
    const terms = { engine: '1.2.3', planHash: new Uint8Array(32).fill(1) };
    const otherPlan = { ...terms, planHash: new Uint8Array(32).fill(2) };
    const peers = [0, 1, 'dealer'] as const;
    const plans = await joinFailures(peers, { terms }, { dealer: { terms: otherPlan } });
    expect(plans.map(({ kind }) => kind)).toEqual(['channel', 'channel', 'channel']);
    // Whoever is told second-hand hears it from the one that found out.
    for (const { message } of plans) {
      expect(message).toMatch(/(the dealer|party [01]) was given another plan/);
    }
    const versions = await joinFailures(
      [0, 1],
      { terms },
      { 1: { terms: { ...terms, engine: '1.2.4' } } },
    );
    expect(versions[0]?.message).toBe('party 1 runs another version of the engine');
    expect(versions[1]?.message).toMatch(/party 0 /);
  });

  it('refuse terms that do not fit into a hello', async () => {
    const listen = (engine: string, hashBytes: number) =>
      failure(
        listenTcp({
          self: 0,
          peers: [0, 1],
          sessionId,
          authKey,
          terms: { engine, planHash: new Uint8Array(hashBytes) },
        }),
      );
    expect((await listen('x'.repeat(25), 32)).message).toMatch(/^channel: terms\.engine is 'x+', /);
    expect((await listen('', 32)).kind).toBe('range');
    expect((await listen('1', 31)).message).toBe(
      'channel: terms.planHash.length is 31, allowed: 32',
    );
  });

  it('name who did not join, and who is not there', async () => {
    const { endpoints, addresses } = await listenAll([0, 1, 2], { connectTimeoutMs: 200 }, {});
    const [, , third] = endpoints;
    const joins = endpoints.slice(0, 2).map((endpoint) => failure(endpoint.connect(addresses)));
    for (const error of await Promise.all(joins)) expect(error.message).toMatch(/party [012]/);
    const alone = await failure(
      openTcpChannel({
        terms: noTerms,
        self: 0,
        peers: [0, 1],
        sessionId,
        authKey,
        connectTimeoutMs: 150,
        addresses: { 1: { host: '127.0.0.1', port: 1 } },
      }),
    );
    expect(alone.message).toMatch(/party 1 (cannot be reached at 127.0.0.1:1|did not join within)/);
    await expect(third?.connect({})).rejects.toThrow('the address of party 0 is not known');
  });

  it('let no stranger in, and let none disturb those who belong', async () => {
    const { endpoints, addresses } = await listenAll([0, 1], {}, {});
    const strangers = endpoints.flatMap(({ host, port }) =>
      [Buffer.alloc(500, 'x'), Buffer.alloc(10), randomBytes(104)].map((bytes) => {
        const socket = connect({ host, port });
        socket.on('error', () => undefined);
        socket.write(bytes);
        return socket;
      }),
    );
    const channels = await Promise.all(endpoints.map((endpoint) => endpoint.connect(addresses)));
    channels[0]?.send(1, [Buffer.from('between us')]);
    expect(text((await channels[1]?.receive(0)) ?? new Uint8Array(0))).toBe('between us');
    await Promise.all(
      strangers.map(async (socket) => {
        if (!socket.closed) await once(socket, 'close');
      }),
    );
    for (const channel of channels) await channel.close();
  });

  it('let those who belong in although a crowd that says nothing came first', async () => {
    const { endpoints, addresses } = await listenAll([0, 1], {}, {});
    const crowd = endpoints.flatMap(({ host, port }) =>
      Array.from({ length: 80 }, () => connect({ host, port }).on('error', () => undefined)),
    );
    cleanUps.push(() => crowd.forEach((socket) => socket.destroy()));
    for (const socket of crowd) if (socket.connecting) await once(socket, 'connect');
    const channels = await Promise.all(endpoints.map((endpoint) => endpoint.connect(addresses)));
    channels[0]?.send(1, [Buffer.from('between us')]);
    expect(text((await channels[1]?.receive(0)) ?? new Uint8Array(0))).toBe('between us');
    for (const channel of channels) await channel.close();
  });

  it.each(['before', 'after'])('break when listening fails %s they have joined', async (when) => {
    const listening = vi.spyOn(Server.prototype, 'listen');
    const { endpoints, addresses } = await listenAll([0, 1], { connectTimeoutMs: 700 }, {});
    const [server] = listening.mock.contexts;
    listening.mockRestore();
    if (!(server instanceof Server)) throw new Error('no server');
    const full = new Error('accept EMFILE');
    if (when === 'before') server.emit('error', full);
    const joining = endpoints.map((endpoint) => endpoint.connect(addresses));
    const [p0, p1] =
      when === 'after'
        ? (await Promise.all(joining)).map((channel) =>
            failure(channel.receive(channel.self === 0 ? 1 : 0)),
          )
        : joining.map(failure);
    if (when === 'after') server.emit('error', full);
    const text = 'party 0 can no longer listen: accept EMFILE';
    expect(await p0).toMatchObject({ kind: 'channel', message: text });
    expect(await p1).toMatchObject({ kind: 'channel' });
  });

  it('refuse a key of the wrong length and a port that is taken', async () => {
    const authKey = new Uint8Array(16);
    const short = { terms: noTerms, self: 0, peers: [0, 1], sessionId, authKey } as const;
    expect((await failure(listenTcp(short))).message).toMatch(/authKey.length is 16, allowed: 32/);
    const { endpoints } = await listenAll([0], {}, {});
    const listen = { port: endpoints[0]?.port ?? 0 };
    const taken = await failure(
      listenTcp({ ...short, self: 1, authKey: new Uint8Array(32), listen }),
    );
    expect(taken).toMatchObject({ kind: 'channel' });
    expect(taken.message).toMatch(/^party 1 cannot listen on 127.0.0.1:\d+: .*EADDRINUSE/);
  });
});
