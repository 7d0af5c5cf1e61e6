/**
 * One process of a run as the worker sees it: started with an empty environment and no open door but
 * its pipe, heard through checked messages, ended for certain.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../engine/channel.ts';
import type { Entrance } from '../network/backend.ts';
import { scrubbedEnvironment } from './child-environment.ts';
import { reportSchema, type Order, type Report, type ReportOf } from './messages.ts';
import { roleFileName } from './roles.ts';

/** Why a role did not do its part. `cause` says which kind of evidence we have; exits weigh most. */
export interface RoleFailure {
  readonly role: Peer;
  readonly cause: 'exit' | 'report' | 'protocol' | 'timeout';
  readonly errorKind: string;
  readonly message: string;
}

/**
 * V8's helper threads would collect garbage on another party's core, which no machine of its own has
 * to share, and their time is not in the clock of the thread that the trace reads: the replay would
 * come out 10 % too fast (benchmarks/network/README.md).
 */
const execArgv = ['--disable-warning=ExperimentalWarning', '--single-threaded-gc'];
const mostLogBytes = 1 << 20;
const tailBytes = 2000;

export interface RoleEvents {
  onReport(role: TeamRole, report: Report): void;
  onFailure(failure: RoleFailure): void;
}

/** A role of a run as the worker leads it, wherever it runs. */
export interface TeamRole {
  readonly role: Peer;
  /** Name of its log file in the run's folder. */
  readonly logName: string;
  /** Resolves when it is gone and its output is written. */
  readonly gone: Promise<void>;
  /** Reported when it failed, for the partial record. */
  readonly lastFailure: ReportOf<'failed'> | undefined;
  send(order: Order): void;
  /** Its part is done: from now on its end is no failure. */
  finish(): void;
  kill(): void;
}

export class RoleProcess implements TeamRole {
  readonly role: Peer;
  /** Name of its log file in the run's folder. */
  readonly logName: string;
  /** Resolves when the process is gone and its output is written. */
  readonly gone: Promise<void>;
  /** Reported by the process when it failed, for the partial record. */
  lastFailure: ReportOf<'failed'> | undefined;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #events: RoleEvents;
  #logBytes = 0;
  #tail = '';
  #finished = false;
  #failed = false;

  /**
   * @param entry file to run, under this very Node
   * @param folder of the run; the process works in the folder inside that has its name
   * @param entrance into the network of the run, where that is not the machine's own
   */
  constructor(role: Peer, entry: string, folder: string, events: RoleEvents, entrance?: Entrance) {
    this.role = role;
    this.#events = events;
    this.logName = `${roleFileName(role)}.log`;
    this.#log = createWriteStream(join(folder, this.logName), { mode: 0o600 });
    // A full disk costs the log, not the worker.
    this.#log.on('error', () => {});
    this.#child = fork(entry, [], {
      cwd: join(folder, roleFileName(role)),
      env: scrubbedEnvironment(),
      ...(entrance === undefined
        ? { execArgv }
        : {
            execPath: entrance.command,
            execArgv: [...entrance.args, process.execPath, ...execArgv],
          }),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => this.#keep(data));
    }
    this.#child.on('message', (message) => this.#hear(message));
    this.#child.on('error', (error) =>
      this.#fail('exit', 'spawn', `could not be started: ${error.message}`),
    );
    this.gone = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        if (!this.#finished && !this.#failed)
          this.#fail('exit', 'exit', this.#describeExit(code, signal));
        this.#log.end(() => resolve());
        // The stream may have failed, in which case `end` never calls back.
        setTimeout(resolve, 500).unref();
      });
      this.#child.once('error', () => resolve());
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  /** Its part is done: from now on its exit is no failure. */
  finish(): void {
    this.#finished = true;
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      this.#child.kill('SIGKILL');
  }

  #keep(data: Buffer): void {
    this.#tail = (this.#tail + data.toString('latin1')).slice(-tailBytes);
    if (this.#logBytes < mostLogBytes) this.#log.write(data);
    this.#logBytes += data.length;
  }

  #hear(message: unknown): void {
    const parsed = reportSchema.safeParse(message);
    if (!parsed.success) {
      this.#fail('protocol', 'protocol', 'sent a message that the worker does not understand');
      this.kill();
      return;
    }
    const report = parsed.data;
    if (report.kind === 'failed') {
      this.lastFailure = report;
      this.#fail('report', report.errorKind, report.message);
    } else {
      this.#events.onReport(this, report);
    }
  }

  #fail(cause: RoleFailure['cause'], errorKind: string, message: string): void {
    if (this.#failed || this.#finished) return;
    this.#failed = true;
    this.#events.onFailure({ role: this.role, cause, errorKind, message });
  }

  #describeExit(code: number | null, signal: string | null): string {
    const how =
      signal === null
        ? `its process ended with code ${code}`
        : `its process was ended by ${signal}`;
    const lines = this.#tail.split('\n').map((line) => line.trim());
    const telling =
      lines.findLast((line) => /error|fatal|memory/i.test(line)) ??
      lines.findLast((line) => line !== '');
    const printable = telling?.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
    return printable === undefined ? how : `${how}, having said: ${printable}`;
  }
}
