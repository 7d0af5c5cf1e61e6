/** What the commands share that fetch and check files: progress on stderr, Ctrl-C, and how they end. */
import { ZooError } from '../zoo/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { formatBytes } from './format.ts';
import { bar, type Screen } from './progress-bar.ts';

/** One line that is rewritten on a terminal; elsewhere a line for every file. */
export class FetchLines {
  readonly #screen: Screen;
  #last = '';
  #tenth = -1;

  constructor(screen: Screen = process.stderr) {
    this.#screen = screen;
  }

  show(what: string, doneBytes: number, ofBytes: number): void {
    const fraction = ofBytes === 0 ? 1 : doneBytes / ofBytes;
    if (this.#screen.isTTY === true) {
      const line = `  ${bar(fraction)} ${formatBytes(doneBytes)} of ${formatBytes(ofBytes)}, ${what}`;
      this.#screen.write(`\r\u001B[K${line.slice(0, (this.#screen.columns ?? 80) - 1)}`);
      return;
    }
    const tenth = Math.floor(10 * fraction);
    if (what === this.#last && tenth <= this.#tenth) return;
    [this.#last, this.#tenth] = [what, tenth];
    this.#screen.write(`  ${formatBytes(doneBytes)} of ${formatBytes(ofBytes)}, ${what}\n`);
  }

  end(): void {
    if (this.#screen.isTTY === true) this.#screen.write('\r\u001B[K');
  }
}

/**
 * Runs `work` until it ends or Ctrl-C; a refusal is a sentence on stderr.
 * @returns the exit code
 */
export async function untilDone(
  work: (signal: AbortSignal, lines: FetchLines) => Promise<void>,
): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Error('cancelled'));
  process.once('SIGINT', onInterrupt);
  const lines = new FetchLines();
  try {
    await work(stop.signal, lines);
    lines.end();
    return exitCodes.ok;
  } catch (error) {
    lines.end();
    if (stop.signal.aborted) {
      console.error('Cancelled. What was fetched stays: the same command goes on from there.');
      return exitCodes.interrupted;
    }
    if (!(error instanceof ZooError)) throw error;
    console.error(error.message);
    return exitCodes.failed;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
