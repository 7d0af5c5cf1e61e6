/**
 * The plan's functions in the open twice over: in the run's fixed point and in float64. Beside the logits
 * of both it tells how far the two lie apart, place by place.
 */
import { EngineError } from './errors.ts';
import { decodeTensor } from './fixed-point.ts';
import { lengthsOf } from './models/lengths.ts';
import { modelOf } from './models/registry.ts';
import { encodeBatch, encodeWeight } from './owner-encoding.ts';
import { doublesOf, floatTensor, twinProtocol, type PlaceError } from './protocols/registry.ts';
import type { Tensor } from './ring/tensor.ts';
import type { ClearArguments } from './run-clear.ts';
import { readWeight } from './weights.ts';

export interface TwinLogits {
  /** What `executeClear` gives. */
  readonly fixed: Float64Array;
  /** The same functions without rounding. */
  readonly float: Float64Array;
}

export interface TwinArguments extends Omit<ClearArguments, 'onLogits'> {
  /** Awaited after each inference; ends the work by throwing. */
  readonly onLogits?: (inference: number, logits: TwinLogits) => void | Promise<void>;
}

/** Errors over all inferences, in order of first appearance. @throws EngineError 'plan' */
export async function executeTwin(args: TwinArguments): Promise<readonly PlaceError[]> {
  const { plan, kernels, weights, batches } = args;
  const { ring } = plan;
  const lengthAt = lengthsOf(plan, batches.length, args.lengths);
  const queues: { readonly fixed: Tensor[]; readonly float: Tensor[] } = { fixed: [], float: [] };
  const next = (queue: Tensor[]): Tensor => {
    const tensor = queue.shift();
    if (tensor === undefined) throw new EngineError('protocol', 'twin: no input is left');
    return tensor;
  };
  let fixed: Float64Array | undefined;
  let float: Float64Array | undefined;
  const { mpc, record } = twinProtocol(
    kernels,
    ring,
    {
      nextInput: () => next(queues.fixed),
      revealed: (x) => (fixed = decodeTensor(kernels, ring, x)),
    },
    {
      nextInput: () => next(queues.float),
      revealed: (x) => (float = doublesOf(x).map((value) => value / 2 ** ring.fractionBits)),
    },
  );
  const model = modelOf(plan);
  const infer = await model.load((recipe) => {
    queues.fixed.push(encodeWeight(kernels, ring, weights, recipe));
    const values = readWeight(weights, recipe);
    queues.float.push(floatTensor(values, recipe.shape, ring.fractionBits));
    return mpc.weight(recipe.shape);
  });
  for (const [index, batch] of batches.entries()) {
    const length = lengthAt(index);
    queues.fixed.push(...encodeBatch(kernels, ring, model, batch, length));
    const values = model.encode(batch);
    for (const [at, { shape, scale }] of model.inputs(batch.size, length).entries()) {
      const fractionBits = scale === 'integer' ? 0 : ring.fractionBits;
      queues.float.push(floatTensor(values[at] ?? [], shape, fractionBits));
    }
    const inputs = [];
    for (const { shape } of model.inputs(batch.size, length)) inputs.push(await mpc.input(shape));
    await mpc.revealToOwner(await infer(mpc, inputs), 'twin run');
    if (fixed === undefined || float === undefined) {
      throw new EngineError('protocol', 'twin: nothing was revealed');
    }
    await args.onLogits?.(index, { fixed, float });
  }
  return record.read();
}
