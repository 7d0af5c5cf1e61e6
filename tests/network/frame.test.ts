/** Wire format: whatever way the bytes are cut, frames come out whole; whatever is wrong is named. */
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../server/engine/errors.ts';
import { FrameParser } from '../../server/network/frame-parser.ts';
import type { ParsedFrame } from '../../server/network/frame-parser.ts';
import { encodeHeader, headerBytes } from '../../server/network/frame.ts';

const sessionId = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);

/** Deterministic noise: xorshift32. */
function noise(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function frameBytes(sequence: number, parts: Uint8Array[], session = sessionId): Buffer {
  const header = encodeHeader(
    { kind: 'data', sessionId: session, sequence, stampMs: sequence * 1.5 },
    parts,
  );
  return Buffer.concat([header, ...parts]);
}

function openParser(frameLimitBytes = 2 ** 30) {
  const frames: ParsedFrame[] = [];
  const parser = new FrameParser({
    peer: 'party 1',
    sessionId,
    frameLimitBytes,
    onFrame: (frame) => frames.push(frame),
  });
  return { parser, frames };
}

function errorOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A header with other fields than the parser expects, but with a correct crc of its own. */
function reseal(header: Buffer, change: (header: Buffer) => void): Buffer {
  change(header);
  header.writeUInt32LE(crc32(header.subarray(0, 36)), 36);
  return header;
}

/** Reads like a socket with `onread`: into the target where there is one, else feeds. */
function readInto(parser: FrameParser, bytes: Buffer, cut: () => number): void {
  let at = 0;
  while (at < bytes.length) {
    const target = parser.target();
    const take = Math.min(cut(), bytes.length - at, target?.length ?? Infinity);
    if (target === undefined) parser.feed(bytes.subarray(at, at + take));
    else {
      target.set(bytes.subarray(at, at + take));
      parser.commit(take);
    }
    at += take;
  }
}

describe('frame parser', () => {
  it('finds 12 000 frames again in streams cut at random', () => {
    const random = noise(7);
    const { parser, frames } = openParser();
    const count = 12_000;
    const sent: Buffer[] = [];
    const stream: Buffer[] = [];
    for (let i = 0; i < count; i += 1) {
      const size = i % 50 === 0 ? random() % 40_000 : random() % 60;
      const payload = Buffer.alloc(size, random() & 255);
      const middle = random() % (size + 1);
      sent.push(payload);
      stream.push(frameBytes(i, [payload.subarray(0, middle), payload.subarray(middle)]));
    }
    readInto(parser, Buffer.concat(stream), () =>
      random() % 4 === 0 ? 1 + (random() % 7) : 1 + (random() % 9000),
    );
    parser.end();
    expect(frames).toHaveLength(count);
    frames.forEach((frame, i) => {
      if (!Buffer.from(frame.payload).equals(sent[i] ?? Buffer.alloc(0))) {
        throw new Error(`frame ${i} differs`);
      }
    });
    expect(frames[77]).toMatchObject({ kind: 'data', sequence: 77, stampMs: 115.5 });
    expect(frames.every(({ payload }) => payload.byteOffset === 0)).toBe(true);
  });

  it('refuses every single flipped bit of the header, before any frame is handed on', () => {
    const good = frameBytes(0, [Buffer.from('secret shares')]);
    for (let bit = 0; bit < headerBytes * 8; bit += 1) {
      const bytes = Buffer.from(good);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { parser, frames } = openParser();
      expect(() => parser.feed(bytes)).toThrow(
        bit < 32 ? /^party 1 .*bad magic/ : /^party 1 sent a corrupted header .*wrong crc/,
      );
      expect(() => parser.feed(good)).toThrow(/^party 1/);
      expect(frames).toHaveLength(0);
    }
  });

  it('refuses flipped bits anywhere in 10 000 frames', () => {
    const random = noise(99);
    let refused = 0;
    for (let i = 0; i < 10_000; i += 1) {
      const bytes = frameBytes(0, [Buffer.alloc(1 + (random() % 300), i & 255)]);
      const at = random() % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() & 7));
      const { parser, frames } = openParser();
      const error = errorOf(() => readInto(parser, bytes, () => 1 + (random() % 100)));
      const named = error instanceof EngineError && error.kind === 'channel';
      if (named && frames.length === 0 && error.message.startsWith('party 1 sent')) refused += 1;
    }
    expect(refused).toBe(10_000);
  });

  it('finds a flipped bit in a payload that is read in place', () => {
    const bytes = frameBytes(0, [Buffer.alloc(100_000, 3)]);
    bytes[99_000] = 2;
    expect(() => readInto(openParser().parser, bytes, () => 5000)).toThrow(
      /^party 1 sent frame 0 with a corrupted payload/,
    );
  });

  it('refuses a frame of another session by both names', () => {
    const bytes = frameBytes(0, [Buffer.from('x')], Uint8Array.from([9, 9, 9, 9, 9, 9, 9, 9]));
    expect(() => openParser().parser.feed(bytes)).toThrow(
      'party 1 sent a frame of session 0909090909090909, this is session 0102030405060708',
    );
  });

  it('tells a missing frame from a repeated one', () => {
    const missing = openParser().parser;
    missing.feed(frameBytes(0, []));
    expect(() => missing.feed(frameBytes(2, []))).toThrow(
      /^party 1 sent frame 2 in place of frame 1: a frame is missing/,
    );
    const twice = openParser().parser;
    twice.feed(frameBytes(0, []));
    expect(() => twice.feed(frameBytes(0, []))).toThrow(/in place of frame 1: a frame came twice/);
  });

  it('refuses an oversize length before it allocates', () => {
    const { parser } = openParser(2 ** 20);
    // A header that claims nearly 4 GiB, correct crc and all.
    const fake = Object.defineProperty(new Uint8Array(0), 'length', { value: 2 ** 32 - 1 });
    const header = encodeHeader({ kind: 'data', sessionId, sequence: 0, stampMs: 0 }, [fake]);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => parser.feed(header)).toThrow(
      'party 1 announced frame 0 of 4294967295 bytes, the limit is 1048576',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('refuses stamps that are no time', () => {
    for (const stampMs of [Number.NaN, Infinity, -1]) {
      const header = encodeHeader({ kind: 'data', sessionId, sequence: 0, stampMs }, []);
      expect(() => openParser().parser.feed(header)).toThrow(/stamp that is no time/);
    }
  });

  it('names a stream that ends in the middle of a frame, wherever it is cut', () => {
    const bytes = frameBytes(0, [Buffer.from('payload')]);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const { parser } = openParser();
      parser.feed(bytes.subarray(0, cut));
      expect(() => parser.end()).toThrow(
        /^party 1 closed the connection in the middle of frame 0: \d+ of (40 header|7 payload) bytes/,
      );
    }
    const { parser } = openParser();
    parser.feed(bytes);
    expect(() => parser.end()).not.toThrow();
  });

  it.each([
    ['version', 4, 'sent a frame of format version 129, this is version 1'],
    ['kind', 5, 'sent frame 0 of unknown kind'],
    ['session', 8, 'sent a frame of session 8102030405060708, this is session 0102030405060708'],
    ['sequence', 16, 'sent frame 128 in place of frame 0: a frame is missing'],
    ['length', 23, 'announced frame 0 of 2147483648 bytes'],
    ['stamp', 31, 'stamp that is no time'],
  ])('names a wrong %s even when the crc is right', (_, at, message) => {
    const fields = { kind: 'data', sessionId, sequence: 0, stampMs: 1 } as const;
    const header = reseal(encodeHeader(fields, []), (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 0x80;
    });
    const { parser, frames } = openParser();
    expect(() => parser.feed(header)).toThrow(message);
    expect(frames).toHaveLength(0);
  });

  it('survives arbitrary bytes, with and without a believable header, with a named error', () => {
    const bytes = fc.uint8Array({ minLength: headerBytes, maxLength: 400 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (bytes, believable) => {
        const stream = Buffer.from(bytes);
        if (believable) reseal(stream, (header) => header.write('PRLY'));
        const error = errorOf(() => openParser(1000).parser.feed(stream));
        expect(error).toMatchObject({
          kind: 'channel',
          message: expect.stringMatching(/^party 1/),
        });
      }),
      { numRuns: 4000 },
    );
  });
});
