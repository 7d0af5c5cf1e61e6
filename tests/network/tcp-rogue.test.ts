/** A peer that knows the key but misbehaves afterwards: each fault over real sockets, by its name. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../server/engine/errors.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import { encodeHeader } from '../../server/network/frame.ts';
import type { Link } from '../../server/network/link.ts';
import {
  encodeHello,
  encodeProof,
  encodeReply,
  helloBytes,
  noTerms,
  proofBytes,
  replyBytes,
} from '../../server/network/handshake.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';

const sessionId = randomBytes(8);
const authKey = randomBytes(32);
const sockets: { destroy(): unknown }[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Exactly so many bytes from a socket that is read by nobody else. */
async function take(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const chunk: unknown = socket.read(bytes);
    if (chunk instanceof Buffer) return chunk;
    await once(socket, 'readable');
  }
}

function frame(
  sequence: number,
  payload: Uint8Array,
  own: Partial<Parameters<typeof encodeHeader>[0]> = {},
): Buffer {
  const fields = { kind: 'data', sessionId, sequence, stampMs: 0, ...own } as const;
  return Buffer.concat([encodeHeader(fields, [payload]), payload]);
}

/** 10 kbit of wire bits a second: 1000 bytes take 800 ms. */
const slowLink: Link = {
  name: 'slow',
  bitsPerSecond: 10_000,
  rttMs: 20,
  overheadFactor: 1,
  topology: 'pair',
};

interface JoinOptions {
  readonly receiveTimeoutMs?: number;
  readonly link?: Link;
  /** So many connections are reset before one is answered. */
  readonly resets?: number;
  /** How far party 1's clock is ahead (behind where negative). Milliseconds. */
  readonly clockAheadMs?: number;
}

/** Joins party 0's channel as party 1; `misbehave` gets the connection on which party 0 reads. */
async function joinAsParty1(misbehave: (socket: Socket) => void, options: JoinOptions = {}) {
  const { receiveTimeoutMs = 5000, link, clockAheadMs = 0 } = options;
  let { resets = 0 } = options;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (resets > 0) {
      resets -= 1;
      socket.resetAndDestroy();
      return;
    }
    const serve = async (): Promise<void> => {
      const hello = await take(socket, helloBytes);
      const clockMs = monotonicMs() + clockAheadMs;
      const reply = { status: 'accepted', sessionId, clockMs } as const;
      socket.write(encodeReply(authKey, hello, reply));
      await take(socket, proofBytes);
      misbehave(socket);
    };
    void serve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sockets.push({ destroy: () => server.close() });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;

  const peers = [0, 1] as const;
  const endpoint = await listenTcp({
    terms: noTerms,
    self: 0,
    peers,
    sessionId,
    authKey,
    receiveTimeoutMs,
    link,
  });
  const dialled = connect({ host: endpoint.host, port: endpoint.port });
  sockets.push(dialled);
  const hello = encodeHello({ from: 1, to: 0, sessionId, link, terms: noTerms });
  dialled.write(hello);
  const joining = endpoint.connect({ 1: { host: '127.0.0.1', port } });
  const reply = await take(dialled, replyBytes);
  dialled.write(encodeProof(authKey, hello, reply));
  dialled.resume();
  dialled.on('error', () => undefined);
  return joining;
}

/** What party 0's first failing `receive` says. */
async function failureAfter(
  misbehave: (socket: Socket) => void,
  options: JoinOptions = {},
): Promise<string> {
  // The fault may come so early that joining itself fails.
  try {
    const channel = await joinAsParty1(misbehave, { receiveTimeoutMs: 150, ...options });
    for (;;) await channel.receive(1);
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind !== 'channel') throw error;
    return error.message;
  }
}

describe('a peer whose clock is not ours', () => {
  it.each([-5000, 5000])('%i ms away is refused on an emulated link', async (clockAheadMs) => {
    const failure = await failureAfter(() => {}, { link: slowLink, clockAheadMs });
    expect(failure).toMatch(
      /party 1 .*another clock: an emulated link needs all parties on one host/,
    );
  });

  it('is of no matter where no link is emulated', async () => {
    expect(await failureAfter(() => {}, { clockAheadMs: -5000 })).toMatch(
      /nothing came from party 1/,
    );
  });
});

