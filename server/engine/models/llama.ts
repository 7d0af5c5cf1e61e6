/**
 * LLaMA decoder with its language-model head (Touvron et al. 2023; tensor names of Hugging Face's
 * LlamaForCausalLM). RMSNorm before each part, rotary positions, causal attention, a feed-forward
 * part gated by SiLU, no biases; several heads of queries may share one of keys and values.
 *
 * Secret: weights and wordpiece ids. Public: the shapes in `LlamaConfig`, the plan, and that every
 * position is real. No cache of keys and values, as PUMA runs it.
 */
import { mulFixed } from '../approximations/fixed.ts';
import { rmsNorm } from '../approximations/rmsnorm.ts';
import type { OutputId } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { attention, type Attention } from './attention.ts';
import { decoder } from './adapters.ts';
import { causal } from './causal.ts';
import { Checkpoint } from './checkpoint.ts';
import type { LlamaConfig } from './config.ts';
import { secureLookup } from './embedding.ts';
import { functionsAt, type Functions } from './functions.ts';
import { nextToken } from './language-model.ts';
import { linear, type Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';
import { rotary } from './rotary.ts';

interface LlamaLayer {
  /** Gammas, [hidden] each. */
  readonly attentionNorm: AShare;
  readonly attention: Attention;
  readonly feedForwardNorm: AShare;
  /** Gate and up projection side by side: [hidden, 2 ffn]. */
  readonly gateUp: Linear;
  readonly down: Linear;
}

interface LlamaWeights {
  readonly words: AShare;
  readonly layers: readonly LlamaLayer[];
  readonly finalNorm: AShare;
  readonly head: Linear;
}

async function llamaWeights(config: LlamaConfig, read: ReadWeight): Promise<LlamaWeights> {
  const from = new Checkpoint(read);
  const { hidden, ffn, vocabularySize } = config;
  const groups = config.keyValueHeads;
  const shared = (hidden / config.heads) * (groups ?? config.heads);
  const gamma = (name: string) => from.plain(`${name}.weight`, [hidden]);
  const words = await from.plain('model.embed_tokens.weight', [vocabularySize, hidden]);
  const layers: LlamaLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `model.layers.${index}`;
    const self = `${layer}.self_attn`;
    const mlp = `${layer}.mlp`;
    layers.push({
      attentionNorm: await gamma(`${layer}.input_layernorm`),
      attention: {
        queryKeyValue:
          groups === undefined
            ? await from.bare(
                [`${self}.q_proj`, `${self}.k_proj`, `${self}.v_proj`],
                hidden,
                3 * hidden,
              )
            : {
                query: await from.bare([`${self}.q_proj`], hidden, hidden),
                keyValue: await from.bare([`${self}.k_proj`, `${self}.v_proj`], hidden, 2 * shared),
                keyValueHeads: groups,
              },
        output: await from.bare([`${self}.o_proj`], hidden, hidden),
      },
      feedForwardNorm: await gamma(`${layer}.post_attention_layernorm`),
      gateUp: await from.bare([`${mlp}.gate_proj`, `${mlp}.up_proj`], hidden, 2 * ffn),
      down: await from.bare([`${mlp}.down_proj`], ffn, hidden),
    });
  }
  return {
    words,
    layers,
    finalNorm: await gamma('model.norm'),
    head: await from.bare(['lm_head'], hidden, vocabularySize),
  };
}

/** A language model. */
export function llamaModel(
  config: LlamaConfig,
  length: number,
  fns: Functions,
  output: OutputId,
): Model {
  return decoder(config, length, output, async (read) => {
    const weights = await llamaWeights(config, read);
    return (mpc, ids) => llama(mpc, config, weights, fns, ids, output);
  });
}

async function llama(
  mpc: Protocol,
  config: LlamaConfig,
  w: LlamaWeights,
  fns: Functions,
  ids: AShare,
  output: OutputId,
): Promise<AShare> {
  const [batch = 0, length = 0] = ids.shape;
  const flat = mpc.view(ids, { reshape: [batch * length] });
  const words = await secureLookup(mpc.at('embedding').at('words'), flat, w.words);
  let x = mpc.view(words, { reshape: [batch, length, config.hidden] });
  for (const [index, layer] of w.layers.entries()) {
    x = await block(mpc.at(`layer${index}`), config, layer, functionsAt(fns, index), x);
  }
  const head = mpc.at('head');
  const y = await rmsNorm(head.at('norm'), x, w.finalNorm, config.rmsNormEpsilon);
  return nextToken(head, y, w.head, output, 'last');
}

async function block(
  mpc: Protocol,
  { heads, rmsNormEpsilon, rotaryBase }: LlamaConfig,
  w: LlamaLayer,
  fns: Functions,
  x: AShare,
): Promise<AShare> {
  const read = await rmsNorm(mpc.at('attentionNorm'), x, w.attentionNorm, rmsNormEpsilon);
  const attended = await attention(
    mpc.at('attention'),
    read,
    w.attention,
    heads,
    causal(fns.softmax),
    (at, queriesAndKeys) => rotary(at, queriesAndKeys, rotaryBase),
  );
  const y = mpc.add(x, attended);
  const wide = await rmsNorm(mpc.at('outputNorm'), y, w.feedForwardNorm, rmsNormEpsilon);
  return mpc.add(y, await gatedFeedForward(mpc, wide, w, fns));
}

/** (silu(x Gate) * x Up) Down. */
async function gatedFeedForward(
  mpc: Protocol,
  x: AShare,
  w: LlamaLayer,
  fns: Functions,
): Promise<AShare> {
  const both = await linear(mpc.at('gateUp'), x, w.gateUp);
  const ffn = (both.shape[2] ?? 0) / 2;
  const part = (start: number) => mpc.view(both, { slice: { axis: 2, start, end: start + ffn } });
  const gate = await fns.silu.evaluate(mpc.at('silu'), part(0));
  const gated = await mulFixed(mpc.at('gate'), gate, part(ffn));
  return linear(mpc.at('down'), gated, w.down);
}
