/**
 * Names under which checkpoints keep a tensor. The engine asks for the names that Hugging Face's classes
 * with a head have; a file saved from the class without one lacks the first part, and old ones call
 * LayerNorm's parameters gamma and beta.
 */
import type { ModelConfig } from '../engine/models/config.ts';
import { ZooError } from './errors.ts';
import type { StoredTensor, WeightFiles } from './weight-files.ts';

type Architecture = ModelConfig['architecture'];

const prefixes: Partial<Record<Architecture, string>> = {
  bert: 'bert.',
  roberta: 'roberta.',
  gpt2: 'transformer.',
  llama: 'model.',
  vit: 'vit.',
};

function oldNames(name: string): string[] {
  if (!name.includes('LayerNorm.')) return [name];
  const old = name
    .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
    .replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
  return [name, old];
}

/** Candidates for one of the engine's names, the likeliest first. */
export function storedNames(architecture: Architecture, name: string): string[] {
  const prefix = prefixes[architecture];
  const bare = prefix !== undefined && name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
  return [name, ...bare].flatMap(oldNames);
}

export interface NamedTensor {
  /** The engine's name. */
  readonly name: string;
  readonly stored: StoredTensor;
}

/** Where a head shares the table of words, and which table that is. */
const tiedTo: Partial<Record<Architecture, readonly [head: string, table: string]>> = {
  llama: ['lm_head.weight', 'model.embed_tokens.weight'],
};

/**
 * The checkpoint's tensor for each that inference reads, in the engine's order.
 * @param expected shapes by the engine's names
 * @param tied     whether the config says that the head is the table of words
 * @throws ZooError naming the first tensor that is missing or has another shape
 */
export function matchTensors(
  architecture: Architecture,
  expected: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  { files, tensors }: WeightFiles,
  tied: boolean,
): NamedTensor[] {
  const where = files.length === 1 ? (files[0] ?? '') : `${files[0]} and ${files.length - 1} more`;
  return [...expected].map(([name, { shape }]) => {
    const tie = tiedTo[architecture];
    const names = storedNames(architecture, name);
    if (tied && tie?.[0] === name) names.push(...storedNames(architecture, tie[1]));
    const stored = names.map((one) => tensors.get(one)).find((found) => found !== undefined);
    const wanted = `[${shape.join(', ')}]`;
    if (stored === undefined) {
      throw new ZooError(
        'missing',
        `${where}: no tensor "${name}", the config needs ${wanted}.${/^(classifier|lm_head)\b/.test(name) ? ' A model without its head answers nothing: use one that was trained for the task.' : ''}`,
      );
    }
    if (stored.shape.join() !== shape.join()) {
      throw new ZooError(
        'corrupt',
        `${stored.file}, tensor "${stored.name}": shape [${stored.shape.join(', ')}], the config says ${wanted}.`,
      );
    }
    return { name, stored };
  });
}
