/** Runs single operations with all their roles in this process, over channels in memory. */
import {
  operationTable,
  tableOperations,
  type MeasuredOperation,
  type OperationTableRow,
} from '../engine/cost/operation-table.ts';
import { measureProgram } from '../engine/cost/measure-program.ts';
import { resolveOperation, type OperationRequest } from '../engine/cost/operation-cost.ts';
import { encodeTensor } from '../engine/fixed-point.ts';
import type { Ring } from '../engine/plan.ts';
import type { Kernels } from '../engine/ring/kernels.ts';
import { elementCount, type Shape, type Tensor } from '../engine/ring/tensor.ts';
import { memoryChannels } from '../network/memory-channel.ts';

/**
 * Really runs one operation. What it costs does not depend on the values, so they are small ones.
 * @throws EngineError as `resolveOperation` and as the roles do
 */
export async function measureOperation(
  kernels: Kernels,
  request: OperationRequest,
): Promise<MeasuredOperation> {
  const { variant, ring, correlations, turn, inputs, weights, run, described } =
    resolveOperation(request);
  const cost = await measureProgram({
    variant,
    ring,
    correlations,
    turn,
    weights,
    run,
    kernels,
    inputs: inputs.map((shape) => smallValues(kernels, ring, shape)),
    channels: (peers) => memoryChannels(peers),
  });
  return {
    variant,
    op: described.op,
    form: described.form,
    shape: described.shape,
    ring: ring.bits,
    fractionBits: ring.fractionBits,
    correlations,
    ...cost,
  };
}

/** -1.25 to 1.25 in quarters, in turn. */
function smallValues(kernels: Kernels, ring: Ring, shape: Shape): Tensor {
  const values = Float64Array.from({ length: elementCount(shape) }, (_, i) => ((i % 11) - 5) / 4);
  return encodeTensor(kernels, ring, values, shape);
}

/** The whole table of operations with every cost measured now, and those costs by themselves. */
export async function measureTable(kernels: Kernels): Promise<{
  readonly rows: readonly OperationTableRow[];
  readonly measured: readonly MeasuredOperation[];
}> {
  const measured: MeasuredOperation[] = [];
  for (const { variant, op, form, shapes } of tableOperations()) {
    measured.push(await measureOperation(kernels, { variant, op, form, shapes }));
  }
  return { rows: await operationTable(measured), measured };
}
