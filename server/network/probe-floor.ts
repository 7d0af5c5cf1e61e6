/**
 * Floor: what this machine does when nothing is imposed, between the processes of the first two
 * parties over a plain loopback connection. No link shorter or faster than that can be emulated, and a
 * certificate without it does not say how much of an RTT is the machine's.
 */
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Channel } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from '../engine/clock.ts';
import { pingBytes, quantile } from './probe.ts';

export interface FloorMeasurement {
  readonly n: number;
  readonly rttMs: number;
  /** One bulk of `bulkBytes`, acknowledged. */
  readonly bitsPerSecond: number;
  readonly bulkBytes: number;
}

const pings = 50;
const bulkBytes = 16 * 2 ** 20;
const timeoutMs = 10_000;
/** One byte from the dialler says what comes. */
const portBytes = 2;

/** Counts what comes and tells whoever waits for so many bytes. */
function counting(socket: Socket, silenceMs: number): (bytes: number) => Promise<void> {
  let had = 0;
  let wanted = Infinity;
  let wake: (() => void) | undefined;
  let give: ((error: Error) => void) | undefined;
  const check = (): void => {
    if (had < wanted) return;
    had -= wanted;
    wanted = Infinity;
    wake?.();
  };
  socket.setNoDelay(true);
  socket.on('data', (data) => {
    had += data.length;
    check();
  });
  const fail = (why: string): void =>
    give?.(new EngineError('channel', `the probe's plain connection broke: ${why}`));
  socket.on('error', (error) => fail(error.message));
  socket.setTimeout(silenceMs, () => fail('nothing came in time'));
  return (bytes) =>
    new Promise((resolve, reject) => {
      wanted = bytes;
      wake = resolve;
      give = reject;
      check();
    });
}

/** Party 1: answers pings and one bulk on a port that it tells party 0. */
async function answerFloor(channel: Channel, silenceMs: number): Promise<void> {
  const server = createServer();
  const caller = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const payload = Buffer.alloc(portBytes);
  payload.writeUInt16LE(port);
  channel.send(0, [payload]);
  const socket = await caller;
  try {
    const got = counting(socket, silenceMs);
    for (let i = 0; i < pings; i += 1) {
      await got(pingBytes);
      socket.write(Buffer.alloc(pingBytes));
    }
    await got(bulkBytes);
    await new Promise<void>((resolve) => socket.end(Buffer.alloc(1), resolve));
  } finally {
    server.close();
    if (!socket.writableEnded) socket.destroy();
  }
}

async function measureFloor(channel: Channel, silenceMs: number): Promise<FloorMeasurement> {
  const payload = Buffer.from(await channel.receive(1));
  const socket = connect({ host: '127.0.0.1', port: payload.readUInt16LE(0) });
  try {
    const got = counting(socket, silenceMs);
    const rtts: number[] = [];
    for (let i = 0; i < pings; i += 1) {
      const sentMs = monotonicMs();
      socket.write(Buffer.alloc(pingBytes));
      await got(pingBytes);
      rtts.push(monotonicMs() - sentMs);
    }
    const startMs = monotonicMs();
    socket.write(Buffer.alloc(bulkBytes));
    await got(1);
    const ms = monotonicMs() - startMs;
    rtts.sort((a, b) => a - b);
    const rttMs = quantile(rtts, 0.5);
    return { n: pings, rttMs, bitsPerSecond: (bulkBytes * 8000) / ms, bulkBytes };
  } finally {
    socket.destroy();
  }
}

/**
 * Run by all roles; only party 0 gets a measurement. Needs a loopback that all share. Rejects with
 * `EngineError('channel')` when the connection breaks, or nothing comes over it for `silenceMs`.
 */
export async function probeFloor(
  channel: Channel,
  silenceMs = timeoutMs,
): Promise<FloorMeasurement | null> {
  if (channel.self === 0) return measureFloor(channel, silenceMs);
  if (channel.self === 1) await answerFloor(channel, silenceMs);
  return null;
}
