/** Expressions: what they come to, what is behind them, and that nothing is mixed or crashes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EvaluationError,
  valueOf,
  type Lookup,
} from '../../server/api/schemas/notebook-evaluate-expression.ts';
import {
  ExpressionError,
  parseExpression,
  placeholdersOf,
} from '../../server/api/schemas/notebook-expression.ts';
import type { DataTable, RowClass } from '../../server/api/schemas/notebook-table.ts';

const row = (protocol: string, ms: number | null, of: RowClass, run: string) => ({
  cells: [protocol, ms],
  runs: [run],
  class: of,
});
const runs: DataTable = {
  columns: [
    { key: 'protocol', label: 'Protocol', type: 'text', format: 'plain' },
    { key: 'online_ms', label: 'Online', type: 'number', format: 'duration' },
  ],
  rows: [
    row('fast', 100, 'measured', 'r1'),
    row('fast', 300, 'measured', 'r2'),
    row('aby3', 900, 'predicted', 'r3'),
    row('aby3', null, 'measured', 'r4'),
  ],
  total: 4,
};
const lookup: Lookup = (name) =>
  name === 'runs'
    ? { kind: 'table', table: runs }
    : name === 'limit'
      ? { kind: 'scalar', scalar: { value: 250, format: 'plain', runs: [], classes: [] } }
      : undefined;
const value = (text: string) => valueOf(text, lookup).value;

describe('values', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2 - -3', 1],
    ['10 / 4', 2.5],
    ['1 / 0', null],
    ['not 1 > 2 and true', true],
    ['1 < 2 or 1 / 0 > 3', true],
    ['"a" == "a"', true],
    ['count(runs)', 4],
    ['count(runs.online_ms)', 3],
    ['min(runs.online_ms)', 100],
    ['max(runs.online_ms where protocol == "fast")', 300],
    ['mean(runs.online_ms where class == "measured")', 200],
    ['median(runs.online_ms where protocol == "fast") < limit', true],
    ['count(runs where online_ms > limit)', 2],
    ['first(runs.protocol)', 'fast'],
    ['round(sqrt(abs(-16)))', 4],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test('know the runs behind them and their class', () => {
    expect(valueOf('min(runs.online_ms)', lookup)).toEqual({
      value: 100,
      format: 'duration',
      runs: ['r1'],
      classes: ['measured'],
    });
    const ratio = valueOf('max(runs.online_ms) / min(runs.online_ms)', lookup);
    expect(ratio).toEqual({
      value: 9,
      format: 'plain',
      runs: ['r3', 'r1'],
      classes: ['predicted', 'measured'],
    });
  });

  test.each(['mean', 'median', 'sum'])('%s never mixes classes', (of) => {
    expect(() => value(`${of}(runs.online_ms)`)).toThrow(/measured and predicted/);
  });

  test.each([
    ['min(runs.nope)', /no column "nope"; it has protocol, online_ms/],
    ['count(runs where nope == 1)', /no column "nope"/],
    ['count(other)', /no cell named "other"/],
    ['runs + 1', /runs is a table/],
    ['min(limit.x)', /limit is a single value/],
    ['min(runs.protocol)', /has texts/],
    ['"a" < 1', /two numbers or two texts/],
    ['1 and true', /true or false/],
  ])('%s says what is wrong', (text, problem) => {
    expect(() => value(text)).toThrow(EvaluationError);
    expect(() => value(text)).toThrow(problem);
  });
});

describe('texts', () => {
  test.each([
    ['1 +', 3],
    ['1 2', 2],
    ['(1', 2],
    ['alert(1)', 0],
    ['min(runs)', 4],
    ['a; b', 1],
    ['"open', 0],
  ])('%s is refused where it goes wrong', (text, at) => {
    try {
      parseExpression(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ExpressionError);
      expect((error as ExpressionError).at).toBe(at);
      return;
    }
    throw new Error('it was read');
  });

  test('whatever is typed, it is read or refused in a sentence', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '-',
      'not ',
      '1',
      'runs',
      '.',
      'min',
      'where',
      ' and ',
      '"x"',
      '<',
      'online_ms',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          valueOf(source, lookup);
        } catch (error) {
          expect(error instanceof ExpressionError || error instanceof EvaluationError).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['('.repeat(1500), '-'.repeat(1500), 'not '.repeat(450)])(
    'nesting is bounded',
    (text) => {
      expect(() => parseExpression(`${text}1`)).toThrow(ExpressionError);
    },
  );

  test('places in a text', () => {
    expect(placeholdersOf('a {{x}} b {{ min(t.y) }} {{}} { {z} }').map(({ text }) => text)).toEqual(
      ['x', ' min(t.y) '],
    );
  });
});
