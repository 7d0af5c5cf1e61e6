/**
 * What the owner of a run holds whose model is true in its shape only: seeded weights, made as they are
 * read, and seeded inputs. The seed is the model's name, so that equal specs compute equal things; the
 * parties still get them as shares, since what is timed is the protocol.
 */
import { randomBatch } from '../zoo/random-inputs.ts';
import { randomWeights } from '../zoo/random-weights.ts';
import type { ShapeModel } from '../zoo/shape-models.ts';
import type { OwnerInputs } from './coordinator.ts';
import type { OwnerTask } from './messages.ts';
import { batchSizesOf } from './plan-of-spec.ts';

/** Stands where a message has room for a label and there is none; nothing reads it. */
const noLabel = -1;

export async function randomOwnerInputs(
  { plan, dataset, batchSize }: OwnerTask,
  { id, config }: ShapeModel,
): Promise<OwnerInputs> {
  let first = 0;
  const batches = batchSizesOf(dataset.samples, batchSize).map((size) => {
    const batch = randomBatch(config, plan.length, first, size, id);
    first += size;
    return batch;
  });
  return {
    labels: [],
    weights: plan.weights === 'uniform' ? new Map() : await randomWeights(config, id, plan.length),
    samples: Array.from({ length: dataset.samples }, (_, at) => ({
      id: `random-${at}`,
      text: '',
      label: noLabel,
    })),
    batches,
    plaintext: null,
  };
}
