/**
 * Frames that were tampered with by chance: bits, lengths, order, whole frames gone or doubled, noise, also
 * under checksums made right again. Whatever is done, the parser hands on only frames that were sent, in their
 * order and unchanged, and ends with an error that names the peer where the stream was no longer theirs.
 */
import { crc32 } from 'node:zlib';
import { EngineError } from '../../server/engine/errors.ts';
import { encodeHeader, headerBytes } from '../../server/network/frame.ts';
import { FrameParser, type ParsedFrame } from '../../server/network/frame-parser.ts';

const sessionId = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
/** Far below the real limit, so that a frame that claims to be large would be seen to be allocated. */
const frameLimitBytes = 4096;

export interface FrameTally {
  /** Frames that were tampered with, or stood in a stream that was. */
  readonly frames: number;
  readonly streams: number;
  /** Streams that ended with an error that names the peer. */
  readonly refused: number;
  /** Streams of which only whole, unchanged frames were lost at the end: nothing to refuse before the end. */
  readonly cutShort: number;
  /** Sentences about what must not happen; at most ten. */
  readonly wrongs: readonly string[];
}

/** Xorshift32: repeatable, nothing here is near a secret. */
function noise(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Draw = (below: number) => number;

function streamOf(draw: Draw): Buffer[] {
  return Array.from({ length: 2 + draw(5) }, (_, sequence) => {
    const payload = Buffer.alloc(draw(3) === 0 ? draw(3000) : draw(40), draw(256));
    const header = encodeHeader({ kind: 'data', sessionId, sequence, stampMs: sequence * 1.5 }, [
      payload,
    ]);
    return Buffer.concat([header, payload]);
  });
}

/** Makes the header's own checksum right again, so that only what it says is wrong. */
function reseal(frame: Buffer): Buffer {
  frame.writeUInt32LE(crc32(frame.subarray(0, 36)), 36);
  return frame;
}

const withField = (frame: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(frame);
  change(copy);
  return reseal(copy);
};

/** What chance does to frame `at`; each gives the stream's frames back, changed. */
const tampers: readonly ((frames: readonly Buffer[], at: number, draw: Draw) => Buffer[])[] = [
  function flipsABit(frames, at, draw) {
    const copy = Buffer.from(frames[at] ?? []);
    const place = draw(copy.length);
    copy.writeUInt8(copy.readUInt8(place) ^ (1 << draw(8)), place);
    return frames.with(at, copy);
  },
  function cutsBytesOut(frames, at, draw) {
    const frame = frames[at] ?? Buffer.alloc(0);
    const from = draw(frame.length);
    const to = from + 1 + draw(frame.length - from);
    return frames.with(at, Buffer.concat([frame.subarray(0, from), frame.subarray(to)]));
  },
  function putsNoiseIn(frames, at, draw) {
    const frame = frames[at] ?? Buffer.alloc(0);
    const place = draw(frame.length + 1);
    const extra = Buffer.from(Array.from({ length: 1 + draw(80) }, () => draw(256)));
    return frames.with(at, Buffer.concat([frame.subarray(0, place), extra, frame.subarray(place)]));
  },
  (frames, at) => frames.toSpliced(at, 1),
  (frames, at) => frames.toSpliced(at, 0, frames[at] ?? Buffer.alloc(0)),
  (frames, at) => {
    const other = at === 0 ? 1 : at - 1;
    const [one, two] = [frames[at], frames[other]];
    return one === undefined || two === undefined
      ? [...frames]
      : frames.with(at, two).with(other, one);
  },
  function liesAboutItsLength(frames, at, draw) {
    const length = draw(2) === 0 ? draw(0x7fff_ffff) : draw(frameLimitBytes);
    return frames.with(
      at,
      withField(frames[at] ?? Buffer.alloc(headerBytes), (copy) => {
        copy.writeUInt32LE(length, 20);
      }),
    );
  },
  function liesAboutItsNumber(frames, at, draw) {
    return frames.with(
      at,
      withField(frames[at] ?? Buffer.alloc(headerBytes), (copy) => {
        copy.writeUInt32LE(draw(0x7fff_ffff), 16);
      }),
    );
  },
  function isOfAnotherSession(frames, at, draw) {
    return frames.with(
      at,
      withField(frames[at] ?? Buffer.alloc(headerBytes), (copy) => {
        copy.writeUInt8(draw(256), 8 + draw(8));
      }),
    );
  },
  function liesAboutItsKind(frames, at, draw) {
    return frames.with(
      at,
      withField(frames[at] ?? Buffer.alloc(headerBytes), (copy) => {
        copy.writeUInt8(4 + draw(250), 5);
      }),
    );
  },
];

/** Feeds bytes in pieces of chance; a large payload is read in place, as a socket does it. */
function read(parser: FrameParser, bytes: Buffer, draw: Draw): void {
  let at = 0;
  while (at < bytes.length) {
    const target = parser.target();
    const piece = draw(4) === 0 ? 1 + draw(7) : 1 + draw(2000);
    const take = Math.min(piece, bytes.length - at, target?.length ?? Infinity);
    if (target === undefined) parser.feed(bytes.subarray(at, at + take));
    else {
      target.set(bytes.subarray(at, at + take));
      parser.commit(take);
    }
    at += take;
  }
  parser.end();
}

/** What must not be: empty where all is well. */
function wrongOf(sent: readonly Buffer[], got: readonly ParsedFrame[], error: unknown): string {
  for (const [index, { payload, sequence, stampMs }] of got.entries()) {
    const frame = sent[index];
    const isSame =
      frame !== undefined &&
      sequence === index &&
      stampMs === index * 1.5 &&
      frame.subarray(headerBytes).equals(payload);
    if (!isSame) return `frame ${index} was handed on and was never sent like this`;
  }
  if (error === undefined)
    return got.length < sent.length ? 'frames are gone and nobody said so' : '';
  if (!(error instanceof EngineError)) {
    return `not an error of ours: ${error instanceof Error ? error.message : typeof error}`;
  }
  return error.message.startsWith('party 1') ? '' : `nobody is named: ${error.message}`;
}

/** Streams of two to six frames, one of them tampered with, until `count` frames have been read. */
export function fuzzFrames(count: number, seed: number): FrameTally {
  const draw = noise(seed);
  const tally = { frames: 0, streams: 0, refused: 0, cutShort: 0, wrongs: [] as string[] };
  while (tally.frames < count) {
    const sent = streamOf(draw);
    const tamper = tampers[draw(tampers.length)];
    const at = draw(sent.length);
    const bytes = Buffer.concat(tamper?.(sent, at, draw) ?? sent);
    const got: ParsedFrame[] = [];
    const parser = new FrameParser({
      peer: 'party 1',
      sessionId,
      frameLimitBytes,
      onFrame: (frame) => got.push(frame),
    });
    let error: unknown;
    try {
      read(parser, bytes, draw);
    } catch (thrown) {
      error = thrown;
    }
    tally.frames += sent.length;
    tally.streams += 1;
    if (error !== undefined) tally.refused += 1;
    const isPrefix = bytes.equals(Buffer.concat(sent).subarray(0, bytes.length));
    if (error === undefined && isPrefix) tally.cutShort += 1;
    // A stream whose end was cut between two frames is a stream that ended: the link above notices.
    const wrong = error === undefined && isPrefix ? '' : wrongOf(sent, got, error);
    if (wrong !== '' && tally.wrongs.length < 10) {
      tally.wrongs.push(`stream ${tally.streams} of seed ${seed}: ${wrong}`);
    }
  }
  return tally;
}
