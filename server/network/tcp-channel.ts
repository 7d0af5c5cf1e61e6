/**
 * Channel over TCP, all to all: every role listens, and dials everybody it receives from.
 *
 * It takes two steps, because ports are known only once everybody listens: `listenTcp` gives the
 * port, the coordinator collects the ports, `endpoint.connect(addresses)` gives the channel. Where
 * ports are fixed beforehand `openTcpChannel` does both.
 *
 * The emulated link (backend `inline`) is for roles on one host; links of the owner are never shaped.
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { monotonicMs } from '../engine/clock.ts';
import { FramedChannel } from './framed-channel.ts';
import type { FramedChannelOptions, NetworkChannel } from './network-channel.ts';
import { authKeyBytes, checkTerms } from './handshake.ts';
import type { Hello, Terms } from './handshake.ts';
import { shapedLink } from './link.ts';
import { peerName } from './peer-name.ts';
import { acceptConnection } from './tcp-accept.ts';
import { dialPeer } from './tcp-dial.ts';
import type { TcpAddress } from './tcp-dial.ts';
import { TcpWire } from './tcp-wire.ts';

export type TcpAddresses = Partial<Record<Peer, TcpAddress>>;

export interface TcpListenOptions extends Omit<FramedChannelOptions, 'onFailure'> {
  /** Default 127.0.0.1 and an ephemeral port. */
  readonly listen?: Partial<TcpAddress> | undefined;
  /** 32 bytes that only the roles of this run know. */
  readonly authKey: Uint8Array;
  /** What everybody must have been given alike; a peer with other terms is refused. */
  readonly terms: Terms;
  /** Until when all peers must have joined, from `connect` on. Default 10 000 ms. */
  readonly connectTimeoutMs?: number | undefined;
}

export interface TcpEndpoint extends TcpAddress {
  /**
   * Joins all peers. Call once. Rejects with `EngineError('channel')` naming the peer that is missing
   * or is not who it should be, with `aborted` by the signal; the endpoint is closed then.
   */
  connect(addresses: TcpAddresses): Promise<NetworkChannel>;
  /** Stops listening and drops every connection that is not part of a channel. Idempotent. */
  close(): void;
}

/** Beyond so many callers in the middle of a handshake, whoever has been at it longest is dropped. */
const mostStrangers = 32;
/** For the last words to peers that have not yet proved who they are. */
const farewellMs = 1000;

class Endpoint implements TcpEndpoint {
  readonly host: string;
  readonly port: number;
  readonly #options: TcpListenOptions;
  readonly #server: Server;
  readonly #peers: readonly Peer[];
  readonly #timeoutMs: number;
  #closed = false;
  readonly #sockets = new Set<Socket>();
  /** Callers that have not proved who they are, oldest first. */
  readonly #strangers = new Set<Socket>();
  readonly #accepted = new Map<Peer, Socket>();
  readonly #refused = new Map<Peer | undefined, string>();
  readonly #arrivals = new Map<Peer, (socket: Socket) => void>();
  #channel: FramedChannel | undefined;
  #lastWords: Uint8Array | undefined;
  #fault: EngineError | undefined;

