/**
 * Mailbox: carries the messages of concurrent protocol branches over one channel.
 *
 * A branch that receives is blocked until its message is there. When every branch is blocked (or
 * finished), all that was sent since is flushed as one frame per peer. With a single branch every
 * message leaves at once. A blocked branch resumes as soon as its own message arrives, whatever
 * the others wait for: that cannot deadlock, since each branch by itself is a correct protocol.
 */
import type { Channel, Peer } from './channel.ts';
import { EngineError } from './errors.ts';
import { peerName } from './peer-name.ts';
import { packMessages, unpackMessages, type Message } from './message.ts';

interface Waiting {
  readonly route: number;
  readonly from: Peer;
  readonly bytes: number;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
}

export class Mailbox {
  readonly #channel: Channel;
  readonly #outgoing = new Map<Peer, Message[]>();
  readonly #arrived = new Map<string, Message[]>();
  readonly #readers = new Set<Peer>();
  #waiting: Waiting[] = [];
  #active = 1;
  #live = 1;
  #failure: unknown = null;
  readonly #onIdle: (() => void) | undefined;

  /** @param onIdle called when all branches have sent what they can, before any of them goes on */
  constructor(channel: Channel, onIdle?: () => void) {
    this.#channel = channel;
    this.#onIdle = onIdle;
  }

  send(to: Peer, message: Message): void {
    const queue = this.#outgoing.get(to);
    if (queue === undefined) this.#outgoing.set(to, [message]);
    else queue.push(message);
    if (this.#live === 1) this.flush();
  }

  /** The next message of `route` from that peer; `EngineError('channel')` if it is not `bytes` long. */
  receive(route: number, from: Peer, bytes: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ route, from, bytes, resolve, reject });
      this.#block();
      if (this.#active === 0) this.#onIdle?.();
      this.#match();
    });
  }

  /** One branch becomes `count` branches. */
  fork(count: number): void {
    this.#live += count - 1;
    this.#active += count - 1;
  }

  /** One of several branches has ended. */
  finish(): void {
    this.#block();
    if (this.#active === 0 && this.#waiting.length > 0) this.#onIdle?.();
  }

  /** The `count` branches of a fork have all ended and their parent goes on. */
  join(count: number): void {
    this.#live -= count - 1;
    this.#active += 1;
  }

  flush(): void {
    for (const [to, messages] of this.#outgoing) {
      this.#channel.send(to, packMessages(messages));
    }
    this.#outgoing.clear();
  }

  /** Messages that have arrived and that no step has asked for, as "who: bytes"; normally none. */
  unread(): string[] {
    return [...this.#arrived].flatMap(([slot, messages]) =>
      messages.map(({ payload }) => `${slot.split(' ')[0] ?? slot}: ${payload.length} bytes`),
    );
  }

  #block(): void {
    this.#active -= 1;
    if (this.#active === 0) this.flush();
  }

  #match(): void {
    const still: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const message = this.#take(key(waiting.from, waiting.route));
      if (message === undefined) {
        still.push(waiting);
        this.#read(waiting.from);
        continue;
      }
      if (message.payload.length !== waiting.bytes) {
        const got = message.payload.length;
        this.#fail(
          new EngineError(
            'channel',
            `${peerName(waiting.from)} sent ${got} bytes where the protocol expects ${waiting.bytes}`,
          ),
        );
        return;
      }
      this.#active += 1;
      waiting.resolve(message);
    }
    this.#waiting = still;
  }

  /** The oldest message of a slot; an empty slot is forgotten, since branches come and go. */
  #take(slot: string): Message | undefined {
    const queue = this.#arrived.get(slot);
    const message = queue?.shift();
    if (queue?.length === 0) this.#arrived.delete(slot);
    return message;
  }

  #read(from: Peer): void {
    if (this.#readers.has(from)) return;
    this.#readers.add(from);
    void this.#readOne(from);
  }

  async #readOne(from: Peer): Promise<void> {
    try {
      const frame = await this.#channel.receive(from);
      this.#readers.delete(from);
      this.#deliver(from, frame);
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(from: Peer, frame: Uint8Array): void {
    for (const message of unpackMessages(frame)) {
      const slot = key(from, message.route);
      const queue = this.#arrived.get(slot);
      if (queue === undefined) this.#arrived.set(slot, [message]);
      else queue.push(message);
    }
    this.#match();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(this.#failure);
  }
}

function key(peer: Peer, route: number): string {
  return `${peer} ${route}`;
}
