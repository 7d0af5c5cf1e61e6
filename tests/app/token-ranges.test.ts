import { expect, test } from 'vitest';
import { tokensOf, tokensText } from '../../app/_lib/token-ranges.ts';

test.each([
  ['0-3, 7', [0, 1, 2, 3, 7], '0-3, 7'],
  ['7 2.1,2', [1, 2, 7], '1-2, 7'],
  ['5', [5], '5'],
])('%s is read and written', (text, tokens, written) => {
  expect(tokensOf(text)).toEqual(tokens);
  expect(tokensText(tokens)).toBe(written);
  expect(tokensOf(tokensText(tokens, '.'))).toEqual(tokens);
});

test('nothing is no list, and what is no position is refused by the spec, not lost', () => {
  expect(tokensOf('  ')).toBeUndefined();
  for (const text of ['a', '3-1', '-2', '1-', '0-999999']) {
    expect((tokensOf(text) ?? []).some(Number.isNaN), text).toBe(true);
  }
});
