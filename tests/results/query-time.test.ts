/**
 * No query takes long to read, however it is written. Texts are far longer than a request may be, so
 * that anything that grows with the square of the length would take minutes and not the second allowed.
 */
import { describe, expect, test } from 'vitest';
import { querySchema } from '../../server/api/schemas/results-requests.ts';
import {
  describeProblem,
  longestQuery,
  parseQuery,
  withOrder,
} from '../../server/api/schemas/results-query.ts';
import { quoted, tokenize } from '../../server/api/schemas/results-tokens.ts';

const hostile = [
  'a',
  '-',
  '"',
  ' ',
  ',',
  ':',
  '<=',
  '≤',
  'a:',
  'a:"',
  'model:a,',
  'latency:1',
  'latency>1e',
  'latency:1..',
  'latency:0.0',
  'created:2026-',
  'sort:-',
  'group:a,',
  '-is:',
  '(a+)+$',
  '\u00a0\t',
  '\u{1f600}',
];
const mostMs = 1000;

function msOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe.each(hostile)('%j again and again', (piece) => {
  const repeated = (length: number): string =>
    piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

  test('half a million characters are cut into tokens in less than a second', () => {
    expect(msOf(() => tokenize(repeated(500_000)))).toBeLessThan(mostMs);
    expect(msOf(() => quoted(repeated(500_000)))).toBeLessThan(mostMs);
  });

  test('the longest query allowed is read, its problems worded, in less than a second', () => {
    for (const text of [repeated(longestQuery), `latency:${repeated(longestQuery - 8)}`]) {
      const ms = msOf(() => {
        for (const problem of parseQuery(text).problems) describeProblem(problem, text);
        withOrder(text, { field: 'created', descending: true });
      });
      expect(ms).toBeLessThan(mostMs);
    }
  });
});

test('a longer query is refused with its length before it is read, and by the request itself', () => {
  const [problem] = parseQuery('a '.repeat(longestQuery)).problems;
  expect(problem?.message).toBe('the query has 4000 characters; 2000 are allowed');
  expect(msOf(() => parseQuery('"'.repeat(5_000_000)))).toBeLessThan(mostMs);
  expect(querySchema.safeParse('a'.repeat(2 * longestQuery + 1)).success).toBe(false);
});
