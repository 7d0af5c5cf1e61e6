/**
 * A tokenizer.json for folders that have none: WordPiece out of vocab.txt (BERT), byte-level BPE out of
 * vocab.json and merges.txt (RoBERTa, GPT-2). What it says beyond the vocabulary (case, first space) comes
 * from tokenizer_config.json where that is there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFields, type Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';

/** Text of one file of the folder; undefined where there is none. */
const textOf = (folder: string, name: string): string | undefined => {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

function jsonOf(folder: string, name: string): Fields | undefined {
  const text = textOf(folder, name);
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ZooError('corrupt', `${join(folder, name)}: not JSON (${String(cause)}).`, { cause });
  }
  if (isFields(parsed)) return parsed;
  throw new ZooError('corrupt', `${join(folder, name)}: expected a JSON object.`);
}

const special = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

const envelope = { version: '1.0', truncation: null, padding: null, post_processor: null };

/** A cased vocabulary has pieces with capitals; the special ones in brackets do not count. */
const hasCapitals = (pieces: readonly string[]): boolean =>
  pieces.some((piece) => !/^\[.*\]$/.test(piece) && piece !== piece.toLowerCase());

/** One piece a line, its number being its id. */
export function wordPieceTokenizer(text: string, settings: Fields, source: string): Fields {
  const pieces = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const vocab = new Map<string, number>();
  pieces.forEach((piece, id) => {
    if (vocab.has(piece)) {
      throw new ZooError(
        'corrupt',
        `${source}: line ${id + 1} repeats the piece "${piece}" of line ${(vocab.get(piece) ?? 0) + 1}. Download it again.`,
      );
    }
    vocab.set(piece, id);
  });
  const given = settings['do_lower_case'];
  const lowercase = typeof given === 'boolean' ? given : !hasCapitals(pieces);
  const marks = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  return {
    ...envelope,
    added_tokens: marks.flatMap((mark) => {
      const id = vocab.get(mark);
      return id === undefined ? [] : [special(mark, id)];
    }),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings['tokenize_chinese_chars'] !== false,
      strip_accents:
        typeof settings['strip_accents'] === 'boolean' ? settings['strip_accents'] : null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab),
    },
  };
}

function vocabularyOf(vocab: Fields, source: string): Map<string, number> {
  const ids = new Map<string, number>();
  const seen = new Set<number>();
  for (const [piece, id] of Object.entries(vocab)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || seen.has(id)) {
      throw new ZooError(
        'corrupt',
        `${source}: piece ${JSON.stringify(piece)} has the id ${JSON.stringify(id)}, which is no id or another piece's. Download it again.`,
      );
    }
    seen.add(id);
    ids.set(piece, id);
  }
  return ids;
}

/** Merges are "left right" lines; a first line "#version" is none. */
export function bytePairTokenizer(
  vocab: Fields,
  merges: string,
  settings: Fields,
  source: string,
): Fields {
  const ids = vocabularyOf(vocab, source);
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  lines.forEach((line, at) => {
    const [left, right, ...more] = line.split(' ');
    if (left === undefined || right === undefined || more.length > 0) {
      throw new ZooError('corrupt', `${source}: merge ${at + 1} is "${line}", not two pieces.`);
    }
    for (const piece of [left, right, `${left}${right}`]) {
      if (!ids.has(piece)) {
        throw new ZooError(
          'corrupt',
          `${source}: merge ${at + 1}, "${line}", needs the piece "${piece}", which vocab.json does not have: the two files are of different models.`,
        );
      }
    }
  });
  const marks = ['<s>', '<pad>', '</s>', '<unk>', '<mask>', '<|endoftext|>'];
  return {
    ...envelope,
    added_tokens: marks.flatMap((mark) => {
      const id = ids.get(mark);
      return id === undefined ? [] : [special(mark, id)];
    }),
    normalizer: null,
    pre_tokenizer: {
      type: 'ByteLevel',
      add_prefix_space: settings['add_prefix_space'] === true,
      trim_offsets: true,
      use_regex: true,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      vocab: Object.fromEntries(ids),
      merges: lines,
    },
  };
}

export interface FoundTokenizer {
  /** What a tokenizer.json says. */
  readonly json: Fields;
  /** Which files it is from, for messages. */
  readonly source: string;
}

/**
 * The folder's tokenizer.json, or one made of its vocabulary.
 * @throws ZooError 'missing' where there is neither, 'corrupt' where a file is not what its name says
 */
export function findTokenizer(folder: string): FoundTokenizer {
  const whole = jsonOf(folder, 'tokenizer.json');
  if (whole !== undefined) return { json: whole, source: join(folder, 'tokenizer.json') };
  const settings = jsonOf(folder, 'tokenizer_config.json') ?? {};
  const pieces = textOf(folder, 'vocab.txt');
  if (pieces !== undefined) {
    const source = join(folder, 'vocab.txt');
    return { json: wordPieceTokenizer(pieces, settings, source), source };
  }
  const vocab = jsonOf(folder, 'vocab.json');
  const merges = textOf(folder, 'merges.txt');
  if (vocab !== undefined && merges !== undefined) {
    const source = `${join(folder, 'vocab.json')} and merges.txt`;
    return { json: bytePairTokenizer(vocab, merges, settings, source), source };
  }
  throw new ZooError(
    'missing',
    `${folder}: no tokenizer.json, no vocab.txt, and not both vocab.json and merges.txt. Put the model's tokenizer there.`,
  );
}