  constructor(options: TcpListenOptions, server: Server, address: TcpAddress) {
    this.#options = options;
    this.#server = server;
    this.host = address.host;
    this.port = address.port;
    this.#peers = options.peers.filter((peer) => peer !== options.self);
    this.#timeoutMs = options.connectTimeoutMs ?? 10_000;
    server.on('connection', (socket) => this.#welcome(socket));
    // For good: an 'error' that nobody hears ends the process.
    server.on('error', (error) => this.#listeningFailed(error));
  }

  async connect(addresses: TcpAddresses): Promise<NetworkChannel> {
    const { promise: failed, reject: giveUp } = Promise.withResolvers<never>();
    // A rejection that comes after everybody has joined is the channel's matter, not ours.
    failed.catch(() => undefined);
    const channel = new FramedChannel({ ...this.#options, onFailure: giveUp });
    this.#channel = channel;
    if (this.#fault !== undefined) void channel.close(this.#fault);
    const timer = setTimeout(() => giveUp(this.#missing()), this.#timeoutMs);
    try {
      const deadlineMs = monotonicMs() + this.#timeoutMs;
      const joins = this.#peers.map((peer) => this.#join(channel, peer, addresses, deadlineMs));
      await Promise.race([Promise.all(joins), failed]);
      return channel;
    } catch (error) {
      // Found by this end itself, so the others may read it.
      if (error instanceof EngineError && error.kind === 'channel') channel.fail(error);
      const closed = channel.close(error instanceof Error ? error : new Error(String(error)));
      const aborted = error instanceof EngineError && error.kind === 'aborted';
      await Promise.all([closed, aborted || this.#tellWaiting(channel.lastWords())]);
      throw error;
    } finally {
      clearTimeout(timer);
      // Drops strangers in the middle of a handshake; what has joined is the channel's.
      this.close();
    }
  }

  close(): void {
    this.#closed = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #join(
    channel: FramedChannel,
    peer: Peer,
    addresses: TcpAddresses,
    deadlineMs: number,
  ): Promise<void> {
    const address = addresses[peer];
    if (address === undefined) {
      throw new EngineError('channel', `the address of ${peerName(peer)} is not known`);
    }
    const inbound = channel.inbound(peer);
    const { authKey, self } = this.#options;
    const hello = this.#hello(self, peer);
    const onSocket = (socket: Socket) => this.#track(socket);
    const dialled = dialPeer({ peer, address, hello, authKey, inbound, deadlineMs, onSocket });
    const [incoming, outgoing] = await Promise.all([dialled, this.#arrival(peer)]);
    // From now on they are the channel's.
    this.#sockets.delete(incoming);
    this.#sockets.delete(outgoing);
    channel.attach(peer, new TcpWire({ incoming, outgoing }, (why) => inbound.ended(why)));
  }

  /** What `caller` says when it dials `called`, to receive what `called` sends. */
  #hello(caller: Peer, called: Peer): Hello {
    const { sessionId, link, terms } = this.#options;
    const shaped = shapedLink(link, called, caller);
    return { from: caller, to: called, sessionId, link: shaped, terms };
  }

  /**
   * Peers that can read what we send, though we could not yet read them, hear why there is no run;
   * so do those that prove who they are within the moment that this takes.
   */
  async #tellWaiting(words: Uint8Array | undefined): Promise<void> {
    if (words === undefined) return;
    this.#lastWords = words;
    this.#server.close();
    for (const socket of this.#accepted.values()) {
      if (this.#sockets.has(socket)) socket.end(words);
    }
    const untilMs = monotonicMs() + farewellMs;
    while (this.#accepted.size < this.#peers.length && monotonicMs() < untilMs) await sleep(10);
  }

  #track(socket: Socket): void {
    if (this.#closed) socket.destroy();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Before, while or after joining: the channel is broken. */
  #listeningFailed(cause: Error): void {
    const text = `${peerName(this.#options.self)} can no longer listen: ${cause.message}`;
    this.#fault ??= new EngineError('channel', text, { cause });
    void this.#channel?.close(this.#fault);
  }

  #welcome(socket: Socket): void {
    this.#track(socket);
    this.#strangers.add(socket);
    socket.on('close', () => this.#strangers.delete(socket));
    if (this.#strangers.size > mostStrangers) {
      const [oldest] = this.#strangers;
      // A reset and not a goodbye: should it be one of ours after all, it tries again.
      if (oldest !== undefined) this.#strangers.delete(oldest);
      oldest?.resetAndDestroy();
    }
    acceptConnection(socket, {
      callers: this.#peers,
      expectedHello: (caller) => this.#hello(caller, this.#options.self),
      authKey: this.#options.authKey,
      timeoutMs: this.#timeoutMs,
      isConnected: (caller) => this.#accepted.has(caller),
      onAccepted: (caller, socket) => {
        this.#strangers.delete(socket);
        this.#accepted.set(caller, socket);
        if (this.#lastWords !== undefined) socket.end(this.#lastWords);
        this.#arrivals.get(caller)?.(socket);
      },
      onRefused: (caller, why) => this.#refused.set(caller, why),
    });
  }

  #arrival(peer: Peer): Promise<Socket> {
    const socket = this.#accepted.get(peer);
    if (socket !== undefined) return Promise.resolve(socket);
    return new Promise((resolve) => this.#arrivals.set(peer, resolve));
  }

  #missing(): EngineError {
    const absent = this.#peers.filter((peer) => !this.#accepted.has(peer));
    const who = (absent.length === 0 ? this.#peers : absent).map((peer) => peerName(peer));
    const notes = this.#refused.size === 0 ? '' : ` (${[...this.#refused.values()].join('; ')})`;
    const text = `${who.join(' and ')} did not join within ${this.#timeoutMs} ms${notes}`;
    return new EngineError('channel', text);
  }
}

/**
 * Starts to listen. Throws `EngineError('range')` for a key that is not 32 bytes, terms that
 * `checkTerms` or a link that `checkLink` refuses, `EngineError('channel')` when the address cannot be
 * had.
 */
export async function listenTcp(options: TcpListenOptions): Promise<TcpEndpoint> {
  if (options.authKey.length !== authKeyBytes) {
    const text = `channel: authKey.length is ${options.authKey.length}, allowed: ${authKeyBytes}`;
    throw new EngineError('range', text);
  }
  for (const peer of options.peers) shapedLink(options.link, options.self, peer);
  checkTerms(options.terms);
  const { host = '127.0.0.1', port = 0 } = options.listen ?? {};
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      const text = `${peerName(options.self)} cannot listen on ${host}:${port}: ${error.message}`;
      reject(new EngineError('channel', text, { cause: error }));
    };
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const bound = server.address();
  const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port;
  return new Endpoint(options, server, { host, port: boundPort });
}

/** Both steps at once, for ports that are fixed beforehand; errors as `listenTcp` and `connect`. */
export async function openTcpChannel(
  options: TcpListenOptions & { readonly addresses: TcpAddresses },
): Promise<NetworkChannel> {
  const endpoint = await listenTcp(options);
  return endpoint.connect(options.addresses);
}
