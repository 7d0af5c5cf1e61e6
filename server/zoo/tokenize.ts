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

/** One text as the model sees it. Both arrays have `maxLength` entries. */
export type EncodedText = {
  /** Token ids, [CLS] first, padded with [PAD] at the end. */
  readonly ids: Int32Array;
  /** 1 for a real position, 0 for padding. */
  readonly mask: Uint8Array;
  /** Wordpieces the whole text has before truncation, without [CLS] and [SEP]. */
  readonly pieceCount: number;
};

export type TextTokenizer = {
  readonly vocabularySize: number;
  readonly maxLength: number;
  /** Encodes one text; never throws on its content (unknown pieces become [UNK]). */
  encode(text: string): EncodedText;
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
 * Builds a tokenizer from the parsed content of a tokenizer.json.
 *
 * @param source name of the file, for messages
 * @throws ZooError if it lacks one of [CLS], [SEP], [PAD], or the JSON is not a tokenizer
 */
export function createTokenizer(
  tokenizerJson: object,
  options: { maxLength: number; truncation: Truncation; source?: string },
): TextTokenizer {
  const { maxLength, truncation, source = 'tokenizer.json' } = options;
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(tokenizerJson, {});
  } catch (cause) {
    throw new ZooError(
      'corrupt',
      `${source}: not a tokenizer that @huggingface/tokenizers can read (${String(cause)}). ` +
        `Export it with the "tokenizers" library, format version 1.0.`,
      { cause },
    );
  }
  const special = (token: string): number => {
    const id = tokenizer.token_to_id(token);
    if (id === undefined) {
      throw new ZooError(
        'unsupported',
        `${source}: no ${token} token. Parley's BERT models need [CLS], [SEP] and [PAD].`,
      );
    }
    return id;
  };
  const cls = special('[CLS]');
  const sep = special('[SEP]');
  const pad = special('[PAD]');

  return {
    vocabularySize: tokenizer.get_vocab().size,
    maxLength,
    encode(text) {
      const pieces = tokenizer.encode(stripLineBreaks(text), { add_special_tokens: false }).ids;
      const kept = truncateHeadTail(pieces, maxLength - 2, truncation);
      const ids = new Int32Array(maxLength).fill(pad);
      ids[0] = cls;
      ids.set(kept, 1);
      ids[kept.length + 1] = sep;
      const mask = new Uint8Array(maxLength).fill(1, 0, kept.length + 2);
      return { ids, mask, pieceCount: pieces.length };
    },
  };
}

/**
 * Reads a tokenizer.json from disk.
 * @throws ZooError if the file is missing or is not a tokenizer
 */
export function loadTokenizer(
  path: string,
  options: { maxLength: number; truncation: Truncation },
): TextTokenizer {
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
  return createTokenizer(parsed, { ...options, source: path });
}
