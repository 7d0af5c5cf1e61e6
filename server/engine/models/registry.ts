/** Every architecture by name; a plan's model is opened here and nowhere else. */
import {
  geluFunctions,
  layerNormFunctions,
  siluFunctions,
  softmaxFunctions,
} from '../approximations/registry.ts';
import { EngineError } from '../errors.ts';
import type { LayerFunctions, Plan } from '../plan.ts';
import { bertModel } from './bert.ts';
import { imagePositions, type ModelConfig } from './config.ts';
import type { Functions } from './functions.ts';
import { gpt2Model } from './gpt2.ts';
import { llamaModel } from './llama.ts';
import type { Model } from './model.ts';
import { mpcformerBenchmarkModel } from './mpcformer-benchmark.ts';
import { robertaModel } from './roberta.ts';
import { vitModel } from './vit.ts';
import { vitLiteModel } from './vit-lite.ts';

/** Throws `EngineError('plan')` where length or output do not fit the architecture. */
export function modelOf(plan: Plan): Model {
  const { model, approximations, length } = plan;
  const { layers } = approximations;
  const all = functionsOf(approximations);
  const fns: Functions =
    layers === undefined
      ? all
      : { ...all, layers: layers.map((own) => layerFunctions(approximations, own)) };
  requireLength(model, length);
  requireLayers(model, layers?.length);
  requireTokens(plan);
  const output = plan.output ?? 'logits';
  switch (model.architecture) {
    case 'gpt2':
      return gpt2Model(model, length, fns, output);
    case 'llama':
      return llamaModel(model, length, fns, output);
  }
  if (output !== 'logits') {
    throw new EngineError(
      'plan',
      `output is ${output}, but only a language model reveals an index; use logits for ${model.architecture}`,
    );
  }
  switch (model.architecture) {
    case 'bert':
      return bertModel(model, length, fns);
    case 'roberta':
      return robertaModel(model, length, fns);
    case 'vit':
      return vitModel(model, fns);
    case 'vit-lite':
      return vitLiteModel(model, fns);
    case 'mpcformer-benchmark':
      return mpcformerBenchmarkModel(model, length, fns);
  }
}

const functionsOf = ({ gelu, softmax, silu, layerNorm }: Plan['approximations']): Functions => ({
  gelu: geluFunctions[gelu],
  softmax: softmaxFunctions[softmax],
  silu: siluFunctions[silu ?? 'puma'],
  layerNorm: layerNormFunctions[layerNorm ?? 'exact'],
});

function layerFunctions(all: Plan['approximations'], own: LayerFunctions): Functions {
  const { geluTokens } = own;
  const functions = functionsOf({ ...all, ...own });
  return geluTokens === undefined ? functions : { ...functions, geluTokens };
}

/** Which positions keep a GELU is public, so it can only be said of models whose positions are places. */
function requireTokens({ model, approximations: { layers = [] }, length }: Plan): void {
  for (const [index, { gelu, geluTokens }] of layers.entries()) {
    if (geluTokens === undefined) continue;
    const field = `approximations.layers[${index}].geluTokens`;
    if (model.architecture !== 'vit' && model.architecture !== 'vit-lite') {
      throw new EngineError(
        'plan',
        `${field}: positions of ${model.architecture} are words; remove it`,
      );
    }
    if (gelu === 'removed') {
      throw new EngineError(
        'plan',
        `${field}: the GELU of this layer is removed; remove one of both`,
      );
    }
    const fits = geluTokens.every(
      (token, at) =>
        Number.isInteger(token) &&
        token >= 0 &&
        token < length &&
        (at === 0 || token > (geluTokens[at - 1] ?? 0)),
    );
    if (fits && geluTokens.length > 0 && geluTokens.length < length) continue;
    const range = `1 to ${length - 1} positions, ascending, from 0 to ${length - 1}`;
    throw new EngineError('plan', `${field} is [${geluTokens.join(', ')}]; list ${range}`);
  }
}

function requireLayers(model: ModelConfig, listed: number | undefined): void {
  if (listed === undefined || listed === model.layers) return;
  throw new EngineError(
    'plan',
    `approximations.layers lists ${listed}, ${model.architecture} here has ${model.layers} layers`,
  );
}

function requireLength(model: ModelConfig, length: number): void {
  const [least, most] = lengthRange(model);
  if (length < least || length > most) {
    const range = least === most ? String(least) : `${least} to ${most}`;
    throw new EngineError('plan', `length is ${length}, ${model.architecture} here takes ${range}`);
  }
}

/** Fewest and most positions that a model takes. */
export function lengthRange(model: ModelConfig): readonly [number, number] {
  switch (model.architecture) {
    case 'vit':
    case 'vit-lite':
      return [imagePositions(model), imagePositions(model)];
    case 'llama':
      return [1, Infinity];
    case 'roberta':
      return [1, model.maxPositions - model.paddingId - 1];
    case 'bert':
      // Fewer tokens than rows would be no projection.
      return [model.projected ?? 1, model.maxPositions];
    case 'gpt2':
    case 'mpcformer-benchmark':
      return [1, model.maxPositions];
  }
}
