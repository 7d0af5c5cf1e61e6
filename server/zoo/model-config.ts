/**
 * Reads a model's config.json (Hugging Face's keys) into the few facts that Parley needs.
 *
 * Parley runs exactly one text architecture: BERT's post-LayerNorm encoder with erf GELU, absolute
 * positions and a classification head. A config that asks for anything else is refused by the first
 * field that differs, rather than run as something it is not.
 *
 * What Hugging Face has no key for lies under `parley`: `maxLength` (positions of one sequence, [CLS]
 * and [SEP] included), `truncation` (tokenize.ts), `pooling`, and `approximation`, the functions that a
 * student was distilled for.
 */
import { readFileSync } from 'node:fs';
import { ZooError } from './errors.ts';
import type { Truncation } from './tokenize.ts';

/** MPCFormer's replacements, as a run's spec names them. */
export type MadeFor = {
  readonly gelu?: 'quad';
  readonly softmax?: '2quad' | '2relu';
};

export type TextModelConfig = {
  readonly architecture: 'bert';
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Width of the feed-forward block. */
  readonly ffn: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly typeVocabularySize: number;
  /** Positions of one sequence; fixed, so that it reveals nothing about the text's length. */
  readonly maxLength: number;
  /** Names of the classes, by logit. */
  readonly labels: readonly string[];
  readonly layerNormEpsilon: number;
  /** x * (1 + erf(x / sqrt 2)) / 2, the exact form. */
  readonly activation: 'gelu';
  /** Functions that the weights were distilled for, in place of GELU and softmax; absent: the exact ones. */
  readonly madeFor?: MadeFor;
  readonly truncation: Truncation;
  /** What the pooler (dense, tanh) reads: the [CLS] position, or the mean over real positions. */
  readonly pooling: 'cls' | 'mean';
};

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads typed fields of one object; every refusal names the file and the field's full path. */
function reader(fields: Fields, source: string, prefix = '') {
  const refuse = (field: string, wanted: string): never => {
    throw new ZooError(
      'unsupported',
      `${source}: ${prefix}${field} is ${JSON.stringify(fields[field])}, Parley needs ${wanted}.`,
    );
  };
  return {
    refuse,
    /** The field must have one of these values; absent means the first of them where allowed. */
    oneOf<T extends string | number | boolean>(
      field: string,
      values: readonly [T, ...T[]],
      optional = false,
    ): T {
      if (optional && fields[field] === undefined) return values[0];
      const found = values.find((value) => value === fields[field]);
      return found ?? refuse(field, values.map((value) => JSON.stringify(value)).join(' or '));
    },
    count(field: string, lowest: number, highest: number): number {
      const value = fields[field];
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= lowest &&
        value <= highest
      ) {
        return value;
      }
      return refuse(field, `a whole number from ${lowest} to ${highest}`);
    },
    fraction(field: string): number {
      const value = fields[field];
      if (typeof value === 'number' && value >= 0 && value <= 1) return value;
      return refuse(field, 'a number from 0 to 1');
    },
    object(field: string): Fields {
      const value = fields[field];
      return isFields(value) ? value : refuse(field, 'an object');
    },
  };
}

/** `id2label` as a list; its keys must be "0", "1", ... without a gap. */
function readLabels(labels: Fields, refuse: (field: string, wanted: string) => never): string[] {
  const names = Object.keys(labels).map((_, index) => labels[String(index)]);
  const known = names.filter((name) => typeof name === 'string');
  return known.length === names.length && names.length >= 2
    ? known
    : refuse('id2label', 'at least two names under "0", "1", ...');
}

/** `parley.approximation`: known names only, since another function would make another model. */
function readMadeFor(own: Fields, source: string): MadeFor | undefined {
  if (own['approximation'] === undefined) return undefined;
  const fields = reader(own, source, 'parley.').object('approximation');
  const read = reader(fields, source, 'parley.approximation.');
  return {
    ...(fields['gelu'] === undefined ? {} : { gelu: read.oneOf('gelu', ['quad']) }),
    ...(fields['softmax'] === undefined
      ? {}
      : { softmax: read.oneOf('softmax', ['2quad', '2relu']) }),
  };
}

/**
 * Checks the parsed content of a config.json.
 *
 * @param source name of the file, for messages
 * @throws ZooError ('unsupported') naming the first field that Parley cannot honour
 */
export function parseModelConfig(json: unknown, source: string): TextModelConfig {
  if (!isFields(json)) {
    throw new ZooError('corrupt', `${source}: expected a JSON object, found ${typeof json}.`);
  }
  const top = reader(json, source);
  top.oneOf('model_type', ['bert']);
  const architectures = json['architectures'];
  if (!Array.isArray(architectures) || architectures[0] !== 'BertForSequenceClassification') {
    return top.refuse('architectures', '["BertForSequenceClassification"]');
  }
  top.oneOf('position_embedding_type', ['absolute'], true);
  top.oneOf('is_decoder', [false], true);
  const activation = top.oneOf('hidden_act', ['gelu']);
  const layers = top.count('num_hidden_layers', 1, 48);
  const hidden = top.count('hidden_size', 8, 4096);
  const heads = top.count('num_attention_heads', 1, 64);
  if (hidden % heads !== 0) top.refuse('num_attention_heads', `a divisor of hidden_size ${hidden}`);
  const maxPositions = top.count('max_position_embeddings', 4, 8192);
  const epsilon = json['layer_norm_eps'];
  if (typeof epsilon !== 'number' || !(epsilon > 0 && epsilon < 1e-2)) {
    return top.refuse('layer_norm_eps', 'a small positive number');
  }
  const parley = top.object('parley');
  const own = reader(parley, source, 'parley.');
  const madeFor = readMadeFor(parley, source);
  const cut = reader(own.object('truncation'), source, 'parley.truncation.');
  return {
    architecture: 'bert',
    layers,
    hidden,
    heads,
    ffn: top.count('intermediate_size', 8, 16384),
    vocabularySize: top.count('vocab_size', 4, 1_000_000),
    maxPositions,
    typeVocabularySize: top.count('type_vocab_size', 1, 16),
    maxLength: own.count('maxLength', 4, maxPositions),
    labels: readLabels(top.object('id2label'), top.refuse),
    layerNormEpsilon: epsilon,
    activation,
    ...(madeFor === undefined ? {} : { madeFor }),
    truncation: { headFraction: cut.fraction('headFraction') },
    pooling: own.oneOf('pooling', ['cls', 'mean'], true),
  };
}

/**
 * Reads config.json from disk.
 * @throws ZooError when it is missing, is not JSON, or asks for something unsupported
 */
export function readModelConfig(path: string): TextModelConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ZooError(
      'missing',
      `${path}: cannot read this config (${String(cause)}). Restore the file from the repository.`,
      { cause },
    );
  }
  return parseModelConfig(parsed, path);
}
