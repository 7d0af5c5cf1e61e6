/**
 * A run's progress on stderr, so that what is printed on stdout can be piped. On a terminal one line
 * with a bar is rewritten; elsewhere a line at every tenth, so that a log stays short.
 */
import type { RunEvent } from '../api/schemas/run-view.ts';
import { formatMs } from './format.ts';

const barWidth = 24;

export function bar(fraction: number, width = barWidth): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class ProgressLines {
  readonly #screen: Screen;
  #lastState = '';
  #lastTenth = 0;

  constructor(screen: Screen = process.stderr) {
    this.#screen = screen;
  }

  show({ kind, state, fraction, etaMs, message, inference }: RunEvent): void {
    if (kind === 'progress') {
      if (fraction === null) return;
      const percent = `${String(Math.floor(100 * fraction)).padStart(3)} %`;
      const where =
        inference === null ? '' : `, inference ${inference.index + 1} of ${inference.of}`;
      const left = etaMs === null ? '' : `, ${formatMs(etaMs)} left`;
      if (this.#screen.isTTY === true) {
        const line = `  ${bar(fraction)} ${percent} ${state}${where}${left}`;
        this.#screen.write(`\r\u001B[K${line.slice(0, (this.#screen.columns ?? 80) - 1)}`);
        return;
      }
      const tenth = Math.floor(10 * fraction);
      if (tenth <= this.#lastTenth) return;
      this.#lastTenth = tenth;
      this.#screen.write(`  ${percent} ${state}${where}${left}\n`);
      return;
    }
    if (this.#screen.isTTY === true) this.#screen.write('\r\u001B[K');
    if (kind === 'state' && state !== this.#lastState) this.#screen.write(`  ${state}\n`);
    if (message !== null) this.#screen.write(`  ${message}\n`);
    this.#lastState = state;
  }
}
