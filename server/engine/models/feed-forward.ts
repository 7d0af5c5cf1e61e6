/**
 * The position-wise feed-forward part: widen, activate, narrow. Where a plan removes the activation, widening
 * and narrowing are one matrix [hidden, hidden], which the owner multiplies out before sharing (MPCViT+,
 * Zeng et al. 2023): a quarter of the products where ffn = 2 hidden, and an eighth at 4 hidden.
 */
import type { ElementFunction } from '../approximations/function.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Checkpoint } from './checkpoint.ts';
import { functionsAt, type Functions } from './functions.ts';
import { linear, type Linear } from './linear.ts';

export interface TwoLayers {
  /** [hidden, ffn] */
  readonly intermediate: Linear;
  /** [ffn, hidden] */
  readonly output: Linear;
}

export type FeedForward = TwoLayers | { /** [hidden, hidden] */ readonly fused: Linear };

/** Names of the two layers, and whether they are stored [out, in] or, as GPT-2's, [in, out]. */
interface Stored {
  readonly intermediate: string;
  readonly output: string;
  readonly layout: 'outputMajor' | 'inputMajor';
}

/** Of layer `index`: one matrix where the plan removes its activation. */
export async function feedForwardWeights(
  from: Checkpoint,
  { intermediate, output, layout }: Stored,
  { hidden, ffn }: { readonly hidden: number; readonly ffn: number },
  fns: Functions | null,
  index: number,
): Promise<FeedForward> {
  const outputMajor = layout === 'outputMajor';
  if (fns !== null && functionsAt(fns, index).gelu.id === 'removed') {
    const sizes = { inputs: hidden, inner: ffn, outputs: hidden };
    return { fused: await from.fused(intermediate, output, sizes, outputMajor) };
  }
  const layer = (name: string, inputs: number, outputs: number): Promise<Linear> =>
    outputMajor ? from.dense([name], inputs, outputs) : from.inputMajor(name, inputs, outputs);
  return {
    intermediate: await layer(intermediate, hidden, ffn),
    output: await layer(output, ffn, hidden),
  };
}

/** x [..., hidden] to the same shape. */
export async function feedForward(
  mpc: Protocol,
  x: AShare,
  w: FeedForward,
  gelu: ElementFunction<string>,
): Promise<AShare> {
  if ('fused' in w) return linear(mpc.at('fused'), x, w.fused);
  const wide = await linear(mpc.at('intermediate'), x, w.intermediate);
  const active = await gelu.evaluate(mpc.at('gelu'), wide);
  return linear(mpc.at('output'), active, w.output);
}
