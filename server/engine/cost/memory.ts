/**
 * Peak memory of a party before a run, from shapes alone:
 *
 *   process + weights + working set of the largest operation + what is not yet collected
 *
 * The first and the last are measured constants of Node 24 (benchmarks/memory/run.ts), the others follow
 * from the plan: weights are held as shares for the whole session, and an operation holds its operands,
 * its result, and what it draws, sends and receives on the way, some words per element. Buffers of
 * finished steps are freed while a party waits (server/runs/collect-while-waiting.ts), so little stands
 * uncollected: over runs of four inferences on a busy machine all parties came within 15 % or 100 MB.
 */
import type { Plan } from '../plan.ts';
import { modelOf } from '../models/registry.ts';
import type { InteractiveOp } from '../protocol.ts';
import { costModelOf, ownerSideOf } from '../protocols/registry.ts';
import type { CostQuery } from '../protocols/schedule.ts';
import { elementCount } from '../ring/tensor.ts';
import { walkInference } from './predict.ts';

export interface MemoryReport {
  /** Resident bytes of a party's process at its peak. */
  readonly peakBytes: number;
  /** Of which the process itself takes, with nothing living in it. */
  readonly processBytes: number;
  /** Shares of all weights. */
  readonly weightBytes: number;
  /**
   * Masks of weights that are masked once for the session; 0 elsewhere. A party keeps as many opened
   * differences beside them, the dealer only the masks.
   */
  readonly maskBytes: number;
  /** What the largest operation holds beside the weights. */
  readonly workingBytes: number;
  readonly largest: { readonly path: string; readonly op: InteractiveOp };
}

/** Node with the kernels loaded and the channels open, before any share. */
const processBytes = 102e6;
/** Of finished steps, when the process is largest: a constant, and a part of what lives. */
const uncollectedBytes = 160e6;
const uncollectedPart = 0.08;

/**
 * Words of a replicated share's element that an operation holds at once: two components of each
 * operand and of the result, a mask and a message each way where there is one.
 */
const wordsHeld: Readonly<Record<InteractiveOp, number>> = {
  input: 4,
  weight: 4,
  reveal: 4,
  // x, y, result: 6; zero share and its twin: 2; sent and received: 2.
  mul: 10,
  square: 8,
  matmul: 6,
  // x, result: 4; mask, opening, correlation: 5.
  truncate: 9,
  mulTruncate: 12,
  // x, result: 4; of five squarings masks, products and dealt parts.
  squareTimes: 60,
  matmulTruncate: 9,
  and: 10,
  // x: 2; both sums: 4; generate and propagate with their shifts: 8; masks and messages: 6.
  a2b: 20,
  b2aWord: 20,
  b2aBit: 9,
  // As a2b, the tree halving after its first level.
  msb: 16,
  // Of one answer: lanes of groups, products and masks of gates; the operand and its products.
  below: 10,
  // Two comparisons.
  isZero: 32,
  bitMul: 14,
  // x, result: 4; dealt parts: 30; powers, both polynomials and what is opened: 40.
  pieces: 74,
  // x, result: 4; dealt parts: 15; lanes of two comparisons: 6; powers and what they are chosen from: 20.
  exponential: 45,
  // Result, what is dealt and what of it is drawn, up to twice as long.
  oneHot: 10,
};

/** Largest over one inference of `batchSize` samples. */
export async function predictMemory(plan: Plan, batchSize: number): Promise<MemoryReport> {
  const { bits } = plan.ring;
  const word = bits / 8;
  const { components } = ownerSideOf(plan.variant);
  const costs = costModelOf(plan, bits);
  let weightBytes = 0;
  let maskBytes = 0;
  let workingBytes = 0;
  let largest: MemoryReport['largest'] = { path: '', op: 'weight' };
  await walkInference(
    plan,
    batchSize,
    costs,
    ({ path, query }) => {
      const held = heldBytes(query, word, components, plan);
      if (held <= workingBytes) return;
      workingBytes = held;
      largest = { path, op: query.op };
    },
    ({ query }) => {
      if (plan.weights === 'uniform') return;
      weightBytes += query.elements * word * components;
      if (costs.correlations(query).length > 0) maskBytes += query.elements * word;
    },
  );
  if (plan.weights === 'uniform') weightBytes = (await keptElements(plan)) * word * components;
  const living = weightBytes + 2 * maskBytes + workingBytes;
  return {
    peakBytes: processBytes + uncollectedBytes + (1 + uncollectedPart) * living,
    processBytes: processBytes + uncollectedBytes,
    weightBytes,
    maskBytes,
    workingBytes,
    largest,
  };
}

/** Of uniform weights: vectors are held, matrices are drawn tile by tile. */
async function keptElements(plan: Plan): Promise<number> {
  let kept = 0;
  await modelOf(plan).load(async ({ shape }) => {
    if (shape.length !== 2) kept += elementCount(shape);
    return { domain: 'arithmetic', shape };
  });
  return kept;
}

/** Additive shares have one component where replicated ones have two, and hold half as much. */
function heldBytes(
  { op, elements, product, weight }: CostQuery,
  word: number,
  components: number,
  plan: Plan,
): number {
  const perElement = (wordsHeld[op] * word * components) / 2;
  if (product === undefined) return elements * perElement;
  const { batch, yBatch, m, k, n } = product;
  // The left operand, and one more copy of the right: the sum of its components, or its opening.
  const drawn = plan.weights === 'uniform' && weight !== null && weight !== undefined;
  const right = drawn ? 0 : yBatch * k * n;
  const operands = batch * m * k * components + right;
  return elements * perElement + operands * word;
}