describe('a peer that misbehaves on a real socket', () => {
  it.each<[string, RegExp, (socket: Socket) => void]>([
    [
      'vanishes in the middle of a large frame',
      /^party 1 closed the connection in the middle of frame 1: \d+ of 3000000 payload bytes came/,
      (socket) => {
        socket.write(frame(0, Buffer.from('fine')));
        socket.end(frame(1, Buffer.alloc(3_000_000)).subarray(0, 2_000_000));
      },
    ],
    [
      'vanishes in the middle of a header',
      /^party 1 closed the connection in the middle of frame 0: 17 of 40 header bytes came/,
      (socket) => void socket.end(frame(0, Buffer.alloc(8)).subarray(0, 17)),
    ],
    [
      'vanishes between frames without a goodbye',
      /^party 1 is gone before frame 1: the connection was closed without a goodbye/,
      (socket) => void socket.end(frame(0, Buffer.alloc(8))),
    ],
    [
      'resets the connection',
      /^party 1 is gone before frame 0: .*(ECONNRESET|closed)/,
      (socket) => void socket.resetAndDestroy(),
    ],
    [
      'sends a large frame with one bit flipped',
      /^party 1 sent frame 0 with a corrupted payload/,
      (socket) => {
        const bytes = frame(0, Buffer.alloc(2_000_000, 1));
        bytes[1_500_000] = 3;
        socket.write(bytes);
      },
    ],
    [
      'repeats a frame',
      /^party 1 sent frame 0 in place of frame 1: a frame came twice/,
      (socket) => {
        const bytes = frame(0, Buffer.from('again'));
        socket.write(Buffer.concat([bytes, bytes]));
      },
    ],
    [
      'replays a frame of another run',
      /^party 1 sent a frame of session 0808080808080808, this is session/,
      (socket) =>
        void socket.write(frame(0, Buffer.from('old'), { sessionId: Buffer.alloc(8, 8) })),
    ],
    [
      'sends noise',
      /^party 1 sent bytes that are no frame/,
      (s) => void s.write(Buffer.alloc(64, 7)),
    ],
    ['stops sending', /^nothing came from party 1 in 150 ms/, () => undefined],
    [
      'stops sending in the middle of a frame',
      /^nothing came from party 1 in 150 ms/,
      (socket) => void socket.write(frame(0, Buffer.alloc(90_000)).subarray(0, 80_000)),
    ],
  ])('%s', async (_, message, misbehave) => {
    expect(await failureAfter(misbehave)).toMatch(message);
  });

  it('does not time out while bytes still come', async () => {
    const bytes = frame(0, Buffer.alloc(40_000, 5));
    const channel = await joinAsParty1(
      (socket) => {
        let at = 0;
        const timer = setInterval(() => {
          socket.write(bytes.subarray(at, at + 5000));
          at += 5000;
          if (at >= bytes.length) clearInterval(timer);
        }, 40);
      },
      { receiveTimeoutMs: 150 },
    );
    expect(await channel.receive(1)).toHaveLength(40_000);
    await channel.close();
  });

  it.each(['goodbye', 'failure'] as const)('gets nothing in after its %s', async (kind) => {
    let start: (() => void) | undefined;
    const channel = await joinAsParty1((socket) => {
      start = () => {
        const last = frame(0, Buffer.from('channel:party 1 stopped: full'), { kind });
        const after = frame(1, Buffer.from('too late'));
        socket.write(Buffer.concat([last, after]));
      };
    });
    const first = channel.receive(1);
    start?.();
    const over =
      kind === 'goodbye' ? 'party 1 sent more after its goodbye' : 'party 1 stopped: full';
    for (const receiving of [first, channel.receive(1)]) {
      await expect(receiving).rejects.toThrow(kind === 'goodbye' ? /^party 1/ : over);
    }
    // Nor afterwards.
    await expect(channel.receive(1)).rejects.toThrow(over);
  });
});

