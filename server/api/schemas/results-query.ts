/**
 * The query language of the results: one line of free words and typed filters.
 *
 *   puma variant:replicated/fast rtt>=40ms acc>90% bytes<200MB state:done,failed -tag:old sort:-latency
 *
 * All terms must hold. `field:part` finds a part, `field=whole` the whole, `a,b` either; numbers take
 * comparisons and ranges `low..high`; a minus turns a term round: what does not fulfil it. Browser-safe,
 * linear in the text; whatever is not understood is a problem with its place and a fix, never skipped.
 */
import {
  fieldNamed,
  fieldNames,
  groupIds,
  sortIds,
  type Dimension,
  type FieldOf,
  type GroupId,
  type SortId,
} from './results-fields.ts';
import { nearest } from './results-nearest.ts';
import { tokenize, type Operator, type Token } from './results-tokens.ts';
import { parseQuantity } from './results-units.ts';

export const longestQuery = 2000;
export const mostTerms = 60;

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

export type Condition =
  /** A word anywhere in the run's names, tags and note. */
  | { readonly kind: 'word'; readonly text: string }
  | {
      readonly kind: 'text';
      readonly field: FieldOf<'text'>;
      /** The whole text, not a part of it. */
      readonly whole: boolean;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'choice';
      readonly field: FieldOf<'choice'>;
      readonly values: readonly string[];
    }
  /** Both ends included; in ms, bytes, bit/s or fractions of 1. */
  | {
      readonly kind: 'range';
      readonly field: FieldOf<'number'>;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'number';
      readonly field: FieldOf<'number'>;
      readonly comparison: Comparison;
      readonly value: number;
    }
  /** From the first instant on, before the last; ms since 1970, null is open. */
  | {
      readonly kind: 'date';
      readonly field: FieldOf<'date'>;
      readonly from: number | null;
      readonly before: number | null;
    };

export type Term = Condition & {
  readonly negated: boolean;
  /** Where it stands in the text, its minus included. */
  readonly start: number;
  readonly end: number;
};

export interface Order {
  readonly field: SortId;
  readonly descending: boolean;
}

export interface Problem {
  /** Characters from `start` up to `end` are what is wrong. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What to write there instead; null where there is no guess. */
  readonly fix: string | null;
}

export interface ResultQuery {
  readonly terms: readonly Term[];
  /** Null: newest first. */
  readonly order: (Order & { readonly start: number; readonly end: number }) | null;
  /** Null: one list. Groups stand in the order of their values, runs inside them in `order`. */
  readonly group: {
    /** At least one: a run's group is its values of all of them. */
    readonly fields: readonly GroupId[];
    readonly start: number;
    readonly end: number;
  } | null;
  readonly problems: readonly Problem[];
}

export const newestFirst: Order = { field: 'created', descending: true };

/** Reads a query. Terms that have a problem are left out of `terms`: ask `problems` first. */
export function parseQuery(text: string): ResultQuery {
  if (text.length > longestQuery) {
    const message = `the query has ${text.length} characters; ${longestQuery} are allowed`;
    return {
      terms: [],
      order: null,
      group: null,
      problems: [{ start: longestQuery, end: text.length, message, fix: '' }],
    };
  }
  const tokens = tokenize(text);
  const terms: Term[] = [];
  const problems: Problem[] = [];
  let order: ResultQuery['order'] = null;
  let group: ResultQuery['group'] = null;
  for (const token of tokens) {
    const { start, end } = token;
    try {
      if (token.openQuote !== null) {
        fail(token.openQuote, end, 'this quote is never closed', `${text.slice(token.openQuote)}"`);
      }
      if (token.name?.toLowerCase() === 'sort') {
        if (order !== null) fail(start, end, 'the order is given twice; keep one sort:', '');
        order = { ...readOrder(token), start, end };
      } else if (token.name?.toLowerCase() === 'group') {
        if (group !== null) fail(start, end, 'the group is given twice; keep one group:', '');
        group = { fields: readGroup(token), start, end };
      } else {
        terms.push({ ...readCondition(token, text), negated: isNegated(token), start, end });
      }
    } catch (error) {
      if (!(error instanceof Misread)) throw error;
      problems.push(error.problem);
    }
  }
  if (terms.length > mostTerms) {
    const [start, end] = [terms[mostTerms]?.start ?? 0, text.length];
    problems.push({ start, end, message: `${mostTerms} terms are allowed`, fix: '' });
  }
  return { terms, order, group, problems };
}

