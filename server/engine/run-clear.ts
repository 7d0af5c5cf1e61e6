/** The plan's functions and fixed point in the open: the yardstick of a secure run. */
import { EngineError } from './errors.ts';
import { decodeTensor } from './fixed-point.ts';
import { lengthsOf } from './models/lengths.ts';
import { modelOf } from './models/registry.ts';
import { encodeBatch, encodeWeight } from './owner-encoding.ts';
import type { Batch, Plan, Weights } from './plan.ts';
import { clearProtocol } from './protocols/registry.ts';
import type { Kernels } from './ring/kernels.ts';
import type { Tensor } from './ring/tensor.ts';

export interface ClearArguments {
  readonly plan: Plan;
  readonly kernels: Kernels;
  readonly weights: Weights;
  readonly batches: readonly Batch[];
  /** Public length of each inference, in order, where they differ; absent: the plan's. */
  readonly lengths?: readonly number[] | undefined;
  /** Awaited after each inference, so that a long run can breathe or be stopped by throwing. */
  readonly onLogits?: (inference: number, logits: Float64Array) => void | Promise<void>;
}

/** Logits per inference, row-major in the model's output shape. */
export async function executeClear(args: ClearArguments): Promise<Float64Array[]> {
  const { plan, kernels, batches } = args;
  const lengthAt = lengthsOf(plan, batches.length, args.lengths);
  const queue: Tensor[] = [];
  const results: Float64Array[] = [];
  const mpc = clearProtocol(kernels, plan.ring, {
    nextInput: () => {
      const next = queue.shift();
      if (next === undefined) throw new EngineError('protocol', 'clear: no input is left');
      return next;
    },
    revealed: (x) => results.push(decodeTensor(kernels, plan.ring, x)),
  });
  const model = modelOf(plan);
  const infer = await model.load((recipe) => {
    queue.push(encodeWeight(kernels, plan.ring, args.weights, recipe));
    return mpc.weight(recipe.shape);
  });
  for (const [index, batch] of batches.entries()) {
    const length = lengthAt(index);
    queue.push(...encodeBatch(kernels, plan.ring, model, batch, length));
    const inputs = [];
    for (const { shape } of model.inputs(batch.size, length)) inputs.push(await mpc.input(shape));
    await mpc.revealToOwner(await infer(mpc, inputs), 'clear run');
    const revealed = results[index];
    if (revealed !== undefined) await args.onLogits?.(index, revealed);
  }
  return results;
}
