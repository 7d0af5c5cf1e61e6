/** The worker's eye on the run it executes: heartbeat out, orders in. */
import type { Connection } from '../db/client.ts';
import { heartbeat, readOrder, type Claim, type Order } from './lifecycle.ts';

const orderEveryMs = 120;
const heartbeatEveryMs = 2000;

/** `stop`: the worker itself is to end. */
export type RunOrder = Order | 'stop';

/** Watches what others want of the run, keeps its heartbeat, and stops the work accordingly. */
export class RunWatch {
  readonly abort = new AbortController();
  order: RunOrder = 'continue';
  readonly #timer: NodeJS.Timeout;
  readonly #stop: AbortSignal;
  readonly #onStop = () => this.#obey('stop');

  constructor({ db }: Connection, claim: Claim, stop: AbortSignal) {
    this.#stop = stop;
    if (stop.aborted) this.#onStop();
    else stop.addEventListener('abort', this.#onStop, { once: true });
    let beatAtMs = 0;
    let busy = false;
    this.#timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const beat = performance.now() - beatAtMs >= heartbeatEveryMs;
      if (beat) beatAtMs = performance.now();
      (beat ? heartbeat(db, claim) : readOrder(db, claim))
        .then((order) => this.#obey(order))
        // The database may be restarting; the claim's heartbeat decides in the end.
        .catch((error: unknown) => console.error(`run ${claim.runId}: ${String(error)}`))
        .finally(() => (busy = false));
    }, orderEveryMs);
  }

  #obey(order: RunOrder): void {
    if (order === 'continue' || this.order !== 'continue') return;
    this.order = order;
    this.abort.abort();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#stop.removeEventListener('abort', this.#onStop);
  }
}