/** "At character 5, "acc>2": ..." for people who see only a message. */
export function describeProblem({ start, end, message, fix }: Problem, text: string): string {
  const word = text.slice(start, Math.min(end, start + 60));
  const remedy = fix === null ? '' : fix === '' ? ' Leave it out.' : ` Did you mean ${fix}?`;
  return `At character ${start + 1}, ${word}: ${message}.${remedy}`;
}

/** The text with the problem's fix put in. */
export const applyFix = (text: string, { start, end, fix }: Problem): string =>
  `${text.slice(0, start)}${fix ?? text.slice(start, end)}${text.slice(end)}`.trim();

/** The text without one term, and without the gap that it leaves. */
export function withoutTerm(text: string, { start, end }: { start: number; end: number }): string {
  const before = text.slice(0, start).trimEnd();
  const after = text.slice(end).trimStart();
  return before === '' || after === '' ? before + after : `${before} ${after}`;
}

/** The text with this order in place of the one it has; newest first is the default and not written. */
export function withOrder(text: string, order: Order): string {
  const now = parseQuery(text).order;
  const bare = now === null ? text.trim() : withoutTerm(text, now);
  if (order.field === newestFirst.field && order.descending) return bare;
  const word = `sort:${order.descending ? '-' : ''}${order.field}`;
  return bare === '' ? word : `${bare} ${word}`;
}

/** Fields that a query can group by at once. */
export const mostGroupFields = 3;

/** The text with its runs in groups of these fields; none for one list. */
export function withGroup(text: string, fields: readonly GroupId[]): string {
  const now = parseQuery(text).group;
  const bare = now === null ? text.trim() : withoutTerm(text, now);
  return [bare, fields.length === 0 ? '' : `group:${fields.join(',')}`].join(' ').trim();
}

class Misread extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

function fail(start: number, end: number, message: string, fix: string | null): never {
  throw new Misread({ start, end, message, fix });
}

const isNegated = ({ negated, operator }: Token): boolean => negated !== (operator === '!=');

function readCondition(token: Token, text: string): Condition {
  const { name, operator, values, start, end, valueStart } = token;
  if (name === null || operator === null) return { kind: 'word', text: values[0] ?? '' };
  const field = fieldNamed(name);
  const nameStart = token.negated ? start + 1 : start;
  if (field === undefined) {
    const guess = nearest(name, fieldNames);
    const rest = text.slice(nameStart + name.length, end);
    const fix =
      guess === null ? `"${text.slice(nameStart, end).replaceAll('"', '')}"` : guess + rest;
    const advice = guess === null ? '; words with a colon or a sign need quotes' : '';
    return fail(nameStart, end, `there is no field "${name}"${advice}`, fix);
  }
  if (values.every((value) => value === '')) {
    const example =
      field.type === 'number' ? field.example : field.type === 'date' ? '2026-11-22' : null;
    return fail(
      start,
      end,
      `${name} has no value`,
      example === null ? null : text.slice(start, end) + example,
    );
  }
  const compares = operator !== ':' && operator !== '=' && operator !== '!=';
  const value = text.slice(valueStart, end);
  const rewrite = (fix: string): string => text.slice(start, valueStart) + fix;
  switch (field.type) {
    case 'text':
      if (compares) fail(start, end, `${name} is a text and has no order`, `${name}:${value}`);
      return { kind: 'text', field: field.id, whole: operator !== ':', values: filled(values) };
    case 'choice':
      if (compares) fail(start, end, `${name} is a word and has no order`, `${name}:${value}`);
      return { kind: 'choice', field: field.id, values: readChoices(token, field.values, text) };
    case 'number':
      return readNumber(token, field.id, field.dimension, value, rewrite);
    case 'date':
      return readDate(token, field.id, value);
  }
}

const filled = (values: readonly string[]): readonly string[] => values.filter((one) => one !== '');

