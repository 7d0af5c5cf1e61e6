/** Memory channels: order, copies, counters, the emulated link, and each fault by its own name. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Peer } from '../../server/engine/channel.ts';
import { EngineError } from '../../server/engine/errors.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import type { Link } from '../../server/network/link.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import type { Fault, MemoryChannelOptions } from '../../server/network/memory-channel.ts';
import type { NetworkChannel } from '../../server/network/network-channel.ts';

const text = (payload: Uint8Array): string => Buffer.from(payload).toString();

function openThree(options: MemoryChannelOptions = {}) {
  const [p0, p1, p2] = memoryChannels([0, 1, 2], options);
  if (p0 === undefined || p1 === undefined || p2 === undefined) throw new Error('no channels');
  return { p0, p1, p2 };
}

/** Plays `fault` on the second frame from party 0 to party 1. */
const faultOnSecond = (fault: Fault): MemoryChannelOptions => ({
  receiveTimeoutMs: 60,
  faults: ({ from, to, index }) => (from === 0 && to === 1 && index === 1 ? fault : 'deliver'),
});

/** What a promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => new EngineError('plan', 'nothing failed'),
    (error: EngineError) => error,
  );

async function exchange(from: NetworkChannel, to: NetworkChannel): Promise<string[]> {
  for (const word of ['one', 'two', 'three']) from.send(to.self, [Buffer.from(word)]);
  const words: string[] = [];
  for (let i = 0; i < 3; i += 1) words.push(text(await to.receive(from.self)));
  return words;
}

describe('memory channels', () => {
  it('deliver in order, concatenate parts, and count both directions', async () => {
    const { p0, p1, p2 } = openThree();
    p0.send(1, [Buffer.from('ab'), new Uint8Array(0), Buffer.from('c')]);
    p0.send(1, []);
    p2.send(1, [Buffer.from('from two')]);
    expect(text(await p1.receive(0))).toBe('abc');
    expect(await p1.receive(0)).toHaveLength(0);
    expect(text(await p1.receive(2))).toBe('from two');
    const zero = { bytesReceived: 0, framesReceived: 0, framesLate: 0, worstLateMs: 0 };
    expect(p0.counters()[0]).toEqual({
      peer: 1,
      bytesSent: 3,
      framesSent: 2,
      frameBytesSent: 80,
      ...zero,
    });
    expect(p1.counters()[0]).toMatchObject({ peer: 0, bytesReceived: 3, framesReceived: 2 });
    p0.resetCounters();
    expect(p0.counters()[0]).toMatchObject({ bytesSent: 0, framesSent: 0, frameBytesSent: 0 });
  });

  it('never hand over memory of the sender', async () => {
    const { p0, p1 } = openThree();
    const mine = Buffer.from('original');
    p0.send(1, [mine]);
    mine.fill(0);
    const got = await p1.receive(0);
    expect(text(got)).toBe('original');
    expect(got.byteOffset).toBe(0);
    expect(got.buffer).not.toBe(mine.buffer);
  });

  it('serve several waiters of one peer in order', async () => {
    const { p0, p1 } = openThree();
    const waiting = [p1.receive(0), p1.receive(0), p1.receive(0)];
    for (const word of ['a', 'b', 'c']) p0.send(1, [Buffer.from(word)]);
    expect((await Promise.all(waiting)).map(text)).toEqual(['a', 'b', 'c']);
  });

  it('are never faster than the link they emulate', async () => {
    const link: Link = {
      name: 'slow',
      bitsPerSecond: 80e6,
      rttMs: 10,
      overheadFactor: 1,
      topology: 'pair',
    };
    const { p0, p1 } = openThree({ link });
    const startMs = monotonicMs();
    for (let i = 0; i < 4; i += 1) p0.send(1, [new Uint8Array(100_000)]);
    for (let i = 1; i <= 4; i += 1) {
      await p1.receive(0);
      // 100 040 bytes at 80 Mbit/s are 10.004 ms, then half the RTT.
      expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(i * 10.004 + 5);
    }
    // The owner is not on the emulated network.
    const [party, owner] = memoryChannels([0, 'owner'], { link });
    owner?.send(0, [new Uint8Array(1_000_000)]);
    const sentMs = monotonicMs();
    await party?.receive('owner');
    expect(monotonicMs() - sentMs).toBeLessThan(50);
  });

  it.each<[Fault, RegExp]>([
    ['drop', /^party 0 sent frame 2 in place of frame 1: a frame is missing/],
    ['reorder', /^party 0 sent frame 2 in place of frame 1/],
    ['corrupt', /^party 0 sent frame 1 with a corrupted payload \(wrong crc\)/],
    ['stall', /^nothing came from party 0 in 60 ms/],
    ['vanish', /^party 0 closed the connection in the middle of frame 1/],
  ])('name the fault %s, and tell the third party', async (fault, message) => {
    const { p0, p1, p2 } = openThree(faultOnSecond(fault));
    // Later than party 1, or it would be party 2 that runs into its time limit first.
    const third = failure(delay(20).then(() => p2.receive(0)));
    expect((await failure(exchange(p0, p1))).message).toMatch(message);
    expect((await third).message).toMatch(/^party 1 stopped: .*party 0/);
    expect(() => p1.send(2, [])).toThrow(EngineError);
    await expect(p1.receive(2)).rejects.toThrow(message);
  });

  it('keep frames sent before a goodbye, then name who has closed', async () => {
    const { p0, p1 } = openThree();
    p0.send(1, [Buffer.from('last')]);
    await p0.close();
    await p0.close();
    expect(text(await p1.receive(0))).toBe('last');
    await expect(p1.receive(0)).rejects.toThrow('party 0 has closed its channel after 1 frames');
    expect(() => p1.send(0, [])).toThrow('party 0 has closed its channel');
    expect(() => p0.send(1, [])).toThrow('party 0 has closed its channel');
    await expect(p0.receive(1)).rejects.toMatchObject({ kind: 'channel' });
  });

  it('reject pending receives with the reason, and never tell it to others', async () => {
    const { p0, p1 } = openThree();
    const own = failure(p0.receive(1));
    const other = failure(p1.receive(0));
    await p0.close(new EngineError('range', 'value 42 is out of range'));
    expect((await own).message).toBe('value 42 is out of range');
    expect((await other).message).toBe('party 0 stopped: an error of its own');
  });

  it('end in `aborted` everywhere when one run is cancelled', async () => {
    const controller = new AbortController();
    const peers: Peer[] = [0, 1];
    const [p0, p1] = memoryChannels(peers, { signal: controller.signal });
    const all = [p0, p1].map((channel, i) =>
      expect(channel?.receive(peers[1 - i] ?? 0)).rejects.toMatchObject({ kind: 'aborted' }),
    );
    controller.abort();
    await Promise.all(all);
  });

  it('wait for each peer as long as is said of it', async () => {
    const [, p1] = memoryChannels([0, 1, 'dealer'], {
      receiveTimeoutMs: (peer) => (peer === 'dealer' ? 40 : 60_000),
    });
    if (p1 === undefined) throw new Error('no channels');
    const patient = p1.receive(0);
    await expect(p1.receive('dealer')).rejects.toThrow('nothing came from the dealer in 40 ms');
    await expect(patient).rejects.toThrow('nothing came from the dealer in 40 ms');
  });

  it('refuse unknown peers, long frames and bad options by name', async () => {
    const { p0 } = openThree({ frameLimitBytes: 2048 });
    expect(() => p0.send('owner', [])).toThrow('party 0 has no channel to the owner');
    await expect(p0.receive(0)).rejects.toThrow('party 0 has no channel to party 0');
    expect(() => p0.send(1, [new Uint8Array(2049)])).toThrow(
      'frame of 2049 bytes to party 1, the limit is 2048',
    );
    expect(() => openThree({ receiveTimeoutMs: 0 })).toThrow(/receiveTimeoutMs is 0, allowed: 1/);
    expect(() => openThree({ sessionId: new Uint8Array(4) })).toThrow(/sessionId.length is 4/);
  });
});
