/** Names of questions: the same for the same, another for another, in a browser as on the server. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Question } from '../../server/api/schemas/notebook-evaluate.ts';
import { questionHash, questionHashPattern } from '../../server/api/schemas/notebook-question.ts';

const question = (code: string, value: number): Question => ({
  kind: 'javascript',
  code,
  inputs: {
    limit: { kind: 'scalar', scalar: { value, format: 'plain', runs: [], classes: [] } },
  },
});

test('is 14 digits, the same for equal questions', () => {
  fc.assert(
    fc.property(fc.string(), fc.double({ noNaN: true }), (code, value) => {
      const name = questionHash(question(code, value));
      expect(name).toMatch(questionHashPattern);
      expect(questionHash(structuredClone(question(code, value)))).toBe(name);
    }),
  );
});

test('tells ten thousand questions apart that differ in a digit', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => questionHash(question('', index)));
  expect(new Set(names).size).toBe(names.length);
});
