/**
 * Text to token ids, by the model's own tokenizer.json.
 *
 * A secure run pays for every position, so sequences are short (64) and a long text must be cut. The
 * rule is data of the model (`parley.truncation`): keep the first `headFraction` of the room and fill
 * the rest from the END of the text, where a review usually says what it thinks. Training and
 * inference both call this file, so they cannot disagree.
 */
import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { ZooError } from './errors.ts';

/** How to cut a text that is too long: this fraction from its head, the rest from its tail. */
export type Truncation = { readonly headFraction: number };

/** One text, or a pair, as the model sees it. All arrays have `maxLength` entries. */
export type EncodedText = {
  /** Token ids, [CLS] or <s> first, padded with [PAD] or <pad> at the end. */
  readonly ids: Int32Array;
  /** 1 for a real position, 0 for padding. */
  readonly mask: Uint8Array;
  /** Of a pair: 1 from the first piece of the second text to the [SEP] after it. Absent for one text. */
  readonly types?: Uint8Array;
  /** Wordpieces the whole text has before truncation, without [CLS] and [SEP]. */
  readonly pieceCount: number;
};

export type TextTokenizer = {
  /** Pieces it knows, and the largest of their ids. */
  readonly vocabularySize: number;
  readonly largestId: number;
  readonly paddingId: number;
  readonly maxLength: number;
  /** Encodes one text, or two; never throws on its content (unknown pieces become [UNK]). */
  encode(text: string, second?: string): EncodedText;
};

/** Web text carries HTML line breaks; to the tokenizer they are spaces. */
export function stripLineBreaks(text: string): string {
  return text.replace(/<br\s*\/?>/gi, ' ');
}

/**
 * Cuts a list of piece ids to `room` entries: head = floor(headFraction * room) from the front, the
 * rest from the back. A list that fits is returned as it is.
 */
export function truncateHeadTail(
  pieces: readonly number[],
  room: number,
  { headFraction }: Truncation,
): readonly number[] {
  if (pieces.length <= room) return pieces;
  const head = Math.floor(headFraction * room);
  return [...pieces.slice(0, head), ...pieces.slice(pieces.length - (room - head))];
}

/**
 * Cuts two lists of piece ids to `room` entries together, as Hugging Face's `longest_first` does: the end of
 * the longer one goes, of equal ones the second's.
 */
export function truncatePair(
  first: readonly number[],
  second: readonly number[],
  room: number,
): readonly [first: readonly number[], second: readonly number[]] {
  let [left, right] = [first.length, second.length];
  while (left + right > room) {
    if (left > right) left -= 1;
    else right -= 1;
  }
  return [first.slice(0, left), second.slice(0, right)];
}

/** More pieces than any vocabulary has; a larger id would only fill the memory. */
const largestVocabulary = 2_000_000;

/** A vocabulary out of a stranger's file: the reader makes a list as long as its largest id. */
function requireSaneIds(tokenizerJson: object, source: string): void {
  const model: unknown = 'model' in tokenizerJson ? tokenizerJson.model : undefined;
  const vocab: unknown =
    typeof model === 'object' && model !== null && 'vocab' in model ? model.vocab : undefined;
  if (typeof vocab !== 'object' || vocab === null || Array.isArray(vocab)) return;
  for (const [piece, id] of Object.entries(vocab)) {
    if (Number.isInteger(id) && id >= 0 && id < largestVocabulary) continue;
    throw new ZooError(
      'corrupt',
      `${source}: piece ${JSON.stringify(piece)} has the id ${JSON.stringify(id)}; ids are whole numbers from 0 to ${largestVocabulary - 1}.`,
    );
  }
}

function openTokenizer(tokenizerJson: object, source: string): Tokenizer {
  requireSaneIds(tokenizerJson, source);
  try {
    return new Tokenizer(tokenizerJson, {});
  } catch (cause) {
    throw new ZooError(
      'corrupt',
      `${source}: not a tokenizer that @huggingface/tokenizers can read (${String(cause)}). ` +
        `Export it with the "tokenizers" library, format version 1.0.`,
      { cause },
    );
  }
}

export type Vocabulary = Pick<TextTokenizer, 'vocabularySize' | 'largestId'>;

function vocabularyOf(tokenizer: Tokenizer): Vocabulary {
  const vocabulary = tokenizer.get_vocab();
  return {
    vocabularySize: vocabulary.size,
    // A loop: a vocabulary is too long to be arguments.
    largestId: [...vocabulary.values()].reduce((most, id) => Math.max(most, id), -1),
  };
}

