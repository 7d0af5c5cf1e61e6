/**
 * The products of a search: a model folder per network (weights as F16, the engine's configuration,
 * lineage), and the table of accuracies.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors, writeSafetensors, type Tensor } from '../../zoo/safetensors.ts';
import { writeAtomically } from '../files.ts';
import { fashionDeviation, fashionLabels, fashionMean } from '../images.ts';
import { recipeHash, type Recipe } from '../recipe.ts';
import type { SearchResult } from './run-search.ts';
import type { SearchedNetwork } from './search.ts';

/** Fraction of the heads that keep ReLU-softmax, as a folder's name. */
export const networkName = ({ budget }: Pick<SearchedNetwork, 'budget'>): string =>
  budget === null ? 'teacher' : `budget-${budget}`;

const text = (content: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);

/** F16 as the file will hold it, and the values that a reader gets back. */
export function rounded(weights: ReadonlyMap<string, Tensor>): {
  bytes: Uint8Array;
  weights: Map<string, Tensor>;
} {
  const bytes = writeSafetensors(weights, { dtype: 'F16', metadata: { format: 'pt' } });
  return { bytes, weights: parseSafetensors(bytes, 'model.safetensors').tensors };
}

/** As `parley models add` reads it: ViT-Lite is Parley's own, so its heads are under `parley`. */
function hubConfig({ config }: SearchedNetwork): unknown {
  return {
    architectures: ['ViTLiteForImageClassification'],
    model_type: 'vit-lite',
    num_hidden_layers: config.layers,
    hidden_size: config.hidden,
    num_attention_heads: config.heads,
    intermediate_size: config.ffn,
    hidden_act: 'gelu',
    layer_norm_eps: config.layerNormEpsilon,
    image_size: config.imageSize,
    patch_size: config.patchSize,
    num_channels: config.channels,
    id2label: Object.fromEntries(fashionLabels.map((label, index) => [String(index), label])),
    parley: { attention: config.attention, quotient: config.quotient },
  };
}

/** @param folder of the whole search; networks go into `models/` in it */
export function writeSearchProducts(
  recipe: Recipe,
  result: SearchResult,
  folder: string,
  engineCommit: string,
  now: Date,
): void {
  const hash = recipeHash(recipe);
  for (const network of result.networks) {
    const name = networkName(network);
    const own = join(folder, 'models', name);
    mkdirSync(own, { recursive: true });
    const lineage = {
      kind: recipe.kind,
      recipe,
      recipeHash: hash,
      seed: recipe.seed,
      engineCommit,
      made: now.toISOString(),
      budget: network.budget,
      alphas: result.alphas,
      metrics: { testAccuracy: network.testAccuracy },
    };
    const pixels = { image_mean: [fashionMean], image_std: [fashionDeviation] };
    writeAtomically(join(own, 'config.json'), text(hubConfig(network)));
    writeAtomically(join(own, 'preprocessor_config.json'), text(pixels));
    writeAtomically(join(own, 'lineage.json'), text(lineage));
    writeAtomically(join(own, 'curve.json'), text(network.curve));
    writeAtomically(join(own, 'model.safetensors'), rounded(network.weights).bytes);
  }
}
