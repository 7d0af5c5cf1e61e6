/**
 * FramedChannel: the `Channel` of the engine over any pipe of bytes (`Wire`), with the emulated link.
 *
 * Sending: the link's clock stamps the frame, the wire takes header and parts. Receiving: the wire's
 * bytes go through the peer's parser into the peer's inbox, which hands them over when due. Stamps are
 * not simply believed: they must be times that the link can explain.
 *
 * One fault breaks the whole channel: in a protocol everybody waits for everybody, so the party that
 * finds a fault tells all others (a failure frame) instead of letting them run into their time limits.
 * A peer that has finished says goodbye first; one that just disappears is a fault. What other
 * parties are told about an error from outside the channel is only that there was one: the text of an
 * engine error may contain a secret value.
 */
import type { LinkCounters, Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from '../engine/clock.ts';
import type { ParsedFrame } from './frame-parser.ts';
import {
  defaultFrameLimitBytes,
  encodeHeader,
  headerBytes,
  restampBytes,
  totalBytes,
} from './frame.ts';
import type { FrameKind } from './frame.ts';
import { dueMs } from './link-clock.ts';
import { LinkModel } from './link-model.ts';
import type { MovedStamp } from './link-model.ts';
import type { FramedChannelOptions, Inbound, NetworkChannel, Wire } from './network-channel.ts';
import { peerName } from './peer-name.ts';
import { openRoute } from './route.ts';
import type { Route } from './route.ts';
import { SoftTimer } from './soft-timer.ts';

const flushOnCloseMs = 5000;
const flushOnFailureMs = 250;
const longestReasonBytes = 400;
/**
 * How far a stamp may lie beyond the end of serialisation of all that came (an honest one never
 * does): a longer wait than that is not entered into.
 */
const stampSlackMs = 600_000;
const aborted = 'the run was cancelled';

export class FramedChannel implements NetworkChannel {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  readonly #options: FramedChannelOptions;
  readonly #frameLimitBytes: number;
  readonly #model: LinkModel;
  readonly #routes = new Map<Peer, Route>();
  readonly #timer = new SoftTimer(() => {
    for (const route of this.#routes.values()) route.inbox.deliver();
  });
  readonly #onAbort = () => this.fail(new EngineError('aborted', aborted));
  #failure: Error | undefined;
  /** What the peers are told of the failure. */
  #tell: Uint8Array | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: FramedChannelOptions) {
    this.self = options.self;
    this.peers = options.peers.filter((peer) => peer !== options.self);
    this.#options = options;
    this.#frameLimitBytes = options.frameLimitBytes ?? defaultFrameLimitBytes;
    this.#model = new LinkModel(options.link);
    for (const peer of this.peers) {
      const hooks = {
        timer: this.#timer,
        onFrame: (frame: ParsedFrame) => this.#arrived(peer, frame),
        onTimeout: (error: EngineError) => this.fail(error),
      };
      this.#routes.set(peer, openRoute(options, peer, hooks));
    }
    if (options.signal?.aborted === true) this.#onAbort();
    else options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Bytes to `peer` go there from now on. */
  attach(peer: Peer, wire: Wire): void {
    this.#route(peer).wire = wire;
    // Too late to be of use: the channel broke while the peers still joined.
    if (this.#failure !== undefined) void wire.close(0);
  }

  send(to: Peer, parts: readonly Uint8Array[]): void {
    const route = this.#route(to);
    if (this.#failure !== undefined) throw this.#failure;
    const name = peerName(to);
    if (route.finished) throw new EngineError('channel', `${name} has closed its channel`);
    if (route.wire === undefined) throw new EngineError('channel', `${name} is not connected`);
    const payloadBytes = totalBytes(parts);
    if (payloadBytes > this.#frameLimitBytes) {
      const limit = `the limit is ${this.#frameLimitBytes}`;
      throw new EngineError('channel', `frame of ${payloadBytes} bytes to ${name}, ${limit}`);
    }
    const frameBytes = headerBytes + payloadBytes;
    const timing = this.#model.send(monotonicMs(), this.self, to, frameBytes);
    for (const moved of timing?.moved ?? []) this.#restamp(moved);
    route.counter.sent(payloadBytes, headerBytes);
    this.#write(route, 'data', timing?.stampMs ?? 0, parts);
  }

  async receive(from: Peer): Promise<Uint8Array> {
    return this.#route(from).inbox.receive();
  }

  counters(): readonly LinkCounters[] {
    return [...this.#routes.values()].map((route) => route.counter.read(route.peer));
  }

  resetCounters(): void {
    for (const route of this.#routes.values()) route.counter.reset();
  }

  async close(reason?: Error): Promise<void> {
    const name = peerName(this.self);
    if (reason !== undefined) {
      const isAbort = reason instanceof EngineError && reason.kind === 'aborted';
      const tell = isAbort
        ? `aborted:${name} stopped: ${aborted}`
        : `channel:${name} stopped: an error of its own`;
      this.#break(reason, tell);
    }
    const closed = new EngineError('channel', `${name} has closed its channel`);
    this.#closing ??= this.#shutDown(closed, 'goodbye', [], flushOnCloseMs);
    await this.#closing;
  }

  /**
   * Why the channel broke, as the first frame of a connection on which nothing was sent: for a peer
   * that has joined here while we had not joined there. Undefined while all is well.
   */
  lastWords(): Uint8Array | undefined {
    const tell = this.#tell;
    if (tell === undefined) return undefined;
    const { sessionId } = this.#options;
    const fields = { kind: 'failure', sessionId, sequence: 0, stampMs: 0 } as const;
    return Buffer.concat([encodeHeader(fields, [tell]), tell]);
  }

  /** Where the bytes that come from `peer` go. */
  inbound(peer: Peer): Inbound {
    const { parser, inbox } = this.#route(peer);
    const guard = (work: () => void): boolean => {
      if (this.#failure !== undefined) return false;
      try {
        inbox.touch();
        work();
      } catch (error) {
        if (error instanceof EngineError) this.fail(error);
        else throw error;
      }
      return this.#failure === undefined;
    };
    return {
      target: () => parser.target(),
      commit: (bytes) => guard(() => parser.commit(bytes)),
      feed: (bytes) => guard(() => parser.feed(bytes)),
      ended: (why) => void guard(() => this.#ended(peer, why)),
    };
  }

  /** A fault that the network found itself: its message names roles and counts, never values. */
  fail(error: EngineError): void {
    this.#break(error, `${error.kind}:${peerName(this.self)} stopped: ${error.message}`);
  }

  /**
   * Breaks the channel for good: pending receives reject with `error`, the peers are told `tell`. They
   * pass it on as it is: who hears of it second-hand still reads who stopped first, and why.
   */
  #break(error: Error, tell: string): void {
    if (this.#failure !== undefined) return;
    const payload = Buffer.from(tell).subarray(0, longestReasonBytes);
    this.#tell = payload;
    this.#closing = this.#shutDown(error, 'failure', [payload], flushOnFailureMs);
    this.#options.onFailure?.(error);
  }

  #route(peer: Peer): Route {
    const route = this.#routes.get(peer);
    if (route !== undefined) return route;
    const self = peerName(this.self);
    throw new EngineError('channel', `${self} has no channel to ${peerName(peer)}`);
  }

  #write(route: Route, kind: FrameKind, stampMs: number, parts: readonly Uint8Array[]): void {
    const { sessionId } = this.#options;
    const header = encodeHeader({ kind, sessionId, sequence: route.sequence, stampMs }, parts);
    route.sequence += 1;
    route.wire?.write([header, ...parts]);
  }

  /** What was just sent takes its turn on a rate that a frame under way shares: that one ends later. */
  #restamp({ to, index, stampMs }: MovedStamp): void {
    const route = this.#route(to);
    if (route.finished) return;
    const payload = Buffer.alloc(restampBytes);
    payload.writeUInt32LE(index);
    this.#write(route, 'restamp', stampMs, [payload]);
  }

  /** Throws `EngineError('channel')` for a stamp that no honest sender makes. */
  #arrived(peer: Peer, { kind, payload, stampMs, sequence }: ParsedFrame): void {
    const route = this.#route(peer);
    if (kind === 'restamp') this.#restamped(route, payload, stampMs);
    else if (kind === 'data') {
      const { clockBack, inbox } = route;
      if (clockBack === undefined) {
        inbox.arrived(payload, 0);
        return;
      }
      const latest = clockBack.send(monotonicMs(), headerBytes + payload.length);
      if (stampMs <= 0 || stampMs > latest.stampMs + stampSlackMs) {
        const ahead = `${Math.round(stampMs - latest.stampMs)} ms after the link can be through`;
        const fault = stampMs <= 0 ? 'that is no time' : `that is ${ahead} with it`;
        const text = `${peerName(peer)} sent frame ${sequence} with a stamp ${fault}`;
        throw new EngineError('channel', text);
      }
      inbox.arrived(payload, dueMs(clockBack.link, stampMs), latest.dueMs);
    } else if (kind === 'goodbye') {
      route.finished = true;
      const text = `${peerName(peer)} has closed its channel after ${sequence} frames`;
      route.inbox.end(new EngineError('channel', text));
    } else {
      const tell = Buffer.from(payload).toString();
      const [, how, why] = /^(aborted|channel):(.*)$/s.exec(tell) ?? [];
      const error = why ?? `${peerName(peer)} stopped without a reason`;
      this.#break(new EngineError(how === 'aborted' ? 'aborted' : 'channel', error), tell);
    }
  }

  #restamped({ peer, clockBack, inbox }: Route, payload: Uint8Array, stampMs: number): void {
    const latestMs = monotonicMs() + stampSlackMs;
    if (clockBack === undefined || payload.length !== restampBytes || !(stampMs < latestMs)) {
      const text = `${peerName(peer)} moved the stamp of a frame in a way that its link cannot`;
      throw new EngineError('channel', text);
    }
    const index = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    inbox.moved(index, dueMs(clockBack.link, stampMs));
  }

  #ended(peer: Peer, why: string | undefined): void {
    const route = this.#route(peer);
    if (route.finished) return;
    if (why === undefined) route.parser.end();
    const how = why ?? 'the connection was closed without a goodbye';
    const where = `before frame ${route.parser.sequence}`;
    throw new EngineError('channel', `${peerName(peer)} is gone ${where}: ${how}`);
  }

  async #shutDown(
    reason: Error,
    kind: FrameKind,
    parts: readonly Uint8Array[],
    flushMs: number,
  ): Promise<void> {
    this.#failure = reason;
    this.#timer.cancel();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    const routes = [...this.#routes.values()];
    for (const route of routes) route.inbox.fail(reason);
    for (const route of routes) if (!route.finished) this.#write(route, kind, 0, parts);
    await Promise.all(routes.map(async (route) => route.wire?.close(flushMs)));
  }
}