describe('stamps on an emulated link', () => {
  const ahead = (ms: number) => (socket: Socket) =>
    void socket.write(frame(0, Buffer.alloc(960), { stampMs: monotonicMs() + ms }));

  it.each([0, 660_000])('are refused when they are no time of this link: %d', async (stamp) => {
    const misbehave = (socket: Socket) =>
      stamp === 0 ? void socket.write(frame(0, Buffer.alloc(960))) : ahead(stamp)(socket);
    expect(await failureAfter(misbehave, { link: slowLink })).toMatch(
      stamp === 0
        ? /^party 1 sent frame 0 with a stamp that is no time$/
        : /^party 1 sent frame 0 with a stamp that is 6\d{5} ms after the link can be through/,
    );
  });

  it('are not waited for much longer than the link explains', async () => {
    const startMs = monotonicMs();
    expect(await failureAfter(ahead(300_000), { link: slowLink })).toBe(
      'party 1 stamped a frame later than its link explains, and it is not due 150 ms after that',
    );
    expect(monotonicMs() - startMs).toBeGreaterThan(900);
  });

  it('are believed as far as the bytes that came explain them', async () => {
    const channel = await joinAsParty1(
      (socket) => {
        // Two frames of 100 bytes, handed over at once: 80 ms each.
        const startMs = monotonicMs();
        for (const [sequence, stampMs] of [startMs + 80, startMs + 160].entries()) {
          socket.write(frame(sequence, Buffer.alloc(60), { stampMs }));
        }
      },
      { link: slowLink, receiveTimeoutMs: 30 },
    );
    expect(await channel.receive(1)).toHaveLength(60);
    expect(await channel.receive(1)).toHaveLength(60);
    await channel.close();
  });
});

it('a connection that is reset while dialling is dialled again', async () => {
  const channel = await joinAsParty1(
    (socket) => void socket.write(frame(0, Buffer.from('at last'))),
    {
      resets: 3,
    },
  );
  expect(Buffer.from(await channel.receive(1)).toString()).toBe('at last');
  await channel.close();
});

describe('a caller that speaks another version of the protocol', () => {
  it('is dropped at its first bytes, and named by its version', async () => {
    const endpoint = await listenTcp({
      terms: noTerms,
      self: 0,
      peers: [0, 1],
      sessionId,
      authKey,
      connectTimeoutMs: 300,
    });
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    sockets.push({ destroy: () => silent.close() });
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const joining = endpoint.connect({ 1: { host: '127.0.0.1', port } });
    const caller = connect({ host: endpoint.host, port: endpoint.port });
    sockets.push(caller);
    const hello = encodeHello({ from: 1, to: 0, sessionId, link: undefined, terms: noTerms });
    hello.writeUInt8(1, 4);
    // As short as a hello of that version: what it lacks is not waited for.
    caller.write(hello.subarray(0, 72));
    await expect(joining).rejects.toThrow(
      /\(a caller that speaks version 1 of this protocol, this is version \d+\)$/,
    );
  });
});

describe('a stranger who says to be a party', () => {
  it.each<[string, Uint8Array]>([
    ['a made-up proof', randomBytes(proofBytes)],
    ['a proof made with another key', Buffer.alloc(0)],
  ])('is refused with %s, and gets not one frame', async (_, madeUp) => {
    const endpoint = await listenTcp({
      terms: noTerms,
      self: 0,
      peers: [0, 1],
      sessionId,
      authKey,
      connectTimeoutMs: 300,
    });
    // The true party 1 never comes: only its address answers nothing.
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    sockets.push({ destroy: () => silent.close() });
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const joining = endpoint.connect({ 1: { host: '127.0.0.1', port } });

    const stranger = connect({ host: endpoint.host, port: endpoint.port });
    sockets.push(stranger);
    const hello = encodeHello({ from: 1, to: 0, sessionId, link: undefined, terms: noTerms });
    stranger.write(hello);
    const reply = await take(stranger, replyBytes);
    const proof = madeUp.length > 0 ? madeUp : encodeProof(randomBytes(32), hello, reply);
    stranger.write(proof);
    stranger.resume();
    let got = 0;
    stranger.on('data', (chunk) => (got += chunk.length));
    await expect(joining).rejects.toThrow(
      /^party 1 did not join within 300 ms \(a caller that says to be party 1 did not prove/,
    );
    if (!stranger.closed) await once(stranger, 'close');
    expect(got).toBe(0);
  });
});
