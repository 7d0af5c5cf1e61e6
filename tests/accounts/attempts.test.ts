import { expect, test } from 'vitest';
import { Attempts } from '../../server/accounts/attempts.ts';

test('so many in a window, each name by itself, and the wait is said', () => {
  const attempts = new Attempts(2, 1000);
  expect([0, 100, 200].map((now) => attempts.take('a', now))).toEqual([0, 0, 800]);
  expect(attempts.take('b', 200)).toBe(0);
  expect(attempts.take('a', 1001)).toBe(0);
  expect(attempts.take('a', 1002)).toBe(98);
});

test('the longest unused name is forgotten, not the newest', () => {
  const attempts = new Attempts(1, 1e9, 2);
  for (const [now, name] of ['a', 'b', 'c'].entries()) attempts.take(name, now);
  expect(attempts.take('c', 3)).toBeGreaterThan(0);
  expect(attempts.take('b', 3)).toBeGreaterThan(0);
  expect(attempts.take('a', 3)).toBe(0);
});
