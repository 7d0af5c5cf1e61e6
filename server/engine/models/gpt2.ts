/**
 * GPT-2 decoder with its language-model head (Radford et al. 2019; tensor names of Hugging Face's
 * GPT2LMHeadModel). Blocks normalise before each part (pre-norm), learned positions, causal
 * attention, and a head that is the word table itself.
 *
 * Secret: weights and wordpiece ids. Public: the shapes in `Gpt2Config`, the plan, and that every
 * position is real: texts have their full length. No cache of keys and values: a next token is a new
 * inference over the whole text, as PUMA runs it.
 * The original's GeLU is the tanh form, which differs from the erf form by less than .0005.
 * The word table is shared in both of its layouts, so that none has to be rearranged at run time.
 */
import type { OutputId } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { decoder } from './adapters.ts';
import { causal } from './causal.ts';
import { Checkpoint } from './checkpoint.ts';
import type { Gpt2Config } from './config.ts';
import { secureLookup } from './embedding.ts';
import { feedForwardWeights } from './feed-forward.ts';
import { functionsAt, type Functions } from './functions.ts';
import { nextToken } from './language-model.ts';
import type { Linear } from './linear.ts';
import type { Model, ReadWeight } from './model.ts';
import { normed, type Norm } from './norm.ts';
import { preNormBlock, type PreNormLayer } from './pre-norm-block.ts';

interface Gpt2Weights {
  readonly words: AShare;
  readonly positions: AShare;
  readonly layers: readonly PreNormLayer[];
  readonly finalNorm: Norm;
  readonly head: Linear;
}

async function gpt2Weights(
  config: Gpt2Config,
  read: ReadWeight,
  fns: Functions,
): Promise<Gpt2Weights> {
  const from = new Checkpoint(read);
  const { hidden, vocabularySize } = config;
  const words = await from.plain('transformer.wte.weight', [vocabularySize, hidden]);
  const positions = await from.plain('transformer.wpe.weight', [config.maxPositions, hidden]);
  const layers: PreNormLayer[] = [];
  for (let index = 0; index < config.layers; index++) {
    const layer = `transformer.h.${index}`;
    layers.push({
      attentionNorm: await from.norm(`${layer}.ln_1`, hidden),
      attention: {
        queryKeyValue: await from.inputMajor(`${layer}.attn.c_attn`, hidden, 3 * hidden),
        output: await from.inputMajor(`${layer}.attn.c_proj`, hidden, hidden),
      },
      feedForwardNorm: await from.norm(`${layer}.ln_2`, hidden),
      feedForward: await feedForwardWeights(
        from,
        {
          intermediate: `${layer}.mlp.c_fc`,
          output: `${layer}.mlp.c_proj`,
          layout: 'inputMajor',
        },
        config,
        fns,
        index,
      ),
    });
  }
  return {
    words,
    positions,
    layers,
    finalNorm: await from.norm('transformer.ln_f', hidden),
    head: await from.bare(['transformer.wte'], hidden, vocabularySize),
  };
}

/** A language model. */
export function gpt2Model(
  config: Gpt2Config,
  length: number,
  fns: Functions,
  output: OutputId,
): Model {
  return decoder(config, length, output, async (read) => {
    const weights = await gpt2Weights(config, read, fns);
    return (mpc, ids) => gpt2(mpc, config, weights, fns, ids, output);
  });
}

async function gpt2(
  mpc: Protocol,
  config: Gpt2Config,
  w: Gpt2Weights,
  fns: Functions,
  ids: AShare,
  output: OutputId,
): Promise<AShare> {
  let x = await embed(mpc.at('embedding'), w, ids);
  for (const [index, layer] of w.layers.entries()) {
    const own = functionsAt(fns, index);
    x = await preNormBlock(mpc.at(`layer${index}`), config, layer, causal(own.softmax), own, x);
  }
  const head = mpc.at('head');
  const y = await normed(head.at('norm'), x, w.finalNorm, config.layerNormEpsilon, fns);
  return nextToken(head, y, w.head, output, 'allButLast');
}

async function embed(mpc: Protocol, w: Gpt2Weights, ids: AShare): Promise<AShare> {
  const [batch = 0, length = 0] = ids.shape;
  const flat = mpc.view(ids, { reshape: [batch * length] });
  const words = await secureLookup(mpc.at('words'), flat, w.words);
  const positions = mpc.view(w.positions, { slice: { axis: 0, start: 0, end: length } });
  return mpc.add(mpc.view(words, { reshape: [batch, length, words.shape[1] ?? 0] }), positions);
}
