/**
 * A host that lends itself to runs: `parley party --listen`. It knows the workers that it serves by their
 * pins, starts a role when one of them asks, passes on what worker and role say to each other, and carries
 * the role's bytes to other hosts. It sees no share of its own accord: shares pass through as bytes of the
 * role's connections, and its administrator can read the role's memory, as on every host.
 */
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { join as path } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Peer } from '../../engine/channel.ts';
import { monotonicMs } from '../../engine/clock.ts';
import type { Report } from '../messages.ts';
import { RoleProcess, type RoleFailure } from '../role-process.ts';
import { roleFileName } from '../roles.ts';
import type { Identity } from './identity.ts';
import { dialLocal, join, openWay, type Way } from './ways.ts';
import { toHostSchema, type FromHost, type Route } from './said.ts';
import { dialHost, listenForHosts, type HostAddress, type HostListener } from './secure-socket.ts';
import { readHead, Talk, writeHead, type Head } from './talk.ts';

export interface PartyHostOptions {
  readonly listen: HostAddress;
  readonly identity: Identity;
  /** Pins of workers that may start roles here. */
  readonly trusted: readonly string[];
  /** Folders of live roles are made in it. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

type Control = Extract<Head, { kind: 'control' }>;

const mostRoles = 16;
const keyOf = (token: string, role: Peer): string => `${token}:${role}`;

export class PartyHost {
  readonly #options: PartyHostOptions;
  readonly #roles = new Map<string, HostedRole>();
  #listener: HostListener | undefined;

  constructor(options: PartyHostOptions) {
    this.#options = options;
  }

  /** @throws Error where it cannot listen */
  async start(): Promise<HostAddress> {
    const { listen, identity } = this.#options;
    this.#listener = await listenForHosts(
      listen,
      identity,
      (pin) => this.#isKnown(pin),
      (socket, pin) => void this.#welcome(socket, pin),
    );
    return this.#listener;
  }

  /** Ends every role. */
  async stop(): Promise<void> {
    await Promise.all([...this.#roles.values()].map((role) => role.end()));
    await this.#listener?.close();
  }

  /** Workers always; other hosts while a run that they share is here. */
  #isKnown(pin: string): boolean {
    return (
      this.#options.trusted.includes(pin) ||
      [...this.#roles.values()].some(({ friends }) => friends.includes(pin))
    );
  }

  async #welcome(socket: TLSSocket, pin: string): Promise<void> {
    const head = await readHead(socket);
    const isWorker = this.#options.trusted.includes(pin);
    if (head === null) socket.destroy();
    else if (head.kind === 'tunnel') await this.#tunnel(socket, pin, head);
    else if (!isWorker) socket.destroy();
    else if (head.kind === 'greeting') socket.end();
    else if (head.kind === 'answer') this.#answer(socket, head);
    else await this.#host(socket, pin, head);
  }

  /** To a role here, from a host that its run knows. */
  async #tunnel(
    socket: Duplex,
    pin: string,
    { token, to }: Extract<Head, { kind: 'tunnel' }>,
  ): Promise<void> {
    const role = this.#roles.get(keyOf(token, to));
    const isFriend = role !== undefined && (role.friends.includes(pin) || role.worker === pin);
    const local = isFriend ? await role.dial().catch(() => null) : null;
    if (local === null || role === undefined) socket.destroy();
    else {
      role.keep(socket);
      join(socket, local);
    }
  }

  #answer(socket: Duplex, { token, way }: Extract<Head, { kind: 'answer' }>): void {
    for (const [key, role] of this.#roles) {
      if (key.startsWith(`${token}:`) && role.answered(way, socket)) return;
    }
    socket.destroy();
  }

  async #host(socket: Duplex, pin: string, head: Control): Promise<void> {
    const key = keyOf(head.token, head.role);
    const { folder, identity, log } = this.#options;
    if (head.role === 'owner' || this.#roles.has(key) || this.#roles.size >= mostRoles) {
      socket.destroy();
      return;
    }
    const name = `${roleFileName(head.role)} of ${head.token.slice(0, 8)}`;
    log(`${name} starts`);
    const role = new HostedRole(head, pin, identity, socket);
    this.#roles.set(key, role);
    const why = await role.run(folder);
    this.#roles.delete(key);
    log(`${name} has ended${why === '' ? '' : `: ${why}`}`);
  }
}

