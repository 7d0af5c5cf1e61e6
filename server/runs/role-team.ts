/**
 * The processes of one run as a team: whoever is waited for, whoever fails, and the end of all.
 *
 * The first failure ends the run; others that follow within a moment are collected, so that the reason
 * names the cause and not the party that noticed it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../engine/channel.ts';
import type { PartyTrace } from '../engine/trace.ts';
import type { RunningNet } from '../network/backend.ts';
import type { ProbeReport } from '../network/probe-network.ts';
import {
  defaultLimits,
  type LaunchLimits,
  type PartialResult,
  type RoleResult,
  type TeamOptions,
} from './launch-types.ts';
import type { Progress, Report, ReportOf } from './messages.ts';
import { handOut } from './dealt-stock.ts';
import { RoleProcess, type RoleFailure, type TeamRole } from './role-process.ts';
import { roleFileName, rolesOf, type MeasuredRole } from './roles.ts';

export class Team {
  readonly roles: readonly TeamRole[];
  readonly failures: RoleFailure[] = [];
  readonly progress = new Map<Peer, Progress>();
  readonly finished = new Map<Peer, RoleResult>();
  /** What each role measured of its links after the run. */
  readonly probes = new Map<Peer, ProbeReport>();
  readonly #options: TeamOptions;
  readonly #limits: LaunchLimits;
  /** Of each role but the owner, as they came. */
  readonly #traces = new Map<MeasuredRole, PartyTrace[]>();
  readonly #reports = new Map<string, Report>();
  readonly #waiting = new Map<string, (report: Report) => void>();
  readonly #stop = Promise.withResolvers<never>();
  readonly #onAbort = () => this.#stop.reject(new Error('stopped'));
  #heardAtMs = performance.now();
  #ending = false;

  /** `net` is what the roles are connected by; it is running. */
  constructor(options: TeamOptions, net: RunningNet) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#stop.promise.catch(() => {});
    const { signal, folder, entries, hosts } = options;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
    const { plan, attendance } = options.session;
    const roles = rolesOf(plan, attendance);
    // New ones, all of them before any process: one that exists is of another try, and is refused.
    for (const role of roles) mkdirSync(join(folder, roleFileName(role)), { mode: 0o700 });
    if (options.dealt !== undefined) handOut(options.dealt, folder);
    this.roles = roles.map((role) => {
      if (hosts !== undefined && role !== 'owner') return hosts.start(role, folder, this);
      const kind = typeof role === 'number' ? 'party' : role;
      const entry = entries?.[kind] ?? join(import.meta.dirname, `${kind}-process.ts`);
      return new RoleProcess(role, entry, folder, this, net.entrance(role));
    });
    void this.#watchNet(net, roles[0] ?? 'owner');
  }

  /** The parties, and the dealer where there is one. */
  get measured(): readonly TeamRole[] {
    return this.roles.filter(({ role }) => role !== 'owner');
  }

  get owner(): readonly TeamRole[] {
    return this.roles.filter(({ role }) => role === 'owner');
  }

  /** A network that ends by itself ends the run, before everybody waits in vain. */
  async #watchNet(net: RunningNet, role: Peer): Promise<void> {
    const message = await net.broken;
    this.onFailure({ role, cause: 'exit', errorKind: 'channel', message });
  }

  onReport(from: TeamRole, report: Report): void {
    this.#heardAtMs = performance.now();
    const { role } = from;
    if (report.kind === 'progress') {
      if (role === 'owner') return;
      this.progress.set(role, report);
      this.#options.onProgress?.(role, report);
      return;
    }
    if (report.kind === 'scoring') {
      this.#options.onScoring?.(report.done, report.of);
      return;
    }
    if (report.kind === 'trace') {
      if (role !== 'owner') this.#tracesOf(role).push(report.trace);
      return;
    }
    if (report.kind === 'finished' && role !== 'owner') {
      const { counters, probe } = report;
      if (probe !== undefined) this.probes.set(role, probe);
      this.finished.set(role, { role, traces: this.#tracesOf(role), counters });
      from.finish();
    }
    if (report.kind === 'scored') from.finish();
    const key = `${role}:${report.kind}`;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#reports.set(key, report);
    else waiting(report);
  }

  #tracesOf(role: MeasuredRole): PartyTrace[] {
    const traces = this.#traces.get(role) ?? [];
    this.#traces.set(role, traces);
    return traces;
  }

  onFailure(failure: RoleFailure): void {
    // Whoever ends because we end it has not failed.
    if (this.#ending) return;
    this.failures.push(failure);
    // A moment for the others to say what they saw, then everybody stops.
    if (this.failures.length === 1) setTimeout(() => this.#onAbort(), this.#limits.graceMs);
    const said = new Set<Peer>([...this.finished.keys(), ...this.failures.map(({ role }) => role)]);
    if (said.size === this.roles.length) this.#onAbort();
  }

  /** The report of this kind from each of `roles`; rejects when the run fails or `limitMs` is over. */
  async expect<K extends Report['kind']>(
    roles: readonly TeamRole[],
    kind: K,
    limitMs: number,
  ): Promise<ReportOf<K>[]> {
    const missing = new Set(roles);
    const timer = setTimeout(() => {
      const seconds = Math.round(limitMs / 100) / 10;
      for (const { role } of missing) {
        const message = `did not get to "${kind}" within ${seconds} s`;
        this.onFailure({ role, cause: 'timeout', errorKind: 'timeout', message });
      }
    }, limitMs);
    try {
      const reports = roles.map(async (role) => {
        const report = await this.#next(role.role, kind);
        missing.delete(role);
        return report as ReportOf<K>;
      });
      return await Promise.race([Promise.all(reports), this.#stop.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `expect`, but the limit is on silence: every word from anybody starts it anew. */
  async expectWhileHeard<K extends Report['kind']>(
    roles: readonly TeamRole[],
    kind: K,
  ): Promise<ReportOf<K>[]> {
    const { silenceMs } = this.#limits;
    this.#heardAtMs = performance.now();
    const timer = setInterval(
      () => {
        if (performance.now() - this.#heardAtMs < silenceMs || this.failures.length > 0) return;
        const silent = roles.find(({ role }) => !this.finished.has(role)) ?? roles[0];
        if (silent === undefined) return;
        const place = this.progress.get(silent.role)?.path;
        const where = place === undefined ? '' : `, last seen at ${place}`;
        const message = `nothing was heard for ${Math.round(silenceMs / 100) / 10} s${where}`;
        this.onFailure({ role: silent.role, cause: 'timeout', errorKind: 'timeout', message });
      },
      Math.min(1000, silenceMs / 4),
    );
    try {
      return await this.expect(roles, kind, 2 ** 31 - 1);
    } finally {
      clearInterval(timer);
    }
  }

  #next(role: Peer, kind: Report['kind']): Promise<Report> {
    const key = `${role}:${kind}`;
    const early = this.#reports.get(key);
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  /** Asks everybody to stop, then kills; afterwards no process is left. */
  async end(): Promise<void> {
    this.#ending = true;
    for (const role of this.roles) role.send({ kind: 'cancel' });
    const gone = Promise.all(this.roles.map((role) => role.gone));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#limits.graceMs);
    });
    await Promise.race([gone, grace]);
    clearTimeout(timer);
    for (const role of this.roles) role.kill();
    await gone;
  }

  partial(): PartialResult {
    const counters = this.roles.flatMap(({ role, lastFailure }) =>
      lastFailure === undefined ? [] : [[String(role), lastFailure.counters] as const],
    );
    const roles = this.roles.flatMap(({ role, lastFailure }) => {
      const traces = role === 'owner' ? [] : this.#tracesOf(role);
      if (role === 'owner' || traces.length === 0) return [];
      const finished = this.finished.get(role);
      const counted = finished?.counters ?? lastFailure?.counters ?? [];
      // Whoever still could say that it failed has sent the trace of what it was at before.
      const lastCutShort = finished === undefined && lastFailure !== undefined;
      return [{ role, traces, counters: counted, lastCutShort }];
    });
    return {
      failures: this.failures,
      progress: Object.fromEntries(this.progress),
      counters: Object.fromEntries(counters),
      roles,
    };
  }

  dispose(): void {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}