/** Size of a tokenizer.json's vocabulary, whatever its special pieces are called. */
export const readVocabulary = (tokenizerJson: object, source: string): Vocabulary =>
  vocabularyOf(openTokenizer(tokenizerJson, source));

/** Text to pieces and back, without the special ones of classifiers. */
export interface PieceReader extends Vocabulary {
  encode(text: string): readonly number[];
  decode(ids: readonly number[]): string;
  /** Pieces by their ids; ids that none has are empty. */
  names(size: number): string[];
}

/** @throws ZooError for what is no tokenizer */
export function createPieceReader(tokenizerJson: object, source: string): PieceReader {
  const tokenizer = openTokenizer(tokenizerJson, source);
  return {
    ...vocabularyOf(tokenizer),
    encode: (text) => tokenizer.encode(stripLineBreaks(text), { add_special_tokens: false }).ids,
    decode: (ids) => tokenizer.decode([...ids]),
    names: (size) => {
      const names = Array<string>(size).fill('');
      for (const [piece, id] of tokenizer.get_vocab()) if (id < size) names[id] = piece;
      return names;
    },
  };
}

/**
 * Builds a tokenizer from the parsed content of a tokenizer.json.
 *
 * @param source name of the file, for messages
 * @throws ZooError if it lacks one of [CLS], [SEP], [PAD] or <s>, </s>, <pad>, or is no tokenizer
 */
export function createTokenizer(
  tokenizerJson: object,
  options: { maxLength: number; truncation: Truncation; source?: string },
): TextTokenizer {
  const { maxLength, truncation, source = 'tokenizer.json' } = options;
  const tokenizer = openTokenizer(tokenizerJson, source);
  // BERT's names, and RoBERTa's.
  const special = (...tokens: readonly string[]): number => {
    const id = tokens.map((token) => tokenizer.token_to_id(token)).find((one) => one !== undefined);
    if (id === undefined) {
      throw new ZooError(
        'unsupported',
        `${source}: no ${tokens.join(' or ')} token. Classifiers of texts need one to begin, one to end and one to pad.`,
      );
    }
    return id;
  };
  const cls = special('[CLS]', '<s>');
  const sep = special('[SEP]', '</s>');
  const pad = special('[PAD]', '<pad>');

  // RoBERTa ends the first text and begins the second with the same piece.
  const between = tokenizer.token_to_id('[CLS]') === undefined ? [sep, sep] : [sep];
  const piecesOf = (text: string): number[] =>
    tokenizer.encode(stripLineBreaks(text), { add_special_tokens: false }).ids;
  const padded = (pieces: readonly number[]) => {
    const ids = new Int32Array(maxLength).fill(pad);
    ids.set(pieces);
    return { ids, mask: new Uint8Array(maxLength).fill(1, 0, pieces.length) };
  };

  return {
    ...vocabularyOf(tokenizer),
    paddingId: pad,
    maxLength,
    encode(text, second) {
      const pieces = piecesOf(text);
      if (second === undefined) {
        const kept = truncateHeadTail(pieces, maxLength - 2, truncation);
        return { ...padded([cls, ...kept, sep]), pieceCount: pieces.length };
      }
      const others = piecesOf(second);
      const [a, b] = truncatePair(pieces, others, maxLength - 2 - between.length);
      const start = 1 + a.length + between.length;
      return {
        ...padded([cls, ...a, ...between, ...b, sep]),
        types: new Uint8Array(maxLength).fill(1, start, start + b.length + 1),
        pieceCount: pieces.length + others.length,
      };
    },
  };
}

function readTokenizerJson(path: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ZooError(
      'missing',
      `${path}: cannot read this tokenizer (${String(cause)}). Restore the file from the repository.`,
      { cause },
    );
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw new ZooError('corrupt', `${path}: expected a JSON object, found ${typeof parsed}.`);
  }
  return parsed;
}

/** Pieces of a tokenizer.json on disk, for language models. @throws ZooError as `loadTokenizer` */
export const loadPieceReader = (path: string): PieceReader =>
  createPieceReader(readTokenizerJson(path), path);

/**
 * Reads a tokenizer.json from disk.
 * @throws ZooError if the file is missing or is not a tokenizer
 */
export const loadTokenizer = (
  path: string,
  options: { maxLength: number; truncation: Truncation },
): TextTokenizer => createTokenizer(readTokenizerJson(path), { ...options, source: path });
