/** From the terms of a query to one parameterised condition. */
import type { Flag, GroupId, Having } from '../api/schemas/results-fields.ts';
import {
  describeProblem,
  newestFirst,
  parseQuery,
  type Condition,
  type Order,
  type Term,
} from '../api/schemas/results-query.ts';
import { geluIds, softmaxIds } from '../api/schemas/run-spec.ts';
import { approximationName } from '../api/schemas/spec-names.ts';
import { Prisma } from '../db/generated/client.ts';
import { RunError } from '../runs/errors.ts';
import { choiceSql, dateSql, flagSql, havingSql, numberSql, textSql } from './field-sql.ts';

export interface ReadQuery {
  readonly terms: readonly Term[];
  readonly order: Order;
  readonly group: readonly GroupId[];
}

/** @throws RunError 'invalid' naming position, word and fix of the first thing that is wrong */
export function readQuery(text: string): ReadQuery {
  const { terms, order, group, problems } = parseQuery(text);
  const [problem] = problems;
  if (problem !== undefined) throw new RunError('invalid', describeProblem(problem, text));
  return { terms, order: order ?? newestFirst, group: group?.fields ?? [] };
}

const pairs = geluIds.flatMap((gelu) => softmaxIds.map((softmax) => ({ gelu, softmax })));

/** The pairs of functions whose short name a person may have meant. */
function pairsNamed(fits: (name: string) => boolean): Prisma.Sql {
  const found = pairs.filter((pair) => fits(approximationName(pair).toLowerCase()));
  const keys = found.map(({ gelu, softmax }) => `${gelu}/${softmax}`);
  return Prisma.sql`${textSql.approx} = ANY(${keys}::text[])`;
}

const contains = (expression: Prisma.Sql, part: string): Prisma.Sql =>
  Prisma.sql`strpos(lower(${expression}), ${part}) > 0`;

const anyOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0
    ? Prisma.sql`false`
    : Prisma.sql`(${Prisma.join([...conditions], ' OR ')})`;

const allOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0
    ? Prisma.sql`true`
    : Prisma.sql`(${Prisma.join([...conditions], ' AND ')})`;

const searched = Prisma.sql`concat_ws(' ', s.model, s.variant, s.dataset, s.network, s.gelu,
  s.softmax, r.id, r.note, array_to_string(r.tags, ' '))`;

function textCondition(condition: Extract<Condition, { kind: 'text' }>): Prisma.Sql {
  const { field, whole, values } = condition;
  return anyOf(
    values.map((value) => {
      const wanted = value.toLowerCase();
      if (field === 'tag' && whole) return Prisma.sql`r.tags @> ARRAY[${wanted}]::text[]`;
      const match = (expression: Prisma.Sql): Prisma.Sql =>
        whole ? Prisma.sql`lower(${expression}) = ${wanted}` : contains(expression, wanted);
      if (field !== 'approx') return match(textSql[field]);
      const fits = (name: string): boolean => (whole ? name === wanted : name.includes(wanted));
      return anyOf([match(textSql.gelu), match(textSql.softmax), pairsNamed(fits)]);
    }),
  );
}

function choiceCondition({ field, values }: Extract<Condition, { kind: 'choice' }>): Prisma.Sql {
  switch (field) {
    case 'is':
      return anyOf(values.map((value) => flagSql[value as Flag]));
    case 'has':
      return anyOf(values.map((value) => havingSql[value as Having]));
    case 'with':
      return Prisma.sql`true`;
    default:
      return Prisma.sql`${choiceSql[field]} = ANY(${[...values]}::text[])`;
  }
}

/** Two ways to one number may differ in its last bits. */
const slack = 1e-9;

function numberCondition(condition: Extract<Condition, { kind: 'number' | 'range' }>): Prisma.Sql {
  const expression = numberSql[condition.field];
  if (condition.kind === 'range') {
    const { low, high } = condition;
    return allOf([
      ...(Number.isFinite(low) ? [Prisma.sql`${expression} >= ${low}::float8`] : []),
      ...(Number.isFinite(high) ? [Prisma.sql`${expression} <= ${high}::float8`] : []),
    ]);
  }
  const { comparison, value } = condition;
  switch (comparison) {
    case '=':
      return Prisma.sql`abs(${expression} - ${value}::float8) <= ${Math.abs(value) * slack}::float8`;
    case '<':
      return Prisma.sql`${expression} < ${value}::float8`;
    case '<=':
      return Prisma.sql`${expression} <= ${value}::float8`;
    case '>':
      return Prisma.sql`${expression} > ${value}::float8`;
    case '>=':
      return Prisma.sql`${expression} >= ${value}::float8`;
  }
}

function dateCondition({ field, from, before }: Extract<Condition, { kind: 'date' }>): Prisma.Sql {
  const expression = dateSql[field];
  return allOf([
    Prisma.sql`${expression} IS NOT NULL`,
    ...(from === null ? [] : [Prisma.sql`${expression} >= ${iso(from)}::timestamptz`]),
    ...(before === null ? [] : [Prisma.sql`${expression} < ${iso(before)}::timestamptz`]),
  ]);
}

const iso = (ms: number): string => new Date(ms).toISOString();

function conditionSql(condition: Condition): Prisma.Sql {
  switch (condition.kind) {
    case 'word': {
      const wanted = condition.text.toLowerCase();
      return anyOf([contains(searched, wanted), pairsNamed((name) => name.includes(wanted))]);
    }
    case 'text':
      return textCondition(condition);
    case 'choice':
      return choiceCondition(condition);
    case 'number':
    case 'range':
      return numberCondition(condition);
    case 'date':
      return dateCondition(condition);
  }
}

/** A term as a condition that is true or false, never null: the other half of a term is its negation. */
export function termSql(term: Term): Prisma.Sql {
  const condition = conditionSql(term);
  const never = term.kind === 'choice' && term.field === 'with';
  return term.negated && !never
    ? Prisma.sql`((${condition}) IS NOT TRUE)`
    : Prisma.sql`((${condition}) IS TRUE)`;
}

/** Whether the query speaks of archived runs itself; else they are left out. */
export const asksForArchived = (terms: readonly Term[]): boolean =>
  terms.some(
    (term) =>
      term.kind === 'choice' &&
      (term.field === 'is' || term.field === 'with') &&
      term.values.includes('archived'),
  );

/** The condition of a whole query, archived runs not left out. */
export const termsSql = (terms: readonly Term[]): Prisma.Sql => allOf(terms.map(termSql));

/** The condition of a whole query. */
export function whereSql(terms: readonly Term[]): Prisma.Sql {
  if (asksForArchived(terms)) return termsSql(terms);
  return Prisma.sql`r.archived_at IS NULL AND ${termsSql(terms)}`;
}
