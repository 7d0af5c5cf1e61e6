import { describe, expect, it } from 'vitest';
import { ZooError } from '../../server/zoo/errors.ts';
import { loadModel } from '../../server/zoo/registry.ts';
import { bytePairTokenizer, wordPieceTokenizer } from '../../server/zoo/build-tokenizer.ts';
import { createTokenizer, truncateHeadTail, truncatePair } from '../../server/zoo/tokenize.ts';
import vectors from '../vectors/minilm-2l-imdb.json' with { type: 'json' };

const { tokenizer } = await loadModel('minilm-2l-imdb');

describe('tokenizer', () => {
  it('knows 8,192 pieces', () => {
    expect(tokenizer.vocabularySize).toBe(8192);
  });

  it.each(vectors.cases)('agrees with an independent WordPiece on "$text"', (vector) => {
    const { ids, mask } = tokenizer.encode(vector.text);
    expect([...ids]).toEqual(vector.ids);
    expect(mask.reduce((sum, flag) => sum + flag, 0)).toBe(vector.realPositions);
  });

  it('lowers case, strips accents, splits punctuation, reads <br /> as a space', () => {
    const plain = tokenizer.encode('a cafe , a movie');
    expect(tokenizer.encode('A Café,<br />a MOVIE').ids).toEqual(plain.ids);
  });

  it('splits a word that lost its own piece instead of dropping it', () => {
    const { pieceCount } = tokenizer.encode('zyzzyva');
    expect(pieceCount).toBeGreaterThan(1);
    const unknown = tokenizer.encode('電').ids[1];
    expect(tokenizer.encode('zyzzyva').ids).not.toContain(unknown);
  });

  it('encodes the empty text as [CLS] [SEP]', () => {
    const { ids, mask, pieceCount } = tokenizer.encode('');
    expect(ids.slice(0, 3)).toEqual(Int32Array.of(2, 3, 0));
    expect(mask.slice(0, 3)).toEqual(Uint8Array.of(1, 1, 0));
    expect(pieceCount).toBe(0);
    expect(ids).toHaveLength(64);
  });

  it('keeps 18 pieces of the head and 44 of the tail', () => {
    const pieces = Array.from({ length: 100 }, (_, index) => index);
    const kept = truncateHeadTail(pieces, 62, { headFraction: 0.3 });
    expect(kept).toEqual([...pieces.slice(0, 18), ...pieces.slice(56)]);
    expect(truncateHeadTail(pieces.slice(0, 62), 62, { headFraction: 0.3 })).toHaveLength(62);
    expect(truncateHeadTail(pieces, 62, { headFraction: 1 })).toEqual(pieces.slice(0, 62));
    expect(truncateHeadTail(pieces, 62, { headFraction: 0 })).toEqual(pieces.slice(38));
  });

  it('joins a pair as BERT does, with types', () => {
    const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'film'].join('\n');
    const json = wordPieceTokenizer(pieces, {}, 'vocab.txt');
    const tiny = createTokenizer(json, { maxLength: 9, truncation: { headFraction: 1 } });
    const { ids, mask, types, pieceCount } = tiny.encode('good film', 'bad');
    expect([...ids]).toEqual([2, 4, 6, 3, 5, 3, 0, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect([...(types ?? [])]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0]);
    expect(pieceCount).toBe(3);
    expect(tiny.encode('good').types).toBeUndefined();
    const long = tiny.encode('good good good good good', 'bad bad film film');
    // Six pieces have room: three of each.
    expect([...long.ids]).toEqual([2, 4, 4, 4, 3, 5, 5, 6, 3]);
    expect([...(long.types ?? [])]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('joins a pair as RoBERTa does: two separators', () => {
    const vocab = Object.fromEntries(['<s>', '<pad>', '</s>', 'a', 'b'].map((p, id) => [p, id]));
    const json = bytePairTokenizer(vocab, '', {}, 'vocab.json');
    const tiny = createTokenizer(json, { maxLength: 9, truncation: { headFraction: 1 } });
    const { ids, mask } = tiny.encode('a', 'bb');
    expect([...ids]).toEqual([0, 3, 2, 2, 4, 4, 2, 1, 1]);
    expect([...mask]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('cuts a pair at the end of the longer one, of equal ones the second', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
    const cut = (a: number, b: number, room: number) =>
      truncatePair(numbers(a), numbers(b), room).map(({ length }) => length);
    expect(cut(3, 4, 7)).toEqual([3, 4]);
    expect(cut(3, 40, 10)).toEqual([3, 7]);
    expect(cut(40, 3, 10)).toEqual([7, 3]);
    expect(cut(40, 40, 9)).toEqual([5, 4]);
    expect(cut(5, 5, 0)).toEqual([0, 0]);
  });

  it('refuses what is not a tokenizer', () => {
    const options = { maxLength: 64, truncation: { headFraction: 0.3 } };
    expect(() => createTokenizer({}, options)).toThrow(ZooError);
  });
});
