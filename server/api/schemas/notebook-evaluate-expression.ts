/**
 * The value of an expression over named results, and what is behind it: every number keeps the runs and
 * classes of what it was made of. Numbers of different classes are never averaged or summed. Browser-safe.
 */
import {
  namesIn,
  parseExpression,
  type Aggregate,
  type Expression,
  type FunctionName,
  type Operator,
} from './notebook-expression.ts';
import {
  classesOf,
  columnIndex,
  runsOf,
  type CellValue,
  type DataColumn,
  type DataRow,
  type DataTable,
  type PlainValue,
  type RowClass,
  type Scalar,
  type ValueFormat,
} from './notebook-table.ts';

/** What is wrong with the values, in a sentence for people. */
export class EvaluationError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'EvaluationError';
  }
}

/** The value of a name; undefined where no cell has it. */
export type Lookup = (name: string) => CellValue | undefined;

const literal = (value: PlainValue): Scalar => ({ value, format: 'plain', runs: [], classes: [] });

/** One value made of two: everything behind either is behind it. */
const joined = (a: Scalar, b: Scalar, value: PlainValue, format: ValueFormat): Scalar => ({
  value,
  format,
  runs: [...new Set([...a.runs, ...b.runs])],
  classes: [...new Set([...a.classes, ...b.classes])],
});

function numberOf({ value }: Scalar, operator: string): number {
  if (typeof value === 'number') return value;
  throw new EvaluationError(
    `${operator} wants numbers, not ${value === null ? 'a missing value' : JSON.stringify(value)}.`,
  );
}

function booleanOf({ value }: Scalar, operator: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(
    `${operator} wants something true or false, not ${JSON.stringify(value)}.`,
  );
}

function compared(operator: Operator, left: Scalar, right: Scalar): boolean {
  const [a, b] = [left.value, right.value];
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  // What is missing is neither more nor less than anything.
  if (a === null || b === null) return false;
  if (typeof a !== typeof b || typeof a === 'boolean') {
    throw new EvaluationError(
      `${operator} wants two numbers or two texts, not ${JSON.stringify(a)} and ${JSON.stringify(b)}.`,
    );
  }
  const order = a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator as '<'];
}

function arithmetic(operator: Operator, left: Scalar, right: Scalar): Scalar {
  const [a, b] = [numberOf(left, operator), numberOf(right, operator)];
  const same = left.format === right.format;
  const scaled =
    left.format === 'plain' ? right.format : right.format === 'plain' ? left.format : 'plain';
  switch (operator) {
    case '+':
      return joined(left, right, a + b, same ? left.format : 'plain');
    case '-':
      return joined(left, right, a - b, same ? left.format : 'plain');
    case '*':
      return joined(left, right, a * b, scaled);
    default:
      // One duration over another is a plain number.
      return joined(
        left,
        right,
        b === 0 ? null : a / b,
        right.format === 'plain' ? left.format : 'plain',
      );
  }
}

const functions: Readonly<Record<FunctionName, (value: number) => number>> = {
  abs: Math.abs,
  round: Math.round,
  sqrt: Math.sqrt,
  log10: Math.log10,
};

function medianOf(sorted: readonly number[]): number {
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
}

/** Least and greatest stay one of the numbers; the others mix them. */
const mixing: readonly Aggregate[] = ['mean', 'median', 'sum'];

function aggregated(
  of: Aggregate,
  column: DataColumn,
  rows: readonly DataRow[],
  place: number,
): Scalar {
  const filled = rows.filter(({ cells }) => cells[place] !== null);
  if (of === 'first') {
    const [row] = filled;
    if (row === undefined) throw new EvaluationError(`no row has a value of ${column.key}.`);
    return {
      value: row.cells[place] ?? null,
      format: column.format,
      runs: [...row.runs],
      classes: [row.class],
    };
  }
  const values = filled.flatMap(({ cells }) => {
    const value = cells[place];
    return typeof value === 'number' ? [value] : [];
  });
  if (values.length < filled.length)
    throw new EvaluationError(`${of} wants numbers; ${column.key} has texts.`);
  if (values.length === 0) throw new EvaluationError(`no row has a value of ${column.key}.`);
  const classes = classesOf(filled);
  if (mixing.includes(of) && classes.length > 1) {
    throw new EvaluationError(
      `${of} would mix numbers that are ${classes.join(' and ')}; choose one with where class == "${classes[0] ?? ''}".`,
    );
  }
  const sum = values.reduce((a, b) => a + b, 0);
  const sorted = values.toSorted((a, b) => a - b);
  const value = {
    count: values.length,
    sum,
    mean: sum / values.length,
    median: medianOf(sorted),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
  }[of];
  // What the least or the greatest is, only its own rows are behind.
  const behind =
    of === 'min' || of === 'max' ? filled.filter(({ cells }) => cells[place] === value) : filled;
  return {
    value,
    format: of === 'count' ? 'count' : column.format,
    runs: [...runsOf(behind)],
    classes: [...classesOf(behind)],
  };
}

