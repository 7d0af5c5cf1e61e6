/** Labelled rows, the batches of an epoch, and what makes rows unfit to learn from. */
import { TrainingError } from './errors.ts';
import { randomStream, shuffledOrder } from './random.ts';

/** Token rows: ids [rows, length] (0 = padding) and one label each. */
export interface TokenRows {
  readonly ids: Uint16Array;
  readonly labels: Uint8Array;
  readonly length: number;
}

/** @throws TrainingError 'data' for no rows, fewer than a batch, or one class only */
export function requireLearnable(labels: Uint8Array, batch: number, name: string): void {
  if (labels.length < batch) {
    throw new TrainingError(
      'data',
      `${name} has ${labels.length} rows, a batch needs ${batch}; give more rows or a smaller batch.`,
    );
  }
  if (new Set(labels).size < 2) {
    throw new TrainingError(
      'data',
      `${name}: all ${labels.length} rows have label ${labels[0]}; a classifier needs two classes.`,
    );
  }
}

/** Steps of an epoch: whole batches only; the rest of the rows has its turn in another order. */
export const stepsPerEpoch = (rows: number, batch: number): number => Math.floor(rows / batch);

/**
 * The rows of each step, in an order that depends on seed, stage and epoch only.
 * Keeps one epoch's order at a time.
 */
export function batchSource(
  rows: number,
  batch: number,
  seed: number,
  stage: string,
): (step: number) => Uint32Array {
  const perEpoch = stepsPerEpoch(rows, batch);
  let orderedEpoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== orderedEpoch) {
      order = shuffledOrder(rows, randomStream(seed, stage, 'epoch', epoch));
      orderedEpoch = epoch;
    }
    const start = (step % perEpoch) * batch;
    return order.subarray(start, start + batch);
  };
}

/** The chosen rows as a graph's inputs `ids`, `keep` and `labels`. */
export function tokenFeeds(
  { ids, labels, length }: TokenRows,
  rows: ArrayLike<number>,
): { ids: BigInt64Array; keep: Float32Array; labels: BigInt64Array } {
  const count = rows.length;
  const feeds = {
    ids: new BigInt64Array(count * length),
    keep: new Float32Array(count * length),
    labels: new BigInt64Array(count),
  };
  for (let index = 0; index < count; index += 1) {
    const row = rows[index]!;
    feeds.labels[index] = BigInt(labels[row]!);
    for (let position = 0; position < length; position += 1) {
      const id = ids[row * length + position]!;
      feeds.ids[index * length + position] = BigInt(id);
      feeds.keep[index * length + position] = id === 0 ? 0 : 1;
    }
  }
  return feeds;
}
