/**
 * From what the parties report (each up to ten times a second) to the events of a run: at most four a
 * second, with the share of the work done and the time left. Work = payload bytes sent, compared with
 * what was computed from shapes before the run; so the share is exact at every round.
 */
import type { RunEvent } from '../api/schemas/run-view.ts';
import type { EventBody } from './events.ts';
import type { ActiveState } from './active-states.ts';
import type { Progress } from './messages.ts';
import type { MeasuredRole } from './roles.ts';

const everyMs = 250;
/** Shares of the whole that lie before and after the secure run. */
const runningFrom = 0.06;
const runningTo = 0.9;
/** Too early for an estimate below this share of the secure run. */
const leastForEta = 0.02;

export class ProgressReporter {
  readonly #append: (body: EventBody) => Promise<unknown>;
  readonly #totalBytes: number;
  readonly #inferences: number;
  readonly #roles = new Map<MeasuredRole, Progress>();
  #state: ActiveState = 'preparing';
  #scoring = 0;
  #runningSinceMs = 0;
  #sentAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #pending: Promise<unknown> = Promise.resolve();

  /**
   * @param totalBytes predicted payload bytes of the whole run, parties and dealer together
   * @param append writes one event; its failure is the caller's to log, progress goes on
   */
  constructor(
    totalBytes: number,
    inferences: number,
    append: (body: EventBody) => Promise<unknown>,
  ) {
    this.#totalBytes = totalBytes;
    this.#inferences = inferences;
    this.#append = append;
  }

  stage(state: ActiveState): void {
    this.#state = state;
    if (state === 'running') this.#runningSinceMs = performance.now();
  }

  role(role: MeasuredRole, progress: Progress): void {
    this.#roles.set(role, progress);
    this.#schedule();
  }

  scoring(done: number, of: number): void {
    this.#scoring = of === 0 ? 0 : done / of;
    this.#schedule();
  }

  /** Waits until what was scheduled is written; nothing is written afterwards. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#pending;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#sentAtMs + everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sentAtMs = performance.now();
      this.#pending = this.#pending.then(() => this.#append(this.#body()));
    }, wait);
  }

  /** Share of the secure run that is done, 0..1. */
  #doneShare(): number {
    const sent = [...this.#roles.values()].reduce((sum, { bytesSent }) => sum + bytesSent, 0);
    return this.#totalBytes === 0 ? 0 : Math.min(1, sent / this.#totalBytes);
  }

  #body(): EventBody {
    const share = this.#doneShare();
    const elapsedMs = performance.now() - this.#runningSinceMs;
    const scoring = this.#state === 'scoring';
    const current = Math.max(-1, ...[...this.#roles.values()].map(({ inference }) => inference));
    const parties: RunEvent['parties'][number][] = [];
    let dealer: RunEvent['dealer'] = null;
    for (const [role, { path, bytesSent, rounds, rssBytes }] of this.#roles) {
      if (role === 'dealer') dealer = { bytesSent, rssBytes };
      else parties.push({ party: role, path, bytesSent, rounds, rssBytes });
    }
    parties.sort((a, b) => a.party - b.party);
    return {
      kind: 'progress',
      state: this.#state,
      fraction: scoring
        ? runningTo + (1 - runningTo) * this.#scoring
        : runningFrom + (runningTo - runningFrom) * share,
      etaMs: !scoring && share >= leastForEta ? (elapsedMs * (1 - share)) / share : null,
      message: current < 0 && !scoring ? 'Sharing the weights' : null,
      inference: current < 0 ? null : { index: current, of: this.#inferences },
      parties,
      dealer,
    };
  }
}
