/**
 * A helper program that holds a network as long as it runs: it says in one line of JSON that it is
 * ready, or why not, and ends when its standard input does. So it ends with this process, however this
 * one ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EngineError } from '../../engine/errors.ts';

/** A second on a quiet machine; on one that is overloaded twenty times as long. */
const startTimeoutMs = 30_000;
const stopTimeoutMs = 2000;

const lineSchema = z.record(z.string(), z.unknown());
export type HelperLine = z.infer<typeof lineSchema>;

const parse = (line: string): HelperLine => {
  const parsed = lineSchema.safeParse(JSON.parse(line) as unknown);
  return parsed.success ? parsed.data : { error: `an answer that is no object: ${line}` };
};

export class HelperProcess {
  readonly pid: number;
  /** Its first line. */
  readonly ready: HelperLine;
  /** Resolves with a sentence when it ends before `stop`. */
  readonly broken: Promise<string>;
  readonly #child: ChildProcess;
  readonly #lines: HelperLine[];
  readonly #gone: Promise<void>;
  #stopping = false;

  private constructor(child: ChildProcess, lines: HelperLine[], ready: HelperLine) {
    this.pid = child.pid ?? 0;
    this.ready = ready;
    this.#child = child;
    this.#lines = lines;
    this.#gone = new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('close', () => resolve());
    });
    this.broken = this.#gone.then(() => {
      if (this.#stopping) return new Promise<never>(() => {});
      const how = child.signalCode ?? `code ${child.exitCode}`;
      return `the process that holds the emulated network ended (${how})`;
    });
  }

  /** @throws EngineError 'channel' naming what it could not do, or that it said nothing in time */
  static async start(
    program: string,
    args: readonly string[],
    timeoutMs = startTimeoutMs,
  ): Promise<HelperProcess> {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
    });
    const lines: HelperLine[] = [];
    let complaint = '';
    child.stderr.on(
      'data',
      (data: Buffer) => (complaint = (complaint + data.toString()).slice(-500)),
    );
    child.stdin.on('error', () => {});
    const first = new Promise<HelperLine>((resolve) => {
      const timer = setTimeout(
        () => resolve({ error: `it said nothing for ${timeoutMs / 1000} s` }),
        timeoutMs,
      );
      const settle = (line: HelperLine): void => {
        clearTimeout(timer);
        resolve(line);
      };
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = parse(text);
        lines.push(line);
        settle(line);
      });
      child.once('error', (error) => settle({ error: error.message }));
      child.once('close', (code) =>
        settle({ error: complaint.trim() || `it ended with code ${code}` }),
      );
    });
    const ready = await first;
    if (ready['error'] === undefined) return new HelperProcess(child, lines, ready);
    child.kill('SIGKILL');
    const { error } = ready;
    const why = typeof error === 'string' ? error : JSON.stringify(error);
    throw new EngineError('channel', `the kernel backend cannot make its network: ${why}`);
  }

  /** Its last line, once it is gone; it is killed when it does not go by itself. */
  async stop(): Promise<HelperLine> {
    this.#stopping = true;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs);
    await this.#gone;
    clearTimeout(timer);
    return this.#lines.length > 1 ? (this.#lines.at(-1) ?? {}) : {};
  }
}
