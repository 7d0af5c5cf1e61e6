/**
 * Reads a model's config.json (Hugging Face's keys) into the few facts that Parley needs.
 *
 * Trained models are text classifiers: BERT's or RoBERTa's post-LayerNorm encoder with erf GELU, absolute
 * positions and a classification head. A config that asks for anything else is refused by the first
 * field that differs, rather than run as something it is not.
 *
 * What Hugging Face has no key for lies under `parley`: `maxLength` (positions of one sequence, [CLS]
 * and [SEP] included), `truncation` (tokenize.ts), `pooling`, and `approximation`, the functions that a
 * student was distilled for.
 */
import { readFileSync } from 'node:fs';
import { isFields, reader, type Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';
import type { Truncation } from './tokenize.ts';

/** MPCFormer's replacements, as a run's spec names them. */
export type MadeFor = {
  readonly gelu?: 'quad';
  readonly softmax?: '2quad' | '2relu';
};

export type TextModelConfig = {
  readonly architecture: 'bert' | 'roberta';
  /** Of RoBERTa, whose positions are counted from the one after it. */
  readonly paddingId?: number;
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

/** `id2label` as a list; its keys must be "0", "1", ... without a gap. */
export function readLabels(
  labels: Fields,
  refuse: (field: string, wanted: string) => never,
): string[] {
  const names = Object.keys(labels).map((_, index) => labels[String(index)]);
  const known = names.filter((name) => typeof name === 'string');
  return known.length === names.length && names.length >= 2
    ? known
    : refuse('id2label', 'at least two names under "0", "1", ...');
}

const classNames = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
} as const;

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
  const architecture = top.oneOf('model_type', ['bert', 'roberta']);
  const wanted = classNames[architecture];
  const architectures = json['architectures'];
  if (!Array.isArray(architectures) || architectures[0] !== wanted) {
    return top.refuse('architectures', JSON.stringify([wanted]));
  }
  top.oneOf('position_embedding_type', ['absolute'], true);
  top.oneOf('is_decoder', [false], true);
  const activation = top.oneOf('hidden_act', ['gelu']);
  const layers = top.count('num_hidden_layers', 1, 48);
  const hidden = top.count('hidden_size', 8, 4096);
  const heads = top.count('num_attention_heads', 1, 64);
  if (hidden % heads !== 0) top.refuse('num_attention_heads', `a divisor of hidden_size ${hidden}`);
  const maxPositions = top.count('max_position_embeddings', 4, 8192);
  const paddingId = architecture === 'roberta' ? top.count('pad_token_id', 0, 16) : undefined;
  const longest = paddingId === undefined ? maxPositions : maxPositions - paddingId - 1;
  const epsilon = json['layer_norm_eps'];
  if (typeof epsilon !== 'number' || !(epsilon > 0 && epsilon < 1e-2)) {
    return top.refuse('layer_norm_eps', 'a small positive number');
  }
  const parley = top.object('parley');
  const own = reader(parley, source, 'parley.');
  const madeFor = readMadeFor(parley, source);
  const cut = reader(own.object('truncation'), source, 'parley.truncation.');
  return {
    architecture,
    ...(paddingId === undefined ? {} : { paddingId }),
    layers,
    hidden,
    heads,
    ffn: top.count('intermediate_size', 8, 16384),
    vocabularySize: top.count('vocab_size', 4, 1_000_000),
    maxPositions,
    typeVocabularySize: top.count('type_vocab_size', 1, architecture === 'roberta' ? 1 : 16),
    maxLength: own.count('maxLength', 4, longest),
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
