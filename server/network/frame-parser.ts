/**
 * Bytes in, frames out: the incremental parser of one directed link.
 *
 * It believes nothing it has not checked: magic, the header's crc, version, session, sequence and
 * length are checked before the payload's buffer is allocated, the payload's crc before the frame is
 * handed on. The first error is final; a goodbye or a failure is the last frame, and what follows it
 * is refused. A payload goes straight into its own, 8-byte aligned buffer: either the caller reads
 * into `target()` (no copy), or hands over whatever came with `feed`.
 */
import { crc32 } from 'node:zlib';
import { EngineError } from '../engine/errors.ts';
import { frameKinds, headerBytes, magic, version } from './frame.ts';
import type { FrameKind } from './frame.ts';
import { sessionName } from './peer-name.ts';

export interface ParsedFrame {
  readonly kind: FrameKind;
  readonly sequence: number;
  readonly stampMs: number;
  /** Owns its buffer: nobody else sees or changes it. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

export interface FrameParserOptions {
  /** Who sends, as errors name it. */
  readonly peer: string;
  readonly sessionId: Uint8Array;
  readonly frameLimitBytes: number;
  readonly onFrame: (frame: ParsedFrame) => void;
}

/** Below this it is better to read on into a scratch buffer: the next frames come with the rest. */
const directReadBytes = 4096;

export class FrameParser {
  readonly #options: FrameParserOptions;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFill = 0;
  #payload: Uint8Array<ArrayBuffer> | undefined;
  #payloadFill = 0;
  #crc = 0;
  #sequence = 0;
  /** Kind of the frame after which nothing may come. */
  #last: 'goodbye' | 'failure' | undefined;
  #failure: EngineError | undefined;

  constructor(options: FrameParserOptions) {
    this.#options = options;
  }

  /** Sequence number of the frame that is awaited or under way. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * The rest of a large payload under way: read at most that much into it, then call `commit`.
   * Undefined otherwise: read into a buffer of your own, then call `feed`.
   */
  target(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#payload === undefined) return undefined;
    const left = this.#payload.length - this.#payloadFill;
    return left < directReadBytes ? undefined : this.#payload.subarray(this.#payloadFill);
  }

  /** `bytes` bytes were read into `target()`. Throws like `feed`. */
  commit(bytes: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    const payload = this.#payload;
    if (payload === undefined) throw this.#fail('was read into a buffer of no frame');
    const end = this.#payloadFill + bytes;
    this.#crc = crc32(payload.subarray(this.#payloadFill, end), this.#crc);
    this.#payloadFill = end;
    if (end === payload.length) this.#finishFrame(payload);
  }

  /** Copies what it needs. Throws `EngineError('channel')` naming the peer at the first bad byte. */
  feed(bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    let at = 0;
    while (at < bytes.length) {
      if (this.#last !== undefined) throw this.#fail(`sent more after its ${this.#last}`);
      const payload = this.#payload;
      if (payload === undefined) {
        const take = Math.min(headerBytes - this.#headerFill, bytes.length - at);
        this.#header.set(bytes.subarray(at, at + take), this.#headerFill);
        this.#headerFill += take;
        at += take;
        if (this.#headerFill === headerBytes) this.#openFrame();
      } else {
        const take = Math.min(payload.length - this.#payloadFill, bytes.length - at);
        payload.set(bytes.subarray(at, at + take), this.#payloadFill);
        at += take;
        this.commit(take);
      }
    }
  }

  /** The stream is over. Throws `EngineError('channel')` when that cuts a frame. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#payload !== undefined) {
      const of = `${this.#payloadFill} of ${this.#payload.length} payload bytes came`;
      throw this.#fail(`closed the connection in the middle of frame ${this.#sequence}: ${of}`);
    }
    if (this.#headerFill > 0) {
      const of = `${this.#headerFill} of ${headerBytes} header bytes came`;
      throw this.#fail(`closed the connection in the middle of frame ${this.#sequence}: ${of}`);
    }
  }

  #fail(what: string): EngineError {
    this.#failure = new EngineError('channel', `${this.#options.peer} ${what}`);
    return this.#failure;
  }

  #openFrame(): void {
    const header = this.#header;
    const where = `in place of frame ${this.#sequence}`;
    if (header.readUInt32LE(0) !== magic) {
      throw this.#fail(`sent bytes that are no frame ${where} (bad magic)`);
    }
    if (crc32(header.subarray(0, 36)) !== header.readUInt32LE(36)) {
      throw this.#fail(`sent a corrupted header ${where} (wrong crc)`);
    }
    if (header.readUInt8(4) !== version) {
      const got = header.readUInt8(4);
      throw this.#fail(`sent a frame of format version ${got}, this is version ${version}`);
    }
    const session = header.subarray(8, 16);
    if (!session.equals(this.#options.sessionId)) {
      const own = sessionName(this.#options.sessionId);
      throw this.#fail(`sent a frame of session ${sessionName(session)}, this is session ${own}`);
    }
    const sequence = header.readUInt32LE(16);
    if (sequence !== this.#sequence) {
      const verdict = sequence > this.#sequence ? 'a frame is missing' : 'a frame came twice';
      throw this.#fail(`sent frame ${sequence} ${where}: ${verdict} or they are out of order`);
    }
    const length = header.readUInt32LE(20);
    if (length > this.#options.frameLimitBytes) {
      const limit = this.#options.frameLimitBytes;
      throw this.#fail(`announced frame ${sequence} of ${length} bytes, the limit is ${limit}`);
    }
    const stampMs = header.readDoubleLE(24);
    if (frameKinds[header.readUInt8(5)] === undefined || !(stampMs >= 0 && stampMs < Infinity)) {
      throw this.#fail(`sent frame ${sequence} of unknown kind or with a stamp that is no time`);
    }
    // Own memory, not the pool's: aligned, and whoever gets it may keep it. Filled before it is seen.
    const payload = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    this.#payload = payload;
    this.#payloadFill = 0;
    this.#crc = 0;
    if (length === 0) this.#finishFrame(payload);
  }

  #finishFrame(payload: Uint8Array<ArrayBuffer>): void {
    const header = this.#header;
    if (this.#crc !== header.readUInt32LE(32)) {
      throw this.#fail(`sent frame ${this.#sequence} with a corrupted payload (wrong crc)`);
    }
    const kind = frameKinds[header.readUInt8(5)] ?? 'data';
    const frame = { kind, sequence: this.#sequence, stampMs: header.readDoubleLE(24), payload };
    this.#sequence += 1;
    this.#headerFill = 0;
    this.#payload = undefined;
    if (kind === 'goodbye' || kind === 'failure') this.#last = kind;
    this.#options.onFrame(frame);
  }
}