function readChoices(token: Token, known: readonly string[], text: string): readonly string[] {
  return filled(token.values).map((value) => {
    const found = known.find((one) => one.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return found;
    const guess = nearest(value, known);
    const written = text.slice(token.start, token.end);
    const fix = guess === null ? null : written.replace(value, () => guess);
    const message = `"${value}" is no ${token.name ?? 'word'}; there are ${known.join(', ')}`;
    return fail(token.start, token.end, message, fix);
  });
}

function readNumber(
  token: Token,
  field: FieldOf<'number'>,
  dimension: Dimension,
  value: string,
  rewrite: (fix: string) => string,
): Condition {
  const { start, end } = token;
  const operator = token.operator ?? ':';
  const read = (part: string, around: (fix: string) => string): number => {
    const parsed = parseQuantity(part, dimension);
    if (parsed.ok) return parsed.value;
    return fail(
      start,
      end,
      parsed.message,
      parsed.fix === null ? null : rewrite(around(parsed.fix)),
    );
  };
  const dots = value.indexOf('..');
  if (dots >= 0 && (operator === ':' || operator === '=' || operator === '!=')) {
    const [first, last] = [value.slice(0, dots), value.slice(dots + 2)];
    const low = first === '' ? -Infinity : read(first, (fix) => `${fix}..${last}`);
    const high = last === '' ? Infinity : read(last, (fix) => `${first}..${fix}`);
    if (low > high)
      fail(start, end, 'the range ends before it begins', rewrite(`${last}..${first}`));
    return { kind: 'range', field, low, high };
  }
  if (value.includes(',')) {
    fail(start, end, 'one number is wanted, without commas; a range is low..high', null);
  }
  return {
    kind: 'number',
    field,
    comparison: comparisonOf(operator),
    value: read(value, (fix) => fix),
  };
}

const comparisonOf = (operator: Operator): Comparison =>
  operator === ':' || operator === '!=' ? '=' : operator;

const dayMs = 86_400_000;
const digits = (text: string): boolean =>
  Array.from(text).every((char) => char >= '0' && char <= '9');

/** First instant of a day or of an ISO instant, and of what follows it. */
function readInstant(value: string): { readonly from: number; readonly next: number } | null {
  const isDay =
    value.length === 10 &&
    value[4] === '-' &&
    value[7] === '-' &&
    digits(value.slice(0, 4) + value.slice(5, 7) + value.slice(8));
  if (!isDay && !(value.length >= 16 && value[10] === 'T')) return null;
  const from = Date.parse(isDay ? `${value}T00:00:00Z` : value);
  // 2026-02-30 would be read as the second of March.
  const real = !isDay || (Number.isFinite(from) && new Date(from).toISOString().startsWith(value));
  return Number.isFinite(from) && real ? { from, next: from + (isDay ? dayMs : 1) } : null;
}

function readDate(token: Token, field: FieldOf<'date'>, value: string): Condition {
  const { start, end, operator } = token;
  const read = (part: string) =>
    readInstant(part) ??
    fail(start, end, `"${part}" is no day; write it as 2026-11-22, or in ISO 8601`, null);
  const dots = value.indexOf('..');
  if (dots >= 0) {
    const [first, last] = [value.slice(0, dots), value.slice(dots + 2)];
    return {
      kind: 'date',
      field,
      from: first === '' ? null : read(first).from,
      before: last === '' ? null : read(last).next,
    };
  }
  const { from, next } = read(value);
  switch (operator) {
    case '<':
      return { kind: 'date', field, from: null, before: from };
    case '<=':
      return { kind: 'date', field, from: null, before: next };
    case '>':
      return { kind: 'date', field, from: next, before: null };
    case '>=':
      return { kind: 'date', field, from, before: null };
    default:
      return { kind: 'date', field, from, before: next };
  }
}

function readOrder(token: Token): Order {
  const { start, end, values, negated } = token;
  const written = values[0] ?? '';
  const descending = written.startsWith('-') || negated;
  const name = written.startsWith('-') ? written.slice(1) : written;
  const field = fieldNamed(name)?.id;
  const found = sortIds.find((id) => id === field);
  if (found !== undefined && values.length === 1) return { field: found, descending };
  if (values.length > 1) return fail(start, end, 'sort takes one field', `sort:${written}`);
  const guess = nearest(name, sortIds);
  const message = field === undefined ? `there is no field "${name}"` : `${name} has no order`;
  return fail(start, end, message, guess === null ? null : `sort:${descending ? '-' : ''}${guess}`);
}

function readGroup(token: Token): readonly GroupId[] {
  const { start, end, values } = token;
  const names = filled(values);
  const found = names.map((name) => {
    const field = fieldNamed(name)?.id;
    return groupIds.find((id) => id === field);
  });
  const wrong = found.indexOf(undefined);
  if (wrong >= 0 || names.length === 0) {
    const name = names[wrong] ?? '';
    const guess = nearest(name, groupIds);
    const message =
      fieldNamed(name) === undefined
        ? `there is no field "${name}"`
        : `${name} is different for every run`;
    const fixed = names.map((one, at) => (at === wrong ? guess : one)).join(',');
    return fail(start, end, message, guess === null ? null : `group:${fixed || guess}`);
  }
  const once = [...new Set(found.flatMap((id) => id ?? []))];
  if (once.length > mostGroupFields) {
    const fix = `group:${once.slice(0, mostGroupFields).join(',')}`;
    return fail(start, end, `group takes at most ${mostGroupFields} fields`, fix);
  }
  return once;
}
