/** Turns what a role's ledger holds into traces, one per setup or inference. */
import type { Peer } from './channel.ts';
import type { Ledger } from './ledger.ts';
import type { OfflineTimeline, PartyTrace, Phase, TraceRow } from './trace.ts';

interface Start {
  readonly atMs: number;
  readonly cpu: NodeJS.CpuUsage;
}

export class SessionBook {
  readonly #role: Peer;
  readonly #ledger: Ledger;
  #start: Start;
  #offlineMs = 0;
  #offlineRows: TraceRow[] = [];
  #offline: OfflineTimeline | undefined;

  constructor(role: Peer, ledger: Ledger) {
    this.#role = role;
    this.#ledger = ledger;
    this.#start = this.#now();
  }

  /** What was booked since the last trace was closed, waiting for somebody to ask, is forgotten. */
  begin(phase: Phase): void {
    this.#ledger.phase = phase;
    this.restart();
  }

  /** Forgets what was booked since `begin`: waiting for the inputs is nobody's cost. */
  restart(): void {
    this.#ledger.take();
    this.#start = this.#now();
  }

  /** Keeps what was booked offline for the trace of the inference that follows. */
  endOffline(): void {
    this.#ledger.charge('', 'local', 'computeMs');
    const [startedAtMs, endedAtMs] = [this.#start.atMs, this.#ledger.bookedToMs];
    const { rows, timeline } = this.#ledger.take();
    this.#offlineMs = endedAtMs - startedAtMs;
    this.#offlineRows = rows;
    this.#offline = { startedAtMs, endedAtMs, timeline };
  }

  /** The offline phase of the inference that follows was run in another session; null: it was not. */
  dealtBefore(offlineMs: number | null): void {
    if (offlineMs !== null) this.#offlineMs = offlineMs;
  }

  /** `rounds`: depth of the latest message that this role depends on. */
  close(rounds: number): PartyTrace {
    const ledger = this.#ledger;
    ledger.charge('', 'local', 'computeMs');
    const endedAtMs = ledger.bookedToMs;
    const { rows: booked, reveals, timeline } = ledger.take();
    const rows = [...this.#offlineRows, ...booked];
    const { user, system } = process.cpuUsage(this.#start.cpu);
    const trace: PartyTrace = {
      party: this.#role,
      rows,
      reveals,
      rounds: { setup: 0, offline: 0, online: 0, [ledger.phase]: rounds },
      bytesSent: {
        setup: sent(rows, 'setup'),
        offline: sent(rows, 'offline'),
        online: sent(rows, 'online'),
      },
      bytesSentToOwner: rows.reduce((sum, row) => sum + (row.bytesSentTo.owner ?? 0), 0),
      offlineMs: this.#offlineMs,
      startedAtMs: this.#start.atMs,
      endedAtMs,
      cpuMs: (user + system) / 1000,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      timeline,
      ...(this.#offline === undefined ? {} : { offline: this.#offline }),
    };
    this.#offline = undefined;
    this.#offlineMs = 0;
    this.#offlineRows = [];
    return trace;
  }

  #now(): Start {
    return { atMs: this.#ledger.bookedToMs, cpu: process.cpuUsage() };
  }
}

/** Payload bytes to everybody but the owner. */
function sent(rows: readonly TraceRow[], phase: Phase): number {
  let sum = 0;
  for (const row of rows) {
    if (row.phase !== phase) continue;
    for (const [peer, bytes] of Object.entries(row.bytesSentTo)) {
      if (peer !== 'owner') sum += bytes;
    }
  }
  return sum;
}