/** One role on this host, from its control connection to its end. */
class HostedRole {
  readonly friends: readonly string[];
  readonly worker: string;
  readonly #role: Exclude<Peer, 'owner'>;
  readonly #token: string;
  readonly #identity: Identity;
  readonly #talk: Talk;
  readonly #ways: Way[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #waiting = new Map<number, (socket: Duplex) => void>();
  #process: RoleProcess | undefined;
  #port = 0;
  #nextWay = 1;
  /** Before the process is there. */
  readonly #early: unknown[] = [];

  constructor(head: Control, worker: string, identity: Identity, socket: Duplex) {
    if (head.role === 'owner') throw new Error('an owner stays with its data');
    this.#role = head.role;
    this.#token = head.token;
    this.friends = head.friends;
    this.worker = worker;
    this.#identity = identity;
    this.#talk = new Talk(socket, (message) => this.#hear(message));
  }

  /** @returns why it ended before its time; empty where it did its part */
  async run(folder: string): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = await mkdtemp(path(folder, 'hosted-'));
    try {
      await mkdir(path(own, roleFileName(this.#role)), { mode: 0o700 });
      const kind = typeof this.#role === 'number' ? 'party' : this.#role;
      const entry = path(import.meta.dirname, '..', `${kind}-process.ts`);
      const process = new RoleProcess(this.#role, entry, own, {
        onReport: (_, report) => this.#report(report),
        onFailure: (failure) => this.#failed(failure),
      });
      this.#process = process;
      for (const message of this.#early.splice(0)) this.#hear(message);
      const cutOff = await Promise.race([process.gone.then(() => null), this.#talk.over]);
      process.kill();
      await process.gone;
      const { lastFailure } = process;
      if (lastFailure !== undefined) this.#say({ kind: 'report', report: lastFailure });
      const log = await readFile(path(own, process.logName), 'utf8').catch(() => '');
      this.#say({ kind: 'gone', log });
      this.#talk.finish();
      return cutOff ?? '';
    } finally {
      for (const way of this.#ways) way.close();
      for (const socket of this.#sockets) socket.destroy();
      await rm(own, { recursive: true, force: true });
    }
  }

  /** Ends with the role. */
  keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  dial(): Promise<Duplex> {
    return this.#port === 0
      ? Promise.reject(new Error('nobody listens yet'))
      : dialLocal(this.#port);
  }

  /** Whether the way was asked for here. */
  answered(way: number, socket: Duplex): boolean {
    const waiting = this.#waiting.get(way);
    this.#waiting.delete(way);
    waiting?.(socket);
    return waiting !== undefined;
  }

  async end(): Promise<void> {
    this.#talk.close('the host stops');
    await this.#process?.gone;
  }

  #say(message: FromHost): void {
    this.#talk.say(message);
  }

  #report(report: Report): void {
    if (report.kind === 'listening') this.#port = report.port;
    if (report.kind === 'finished') this.#process?.finish();
    this.#say({ kind: 'report', report });
  }

  #failed({ cause, errorKind, message }: RoleFailure): void {
    this.#say({
      kind: 'failure',
      failure: { cause, errorKind, message: message.slice(0, 2000) },
    });
  }

  #hear(message: unknown): void {
    const said = toHostSchema.safeParse(message).data;
    if (said?.kind === 'clock') {
      this.#say({ kind: 'clock', sentMs: said.sentMs, atMs: monotonicMs() });
    } else if (this.#process === undefined) this.#early.push(message);
    else if (said === undefined) this.#talk.close('it said what nobody understands');
    else if (said.kind === 'order') this.#process.send(said.order);
    else void this.#connect(said.routes).catch((error: unknown) => this.#talk.close(String(error)));
  }

  async #connect(routes: Readonly<Record<string, Route>>): Promise<void> {
    const ports: Record<string, number> = {};
    for (const [peer, route] of Object.entries(routes)) {
      const way = await openWay(() =>
        route.kind === 'worker' ? this.#askForWay() : this.#tunnelTo(peer, route),
      );
      this.#ways.push(way);
      ports[peer] = way.port;
    }
    this.#process?.send({ kind: 'connect', ports });
  }

  async #tunnelTo(peer: string, route: Extract<Route, { kind: 'host' }>): Promise<Duplex> {
    const socket = await dialHost(route, route.pin, this.#identity);
    const to = peer === 'dealer' ? 'dealer' : (Number(peer) as 0 | 1 | 2);
    writeHead(socket, { kind: 'tunnel', token: this.#token, to });
    return socket;
  }

  #askForWay(): Promise<Duplex> {
    const way = this.#nextWay;
    this.#nextWay += 1;
    return new Promise((resolve) => {
      this.#waiting.set(way, resolve);
      this.#say({ kind: 'way', way, to: 'owner' });
    });
  }
}
