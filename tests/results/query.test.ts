/** The query language by itself: what is read, what is refused and how, and that it stays linear. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFix,
  describeProblem,
  parseQuery,
  withGroup,
  withOrder,
  withoutTerm,
  type Term,
} from '../../server/api/schemas/results-query.ts';
import { quoted, tokenize } from '../../server/api/schemas/results-tokens.ts';
import { parseQuantity } from '../../server/api/schemas/results-units.ts';

/** A term without its place in the text. */
const bare = (term: Term): object =>
  Object.fromEntries(Object.entries(term).filter(([key]) => key !== 'start' && key !== 'end'));
const termsOf = (text: string) => {
  const { terms, problems } = parseQuery(text);
  expect(problems).toEqual([]);
  return terms.map(bare);
};
const problemOf = (text: string) => {
  const [problem] = parseQuery(text).problems;
  if (problem === undefined) throw new Error(`no problem in ${text}`);
  return { says: describeProblem(problem, text), fixed: applyFix(text, problem) };
};

describe('a query', () => {
  test('of every kind of term', () => {
    expect(
      termsOf(
        'approx:2quad variant:replicated/fast rtt>=40ms acc>90% bytes<200MB -tag:x is:shipped',
      ),
    ).toEqual([
      { kind: 'text', field: 'approx', whole: false, values: ['2quad'], negated: false },
      { kind: 'text', field: 'variant', whole: false, values: ['replicated/fast'], negated: false },
      { kind: 'number', field: 'rtt', comparison: '>=', value: 40, negated: false },
      { kind: 'number', field: 'acc', comparison: '>', value: 0.9, negated: false },
      { kind: 'number', field: 'bytes', comparison: '<', value: 200e6, negated: false },
      { kind: 'text', field: 'tag', whole: false, values: ['x'], negated: true },
      { kind: 'choice', field: 'is', values: ['shipped'], negated: false },
    ]);
  });

  test('with words, quotes, lists, ranges, dates and signs of another keyboard', () => {
    expect(termsOf('puma "late frames" state:done,failed latency:1s..2.5s rounds≥700')).toEqual([
      { kind: 'word', text: 'puma', negated: false },
      { kind: 'word', text: 'late frames', negated: false },
      { kind: 'choice', field: 'state', values: ['done', 'failed'], negated: false },
      { kind: 'range', field: 'latency', low: 1000, high: 2500, negated: false },
      { kind: 'number', field: 'rounds', comparison: '>=', value: 700, negated: false },
    ]);
    const day = Date.UTC(2026, 10, 22);
    expect(termsOf('created>2026-11-22 created:2026-11-22 model!="a b"')).toEqual([
      { kind: 'date', field: 'created', from: day + 86_400_000, before: null, negated: false },
      { kind: 'date', field: 'created', from: day, before: day + 86_400_000, negated: false },
      { kind: 'text', field: 'model', whole: true, values: ['a b'], negated: true },
    ]);
  });

  test('names fields by their aliases, and a protocol by its own name', () => {
    expect(
      parseQuery('protocol:aby3 online<1s accuracy>0.5').terms.map(
        (term) => 'field' in term && term.field,
      ),
    ).toEqual(['variant', 'latency', 'acc']);
  });

  test('has at most one order, newest first where it says none', () => {
    expect(parseQuery('a sort:-latency').order).toMatchObject({
      field: 'latency',
      descending: true,
    });
    expect(parseQuery('a').order).toBeNull();
    expect(withOrder('a sort:-latency b', { field: 'acc', descending: false })).toBe(
      'a b sort:acc',
    );
    expect(withOrder('sort:acc', { field: 'created', descending: true })).toBe('');
    expect(problemOf('sort:acc sort:rounds').fixed).toBe('sort:acc');
  });
});

test('a group is up to three fields that runs share, each once', () => {
  expect(parseQuery('a group:protocol').group).toMatchObject({ fields: ['variant'] });
  expect(parseQuery('group:rtt,protocol,rtt').group).toMatchObject({ fields: ['rtt', 'variant'] });
  expect(withGroup('a group:variant sort:acc', ['rtt'])).toBe('a sort:acc group:rtt');
  expect(withGroup('a', ['rtt', 'variant'])).toBe('a group:rtt,variant');
  expect(withGroup('group:rtt', [])).toBe('');
  expect(problemOf('group:rtt,modle').fixed).toBe('group:rtt,model');
  expect(problemOf('group:rtt,model,variant,rate').fixed).toBe('group:rtt,model,variant');
  expect(problemOf('group:created').says).toMatch(/created is different for every run/);
  expect(problemOf('group:modle').fixed).toBe('group:model');
});

