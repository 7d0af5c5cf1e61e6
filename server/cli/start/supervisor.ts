/** Keeps one child process running: its lines with a name before them, restarts with growing pauses. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether the child watches its IPC pipe and ends with us. */
  readonly ipc: boolean;
  /** Lines that say nothing to a reader. */
  readonly ignore: RegExp;
}

const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** A child that lived this long has recovered: its next pause is short again. */
const healthyAfterMs = 60_000;
const killAfterMs = 9000;

export class SupervisedChild {
  readonly #plan: ChildPlan;
  readonly #print: (line: string) => void;
  #child: ChildProcess | undefined;
  #pauseMs = firstPauseMs;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(plan: ChildPlan, print: (line: string) => void) {
    this.#plan = plan;
    this.#print = print;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const { name, command, args, env, cwd, ipc, ignore } = this.#plan;
    const startedAtMs = performance.now();
    const child = spawn(command, args, {
      cwd,
      env,
      // Its own group: Ctrl-C comes from us, in order, not from the terminal to all at once.
      detached: true,
      stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (line.trim() !== '' && !ignore.test(line)) this.#print(`${name.padEnd(6)} | ${line}`);
      });
    }
    child.on('error', (error) => this.#print(`${name.padEnd(6)} | ${error.message}`));
    child.once('close', (code, signal) => {
      this.#child = undefined;
      if (this.#stopping) return;
      if (performance.now() - startedAtMs > healthyAfterMs) this.#pauseMs = firstPauseMs;
      const how = signal ?? `code ${code}`;
      this.#print(
        `${name.padEnd(6)} | ended (${how}), starting again in ${this.#pauseMs / 1000} s`,
      );
      this.#timer = setTimeout(() => this.start(), this.#pauseMs);
      this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
    });
  }

  /** Asks it to end, and makes sure. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await closed;
    clearTimeout(timer);
  }
}