const unknownColumn = (table: DataTable, name: string, key: string): EvaluationError =>
  new EvaluationError(
    `${name} has no column "${key}"; it has ${table.columns
      .map((one) => one.key)
      .slice(0, 30)
      .join(', ')}.`,
  );

function rowLookup(table: DataTable, row: DataRow, outer: Lookup): Lookup {
  return (name) => {
    const place = columnIndex(table, name);
    const column = table.columns[place];
    if (name === 'class' && column === undefined)
      return { kind: 'scalar', scalar: literal(row.class) };
    if (column === undefined) return outer(name);
    const value = row.cells[place] ?? null;
    return {
      kind: 'scalar',
      scalar: { value, format: column.format, runs: [...row.runs], classes: [row.class] },
    };
  };
}

/**
 * The value, with everything that is behind it.
 * @throws EvaluationError
 */
export function evaluateExpression(expression: Expression, lookup: Lookup): Scalar {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value);
    case 'name': {
      const found = lookup(expression.name);
      if (found === undefined)
        throw new EvaluationError(`there is no cell named "${expression.name}".`);
      if (found.kind === 'scalar') return found.scalar;
      throw new EvaluationError(
        `${expression.name} is a table; write for example count(${expression.name}).`,
      );
    }
    case 'call': {
      const argument = evaluateExpression(expression.argument, lookup);
      const value = functions[expression.function](numberOf(argument, expression.function));
      const format =
        expression.function === 'abs' || expression.function === 'round'
          ? argument.format
          : 'plain';
      return { ...argument, value: Number.isFinite(value) ? value : null, format };
    }
    case 'not': {
      const operand = evaluateExpression(expression.operand, lookup);
      return { ...operand, value: !booleanOf(operand, 'not') };
    }
    case 'minus': {
      const operand = evaluateExpression(expression.operand, lookup);
      return { ...operand, value: -numberOf(operand, '-') };
    }
    case 'binary': {
      const { operator } = expression;
      const left = evaluateExpression(expression.left, lookup);
      const right = evaluateExpression(expression.right, lookup);
      if (operator === 'and')
        return joined(left, right, booleanOf(left, 'and') && booleanOf(right, 'and'), 'plain');
      if (operator === 'or')
        return joined(left, right, booleanOf(left, 'or') || booleanOf(right, 'or'), 'plain');
      if (['+', '-', '*', '/'].includes(operator)) return arithmetic(operator, left, right);
      return joined(left, right, compared(operator, left, right), 'plain');
    }
    case 'aggregate':
      return aggregateOf(expression, lookup);
  }
}

function aggregateOf(
  expression: Extract<Expression, { kind: 'aggregate' }>,
  lookup: Lookup,
): Scalar {
  const { of, table: name, column: key, where } = expression;
  const found = lookup(name);
  if (found === undefined) throw new EvaluationError(`there is no cell named "${name}".`);
  if (found.kind !== 'table') throw new EvaluationError(`${name} is a single value, not a table.`);
  const { table } = found;
  if (where !== null) {
    // Said even of an empty table, where no row would.
    const outer = (one: string): boolean => lookup(one) !== undefined || one === 'class';
    const unknown = namesIn(where).find((one) => columnIndex(table, one) < 0 && !outer(one));
    if (unknown !== undefined) throw unknownColumn(table, name, unknown);
  }
  const rows =
    where === null
      ? table.rows
      : table.rows.filter((row) =>
          booleanOf(evaluateExpression(where, rowLookup(table, row, lookup)), 'where'),
        );
  if (key === null) {
    return {
      value: rows.length,
      format: 'count',
      runs: [...runsOf(rows)],
      classes: [...classesOf(rows)],
    };
  }
  const place = columnIndex(table, key);
  const column = table.columns[place];
  if (column === undefined) throw unknownColumn(table, name, key);
  return aggregated(of, column, rows, place);
}

/** Parses and evaluates. @throws ExpressionError, EvaluationError */
export const valueOf = (text: string, lookup: Lookup): Scalar =>
  evaluateExpression(parseExpression(text), lookup);

/** For people and aids: "measured" or "measured and predicted". */
export const classWords = (classes: readonly RowClass[]): string =>
  classes.length === 0 ? 'computed' : classes.join(' and ');
