/** Branches over one channel: routing, merging of frames, depth, and refusal of malformed frames. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Mailbox } from '../../server/engine/mailbox.ts';
import { packMessages, unpackMessages } from '../../server/engine/message.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('frames of messages', () => {
  test('round trip of any messages, payloads aligned to 8 bytes', () => {
    const message = fc.record({
      route: fc.nat(2 ** 32 - 1),
      depth: fc.nat(2 ** 32 - 1),
      payload: fc.uint8Array({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), (messages) => {
        const frame = joined(packMessages(messages));
        const back = unpackMessages(frame);
        expect(back.map((m) => ({ ...m, payload: [...m.payload] }))).toEqual(
          messages.map((m) => ({ ...m, payload: [...m.payload] })),
        );
        for (const { payload } of back) {
          expect((payload.byteOffset - frame.byteOffset) % 8).toBe(0);
        }
      }),
    );
  });

  test('any cut frame is refused', () => {
    const frame = joined(
      packMessages([
        { route: 1, depth: 2, payload: bytes(1, 2, 3) },
        { route: 4, depth: 5, payload: bytes(9) },
      ]),
    );
    for (let length = 0; length < frame.length; length++) {
      expect(() => unpackMessages(frame.subarray(0, length))).toThrow('malformed frame');
    }
    expect(() => unpackMessages(joined([frame, bytes(0)]))).toThrow('1 bytes too many');
  });
});

describe('mailbox', () => {
  async function pairOf() {
    const [left, right] = memoryChannels([0, 1]);
    if (left === undefined || right === undefined) throw new Error('two channels');
    return { left: new Mailbox(left), right: new Mailbox(right), channels: [left, right] };
  }

  test('messages reach their branch whatever the order of asking', async () => {
    const { left, right } = await pairOf();
    left.fork(2);
    left.send(1, { route: 10, depth: 1, payload: bytes(1) });
    left.send(1, { route: 20, depth: 3, payload: bytes(2, 2) });
    left.flush();
    const second = await right.receive(20, 0, 2);
    const first = await right.receive(10, 0, 1);
    expect([...second.payload, second.depth]).toEqual([2, 2, 3]);
    expect([...first.payload, first.depth]).toEqual([1, 1]);
  });

  test('concurrent branches share one frame', async () => {
    const { left, right, channels } = await pairOf();
    left.fork(2);
    left.send(1, { route: 1, depth: 1, payload: bytes(1) });
    left.send(1, { route: 2, depth: 1, payload: bytes(2) });
    left.flush();
    await right.receive(1, 0, 1);
    expect(channels[0]!.counters().find((link) => link.peer === 1)?.framesSent).toBe(1);
  });

  test('a message of another length is a named error', async () => {
    const { left, right } = await pairOf();
    left.send(1, { route: 0, depth: 1, payload: bytes(1, 2, 3) });
    await expect(right.receive(0, 0, 8)).rejects.toThrow(
      'party 0 sent 3 bytes where the protocol expects 8',
    );
    await expect(right.receive(0, 0, 3)).rejects.toThrow('party 0 sent 3 bytes');
  });
});
