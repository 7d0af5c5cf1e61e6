/**
 * A role on another host, as the worker sees it: the same orders, reports and end as a process of its own,
 * over one control connection. When that is cut, so is the role: the run names the host and ends.
 */
import { writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import type { Peer } from '../../engine/channel.ts';
import { monotonicMs } from '../../engine/clock.ts';
import type { PartyTrace } from '../../engine/trace.ts';
import { reportSchema, type Order, type Report } from '../messages.ts';
import type { RoleEvents, RoleFailure, TeamRole } from '../role-process.ts';
import { roleFileName } from '../roles.ts';
import {
  fromHostSchema,
  type LastFailure,
  type Route,
  type SaidFailure,
  type ToHost,
} from './said.ts';
import { addressText, dialHost } from './secure-socket.ts';
import type { Identity } from './identity.ts';
import type { PartyHostAddress } from './placement.ts';
import { Talk, writeHead } from './talk.ts';

const clockAsks = 12;
const clockEveryMs = 40;

export interface RemoteRoleOptions {
  readonly role: Exclude<Peer, 'owner'>;
  readonly at: PartyHostAddress;
  readonly token: string;
  /** Pins of the run's other hosts. */
  readonly friends: readonly string[];
  readonly identity: Identity;
  /** Of the run: the role's log is written there. */
  readonly folder: string;
  readonly events: RoleEvents;
  /** How the role reaches each peer. */
  readonly routeTo: (peer: string) => Route;
  /** Somebody there wants to reach a role of this host. */
  readonly onWay: (way: number, at: PartyHostAddress) => void;
}

export class RemoteRole implements TeamRole {
  readonly role: Exclude<Peer, 'owner'>;
  readonly logName: string;
  readonly gone: Promise<void>;
  lastFailure: LastFailure | undefined;
  readonly #options: RemoteRoleOptions;
  readonly #gone = Promise.withResolvers<void>();
  readonly #early: ToHost[] = [];
  #talk: Talk | undefined;
  #ended = false;
  #finished = false;
  #failed = false;
  /** Its monotonic clock minus ours, from the exchange that took least. */
  #offset = { ms: 0, withinMs: Infinity };

  constructor(options: RemoteRoleOptions) {
    this.#options = options;
    this.role = options.role;
    this.logName = `${roleFileName(options.role)}.log`;
    this.gone = this.#gone.promise;
    void this.#open();
  }

  /** How far its clock may be from what we take it for, ms. */
  get clockWithinMs(): number {
    return this.#offset.withinMs;
  }

  send(order: Order): void {
    if (order.kind !== 'connect') {
      this.#say({ kind: 'order', order });
      return;
    }
    const peers = Object.keys(order.ports).filter((peer) => peer !== String(this.role));
    const routes = Object.fromEntries(peers.map((peer) => [peer, this.#options.routeTo(peer)]));
    this.#say({ kind: 'routes', routes });
  }

  finish(): void {
    this.#finished = true;
  }

  kill(): void {
    if (this.#talk === undefined) this.#end();
    else this.#talk.close('it was ended');
  }

  async #open(): Promise<void> {
    const { at, identity, token, role, friends } = this.#options;
    try {
      const socket = await dialHost(at, at.pin, identity);
      if (this.#ended) {
        socket.destroy();
        return;
      }
      writeHead(socket, { kind: 'control', token, role, friends: [...friends] });
      const talk = new Talk(socket, (message) => this.#hear(message));
      this.#talk = talk;
      for (const message of this.#early.splice(0)) talk.say(message);
      this.#askClock(talk, clockAsks);
      const why = await talk.over;
      this.#fail('exit', 'channel', `host ${addressText(at)} is cut off: ${why}`);
    } catch (error) {
      this.#fail('exit', 'channel', error instanceof Error ? error.message : String(error));
    }
    this.#end();
  }

  #askClock(talk: Talk, left: number): void {
    if (left === 0 || this.#ended) return;
    talk.say({ kind: 'clock', sentMs: monotonicMs() });
    setTimeout(() => this.#askClock(talk, left - 1), clockEveryMs).unref();
  }

  #say(message: ToHost): void {
    if (this.#talk === undefined) this.#early.push(message);
    else this.#talk.say(message);
  }

  #hear(message: unknown): void {
    const said = fromHostSchema.safeParse(message).data;
    if (said === undefined) {
      this.#fail('protocol', 'protocol', 'sent a message that the worker does not understand');
      this.kill();
      return;
    }
    switch (said.kind) {
      case 'clock': {
        const nowMs = monotonicMs();
        const withinMs = (nowMs - said.sentMs) / 2;
        if (withinMs >= this.#offset.withinMs) return;
        this.#offset = { ms: said.atMs - (said.sentMs + withinMs), withinMs };
        return;
      }
      case 'report':
        this.#report(said.report);
        return;
      case 'failure':
        this.#fail(said.failure.cause, said.failure.errorKind, said.failure.message);
        return;
      case 'way':
        this.#options.onWay(said.way, this.#options.at);
        return;
      case 'gone':
        writeFileSync(path(this.#options.folder, this.logName), said.log, { mode: 0o600 });
        this.#end();
        this.#talk?.close('it has ended');
    }
  }

  #report(given: unknown): void {
    const parsed = reportSchema.safeParse(given);
    if (!parsed.success) {
      this.#fail('protocol', 'protocol', 'sent a report that the worker does not understand');
      this.kill();
      return;
    }
    const report = parsed.data;
    if (report.kind === 'failed') this.lastFailure = report;
    else this.#options.events.onReport(this, this.#onOurClock(report));
  }

  #onOurClock(report: Report): Report {
    return report.kind === 'trace'
      ? { ...report, trace: shifted(report.trace, this.#offset.ms) }
      : report;
  }

  #fail(cause: SaidFailure['cause'], errorKind: string, message: string): void {
    if (this.#failed || this.#finished || this.#ended) return;
    this.#failed = true;
    const failure: RoleFailure = { role: this.role, cause, errorKind, message };
    this.#options.events.onFailure(failure);
  }

  #end(): void {
    this.#ended = true;
    this.#gone.resolve();
  }
}

/** A trace of another host's clock on ours; what lies inside counts from its start. */
export function shifted(trace: PartyTrace, offsetMs: number): PartyTrace {
  const { startedAtMs, endedAtMs, offline } = trace;
  const own = { startedAtMs: startedAtMs - offsetMs, endedAtMs: endedAtMs - offsetMs };
  if (offline === undefined) return { ...trace, ...own };
  return {
    ...trace,
    ...own,
    offline: {
      ...offline,
      startedAtMs: offline.startedAtMs - offsetMs,
      endedAtMs: offline.endedAtMs - offsetMs,
    },
  };
}
