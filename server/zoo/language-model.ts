/**
 * Language models that were added (GPT-2, LLaMA): their config, and texts as what they are judged by. Texts are
 * read as one stream of pieces, one after the other in the order of the set, cut into windows of equal length;
 * the piece after each window is what the model should answer. So nothing is padding, as decoders here need it.
 */
import type { Gpt2Config, LlamaConfig } from '../engine/models/config.ts';
import { isFields, reader, type Fields } from './config-reader.ts';
import { engineConfigOf } from './engine-config.ts';
import { ZooError } from './errors.ts';
import type { PieceReader } from './tokenize.ts';

export interface LanguageModel {
  readonly config: Gpt2Config | LlamaConfig;
  /** Pieces of a window, at most. */
  readonly maxLength: number;
}

const types: readonly unknown[] = ['gpt2', 'llama'];

/** Whether a model of this config continues texts. */
export const continuesTexts = (json: Fields): boolean => types.includes(json['model_type']);

/** @throws ZooError naming the first field that Parley cannot honour */
export function languageModelOf(json: Fields, source: string): LanguageModel {
  const { model } = engineConfigOf(json, source);
  if (model.architecture !== 'gpt2' && model.architecture !== 'llama') {
    throw new ZooError('unsupported', `${source}: a ${model.architecture} continues no texts.`);
  }
  const own = isFields(json['parley']) ? json['parley'] : {};
  const most = model.architecture === 'gpt2' ? model.maxPositions : 1_000_000;
  return { config: model, maxLength: reader(own, source, 'parley.').count('maxLength', 1, most) };
}

export interface Window {
  readonly ids: readonly number[];
  /** The piece that follows. */
  readonly next: number;
}

/** Pieces of the texts one after the other, until there are as many as wanted. */
function streamOf(texts: readonly string[], wanted: number, pieces: PieceReader): number[] {
  const stream: number[] = [];
  for (const text of texts) {
    if (stream.length >= wanted) break;
    for (const id of pieces.encode(text)) stream.push(id);
  }
  return stream;
}

/** Windows of `length` pieces, each with the piece after it, that the texts hold: no more than `count` are counted. */
export function countWindows(
  texts: readonly string[],
  count: number,
  length: number,
  pieces: PieceReader,
): number {
  const stream = streamOf(texts, count * (length + 1), pieces);
  return Math.min(count, Math.floor(stream.length / (length + 1)));
}

/**
 * The first `count` windows of `length` pieces.
 * @throws ZooError 'range' where the texts are too short for them
 */
export function windowsOf(
  texts: readonly string[],
  count: number,
  length: number,
  pieces: PieceReader,
  source: string,
): Window[] {
  const stream = streamOf(texts, count * (length + 1), pieces);
  const there = Math.floor(stream.length / (length + 1));
  if (there < count) {
    throw new ZooError(
      'range',
      `${source}: its texts have ${stream.length} pieces in all, ${there} windows of ${length} and the piece after; ${count} are asked for. Use fewer samples or tokens.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const start = index * (length + 1);
    const ids = stream.slice(start, start + length);
    return { ids, next: stream[start + length] ?? 0 };
  });
}
