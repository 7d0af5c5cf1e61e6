/**
 * Store of corrections: what the dealer sent to party 0 in the offline phase, waiting to be used once.
 *
 * A record belongs to one branch (its route) and is taken in the order in which it was dealt. Taking
 * removes it first; there is no way to take it again.
 */
import { EngineError } from '../errors.ts';

export interface CorrectionStore {
  /** Appends one record of the correlation with this tag; `bytes` is not changed afterwards. */
  put(route: number, bytes: Uint8Array, tag: number): void;
  /**
   * The route's oldest record. Throws `EngineError('protocol')` when there is none left, or when it
   * is of another correlation: dealer and party do not run the same plan then.
   */
  take(route: number, length: number, tag: number): Uint8Array;
  /** Records that were put and not taken. */
  readonly left: number;
}

/** What a store needs to keep records: memory in tests, a file of the party's own in runs. */
export interface RecordKeeper<Handle> {
  keep(bytes: Uint8Array): Handle;
  fetch(handle: Handle): Uint8Array;
}

interface QueuedRecord<Handle> {
  readonly handle: Handle;
  readonly length: number;
  readonly tag: number;
}

export class QueuedCorrections<Handle> implements CorrectionStore {
  readonly #keeper: RecordKeeper<Handle>;
  readonly #queues = new Map<number, QueuedRecord<Handle>[]>();
  #left = 0;

  constructor(keeper: RecordKeeper<Handle>) {
    this.#keeper = keeper;
  }

  get left(): number {
    return this.#left;
  }

  put(route: number, bytes: Uint8Array, tag: number): void {
    this.add(route, { handle: this.#keeper.keep(bytes), length: bytes.length, tag });
  }

  /** A record that its keeper has already. */
  add(route: number, record: QueuedRecord<Handle>): void {
    const queue = this.#queues.get(route);
    if (queue === undefined) this.#queues.set(route, [record]);
    else queue.push(record);
    this.#left += 1;
  }

  take(route: number, length: number, tag: number): Uint8Array {
    const queue = this.#queues.get(route);
    const record = queue?.shift();
    if (record === undefined) {
      throw new EngineError(
        'protocol',
        'correlations: none is left here; each is used once, and a retry needs fresh ones',
      );
    }
    if (queue?.length === 0) this.#queues.delete(route);
    this.#left -= 1;
    if (record.length !== length || record.tag !== tag) {
      const what = record.length === length ? 'another correlation' : `${record.length} bytes`;
      throw new EngineError(
        'protocol',
        `correlations: the dealer made ${what} where this step uses ${length} bytes of its own; both must run the same plan`,
      );
    }
    return this.#keeper.fetch(record.handle);
  }
}

export function memoryCorrections(): CorrectionStore {
  return new QueuedCorrections<Uint8Array>({ keep: (bytes) => bytes, fetch: (bytes) => bytes });
}