describe('a refusal names position, word and fix', () => {
  test.each([
    [
      'aprox:2quad',
      /^At character 1, aprox:2quad: there is no field "aprox".*Did you mean approx:2quad\?$/,
      'approx:2quad',
    ],
    [
      'a rtt>=40',
      /^At character 3, rtt>=40: 40 needs a unit; write for example 40ms/,
      'a rtt>=40ms',
    ],
    ['acc>90', /90 is more than 1.*or from 0% to 100%/, 'acc>90%'],
    [
      'state:dnoe',
      /"dnoe" is no state; there are queued,.*Did you mean state:done\?/,
      'state:done',
    ],
    ['bytes<20Mb', /"Mb" may mean bits or bytes/, 'bytes<20MB'],
    ['model>a', /model is a text and has no order/, 'model:a'],
    ['latency:2s..1s', /the range ends before it begins/, 'latency:1s..2s'],
    ['sort:lateny', /there is no field "lateny".*sort:latency/, 'sort:latency'],
    ['note:"open', /this quote is never closed/, 'note:"open"'],
    ['-lnik:met', /there is no field "lnik"/, '-link:met'],
    ['zzzzzzzz:1', /there is no field "zzzzzzzz"; words with a colon/, '"zzzzzzzz:1"'],
    ['created:2026-02-30', /"2026-02-30" is no day/, 'created:2026-02-30'],
    ['rounds:1,000', /one number is wanted, without commas/, 'rounds:1,000'],
  ])('%s', (text, says, fixed) => {
    const problem = problemOf(text);
    expect(problem.says).toMatch(says);
    expect(problem.fixed).toBe(fixed);
    // A fix that is offered is a fix.
    if (fixed !== text) expect(parseQuery(fixed).problems).toEqual([]);
  });

  test('and a term with a problem is no term', () => {
    expect(parseQuery('puma rtt>=40').terms).toHaveLength(1);
  });
});

test.each([
  ['1.5GiB', 'bytes', 1.5 * 2 ** 30],
  ['200mb', 'bytes', null],
  ['100Mbit/s', 'rate', 1e8],
  ['1e2ms', 'time', 100],
  ['0', 'time', 0],
  ['90%', 'fraction', 0.9],
  ['.5', 'fraction', 0.5],
  ['-', 'count', null],
  ['16x', 'count', null],
] as const)('%s of %s', (text, dimension, value) => {
  const parsed = parseQuantity(text, dimension);
  expect(parsed.ok ? parsed.value : null).toBe(value);
});

describe('for any text', () => {
  const awkward = fc.string({
    unit: fc.constantFrom(...'ab:=<>!-,". %1eMacsortrttw≥\n'.split('')),
    maxLength: 200,
  });

  test('tokens cover everything but space, in order', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        let last = 0;
        for (const { start, end } of tokenize(text)) {
          expect(text.slice(last, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(text.slice(last).trim()).toBe('');
      }),
    );
  });

  test('every problem lies inside it, and dropping a term leaves the others', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const { terms, problems } = parseQuery(text);
        for (const { start, end } of problems) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        const [first, ...rest] = terms;
        if (first === undefined || problems.length > 0) return;
        const without = parseQuery(withoutTerm(text, first)).terms;
        expect(without.map(bare)).toEqual(rest.map(bare));
      }),
    );
  });

  test('a quoted value is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const clean = value.replaceAll('"', '');
        const [token] = tokenize(`tag:${quoted(value)}`);
        expect(token?.values).toEqual([clean]);
      }),
    );
  });
});

test('the longest query is read in one pass over its characters', () => {
  for (const piece of ['-', '"', ':', 'a:', '1e', '..', ',']) {
    const text = piece.repeat(Math.floor(2000 / piece.length));
    expect(() => parseQuery(text)).not.toThrow();
  }
  expect(parseQuery('a'.repeat(2001)).problems[0]?.message).toMatch(/2001 characters; 2000 are/);
});
