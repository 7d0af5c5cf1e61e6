/**
 * What hosts say to each other on a connection: first one line of JSON, which says what it is for; then either
 * messages (a length of 4 bytes, then V8's serialisation, which keeps typed arrays) or a role's own bytes.
 */
import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';

const longestHead = 4096;
const longestMessage = 512 * 1024 * 1024;
/** A head that does not come is a caller who has nothing to say. */
const headTimeoutMs = 10_000;
const sayEveryMs = 2000;
/** So long without a word, and the other host counts as cut off. */
export const silenceMs = 10_000;

const token = z.string().regex(/^[0-9a-f]{64}$/);
const roleSchema = z.union([
  z.literal(0),
  z.literal(1),
  z.literal(2),
  z.literal('dealer'),
  z.literal('owner'),
]);

/** What a connection is for. `token`: 32 random bytes that only the hosts of one run know. */
export const headSchema = z.discriminatedUnion('kind', [
  /** From the coordinator: a role is to be started here; messages follow. */
  z.strictObject({
    kind: z.literal('control'),
    token,
    role: roleSchema,
    /** Pins of the other hosts of this run, which may dial this role. */
    friends: z.array(z.string()).max(8),
  }),
  /** To a role that listens here: bytes follow. */
  z.strictObject({ kind: z.literal('tunnel'), token, to: roleSchema }),
  /** From the coordinator, asked for: the other end of a way to a role of its own; bytes follow. */
  z.strictObject({ kind: z.literal('answer'), token, way: z.number().int() }),
  /** Whether somebody is there, and who. */
  z.strictObject({ kind: z.literal('greeting') }),
]);
export type Head = z.infer<typeof headSchema>;

export const writeHead = (socket: Duplex, head: Head): void => {
  socket.write(`${JSON.stringify(head)}\n`);
};

/** The head of a connection; what came behind it goes back into the stream. Null for anything else. */
export function readHead(socket: Duplex): Promise<Head | null> {
  return new Promise((resolve) => {
    let text = Buffer.alloc(0);
    const done = (head: Head | null): void => {
      clearTimeout(timer);
      socket.off('readable', read);
      socket.off('close', gone);
      resolve(head);
    };
    const gone = (): void => done(null);
    const timer = setTimeout(gone, headTimeoutMs);
    const read = (): void => {
      for (;;) {
        const chunk = socket.read() as Buffer | null;
        if (chunk === null) return;
        text = Buffer.concat([text, chunk]);
        const end = text.indexOf(10);
        if (end < 0 && text.length <= longestHead) continue;
        if (end < 0) return done(null);
        if (end + 1 < text.length) socket.unshift(text.subarray(end + 1));
        return done(parsed(text.subarray(0, end).toString('utf8')));
      }
    };
    socket.on('readable', read);
    socket.once('close', gone);
  });
}

function parsed(text: string): Head | null {
  try {
    return headSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Messages in both directions, with a sign of life every two seconds. */
export class Talk {
  /** Resolves with a sentence when it is over; never rejects. */
  readonly over: Promise<string>;
  readonly #socket: Duplex;
  readonly #end = Promise.withResolvers<string>();
  readonly #pulse: NodeJS.Timeout;
  #heardAtMs = performance.now();
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** @param hear what comes; it was written by a host whose pin is known, and is judged all the same */
  constructor(socket: Duplex, hear: (message: unknown) => void) {
    this.#socket = socket;
    this.over = this.#end.promise;
    socket.on('data', (chunk: Buffer) => {
      this.#heardAtMs = performance.now();
      try {
        this.#take(chunk, hear);
      } catch (error) {
        this.close(`what it says cannot be read: ${error instanceof Error ? error.message : ''}`);
      }
    });
    socket.once('close', () => this.close('the connection is gone'));
    this.#pulse = setInterval(() => {
      const silentMs = performance.now() - this.#heardAtMs;
      if (silentMs > silenceMs) this.close(`nothing was heard for ${silenceMs / 1000} s`);
      else this.say(null);
    }, sayEveryMs);
    this.#pulse.unref();
  }

  say(message: unknown): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    const body = serialize(message);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    this.#socket.write(length);
    this.#socket.write(body);
  }

  /** Everything said is sent first. */
  finish(): void {
    clearInterval(this.#pulse);
    this.#socket.end();
  }

  close(why = 'it was closed'): void {
    clearInterval(this.#pulse);
    this.#end.resolve(why);
    this.#socket.destroy();
  }

  #take(chunk: Buffer, hear: (message: unknown) => void): void {
    this.#rest.push(chunk);
    this.#restBytes += chunk.length;
    for (;;) {
      if (this.#restBytes < 4) return;
      const first = this.#rest[0];
      if (first === undefined) return;
      if (first.length < 4) this.#rest = [Buffer.concat(this.#rest)];
      const length = (this.#rest[0] ?? first).readUInt32LE(0);
      if (length > longestMessage) throw new Error(`a message of ${length} bytes`);
      if (this.#restBytes < 4 + length) return;
      const all = Buffer.concat(this.#rest);
      const after = all.subarray(4 + length);
      this.#rest = after.length === 0 ? [] : [after];
      this.#restBytes = after.length;
      const message: unknown = deserialize(all.subarray(4, 4 + length));
      if (message !== null) hear(message);
    }
  }
}
