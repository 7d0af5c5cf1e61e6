/**
 * The position-wise feed-forward part: widen, activate, narrow. Where a plan removes the activation, widening
 * and narrowing are one matrix [hidden, hidden], which the owner multiplies out before sharing (MPCViT+,
 * Zeng et al. 2023): a quarter of the products where ffn = 2 hidden, and an eighth at 4 hidden. A plan may
 * also remove it at some positions only: then both are there, and each position takes its own way.
 */
import type { ElementFunction } from '../approximations/function.ts';
import type { AShare, Protocol } from '../protocol.ts';
import type { Checkpoint } from './checkpoint.ts';
import { functionsAt, type Functions } from './functions.ts';
import { linear, type Linear } from './linear.ts';
import { takeTokens } from './token.ts';

export interface TwoLayers {
  /** [hidden, ffn] */
  readonly intermediate: Linear;
  /** [ffn, hidden] */
  readonly output: Linear;
}

/** Positions that keep the activation, and the one matrix of the others. */
export interface ByToken extends TwoLayers {
  readonly kept: readonly number[];
  /** [hidden, hidden] */
  readonly others: Linear;
}

export type FeedForward = TwoLayers | ByToken | { /** [hidden, hidden] */ readonly fused: Linear };

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
  const own = fns === null ? null : functionsAt(fns, index);
  const sizes = { inputs: hidden, inner: ffn, outputs: hidden };
  const fused = (): Promise<Linear> => from.fused(intermediate, output, sizes, outputMajor);
  if (own?.gelu.id === 'removed') return { fused: await fused() };
  const layer = (name: string, inputs: number, outputs: number): Promise<Linear> =>
    outputMajor ? from.dense([name], inputs, outputs) : from.inputMajor(name, inputs, outputs);
  const both = {
    intermediate: await layer(intermediate, hidden, ffn),
    output: await layer(output, ffn, hidden),
  };
  const kept = own?.geluTokens;
  return kept === undefined ? both : { ...both, kept, others: await fused() };
}

/** x [..., hidden] to the same shape; by token [batch, tokens, hidden]. */
export async function feedForward(
  mpc: Protocol,
  x: AShare,
  w: FeedForward,
  gelu: ElementFunction<string>,
): Promise<AShare> {
  if ('fused' in w) return linear(mpc.at('fused'), x, w.fused);
  if ('kept' in w) return byToken(mpc, x, w, gelu);
  return activated(mpc, x, w, gelu);
}

async function activated(
  mpc: Protocol,
  x: AShare,
  w: TwoLayers,
  gelu: ElementFunction<string>,
): Promise<AShare> {
  const wide = await linear(mpc.at('intermediate'), x, w.intermediate);
  const active = await gelu.evaluate(mpc.at('gelu'), wide);
  return linear(mpc.at('output'), active, w.output);
}

/** Both ways at once, then every position back in its place. */
async function byToken(
  mpc: Protocol,
  x: AShare,
  w: ByToken,
  gelu: ElementFunction<string>,
): Promise<AShare> {
  const keeps = new Set(w.kept);
  const tokens = Array.from({ length: x.shape[1] ?? 0 }, (_, token) => token);
  const others = tokens.filter((token) => !keeps.has(token));
  const [active, plain] = await mpc.together([
    (branch) => activated(branch, takeTokens(branch, x, w.kept), w, gelu),
    (branch) => linear(branch.at('fused'), takeTokens(branch, x, others), w.others),
  ]);
  const places = new Map([...w.kept, ...others].map((token, place) => [token, place]));
  const back = tokens.map((token) => places.get(token) ?? 0);
  return takeTokens(mpc, mpc.concat([active, plain], 1), back);
}
