/**
 * The notebook's expressions: what assertions hold and what `{{...}}` in a text stands for. Small on
 * purpose: no loops, no calls but of the functions below, so that every expression ends, on the page and
 * on the command line alike. Browser-safe.
 *
 *     min(runs.online_ms where protocol == "replicated/fast") < 2000 and count(runs) >= 3
 */
import { reservedNames } from './notebook-kinds.ts';

export const longestExpression = 2000;
const deepest = 50;

export const aggregates = ['count', 'min', 'max', 'mean', 'median', 'sum', 'first'] as const;
export type Aggregate = (typeof aggregates)[number];
export const functionNames = ['abs', 'round', 'sqrt', 'log10'] as const;
export type FunctionName = (typeof functionNames)[number];
export const operators = [
  'or',
  'and',
  '==',
  '!=',
  '<=',
  '>=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
] as const;
export type Operator = (typeof operators)[number];

export type Expression =
  | { readonly kind: 'literal'; readonly value: number | string | boolean }
  /** An input's value, or inside of `where` a column of the row. */
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'aggregate';
      readonly of: Aggregate;
      readonly table: string;
      readonly column: string | null;
      readonly where: Expression | null;
    }
  | { readonly kind: 'call'; readonly function: FunctionName; readonly argument: Expression }
  | { readonly kind: 'not' | 'minus'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** What is wrong with an expression, and where in it. */
export class ExpressionError extends Error {
  /** Characters from its start. */
  readonly at: number;
  constructor(at: number, problem: string) {
    super(problem);
    this.name = 'ExpressionError';
    this.at = at;
  }
}

interface Token {
  readonly kind: 'number' | 'string' | 'word' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const pattern =
  /\s*(?:(?<number>\d+\.?\d*(?:e[+-]?\d+)?)|"(?<string>[^"\n]*)"|(?<word>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|[-<>+*/().,]))/iy;

function tokensOf(text: string): readonly Token[] {
  if (text.length > longestExpression) {
    throw new ExpressionError(
      longestExpression,
      `an expression has at most ${longestExpression} characters.`,
    );
  }
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
      throw new ExpressionError(at, `"${text.slice(at, at + 12)}" cannot be read here.`);
    }
    const { number, string, word, sign } = match.groups ?? {};
    const body = number ?? string ?? word ?? sign ?? '';
    const kind =
      number !== undefined
        ? 'number'
        : string !== undefined
          ? 'string'
          : word !== undefined
            ? 'word'
            : 'sign';
    tokens.push({ kind, text: body, at: pattern.lastIndex - body.length });
  }
  return [...tokens, { kind: 'end', text: 'the end', at: end }];
}

const levels: readonly (readonly Operator[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];

/** Recursive descent over the levels above; depth is bounded. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Expression {
    const expression = this.#level(0);
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new ExpressionError(rest.at, `"${rest.text}" is left over.`);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end', at: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #accept(text: string): boolean {
    const { kind, text: found } = this.#peek();
    if (kind === 'string' || kind === 'number' || found !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#accept(text))
      throw new ExpressionError(token.at, `"${text}" is missing before ${token.text}.`);
  }

  #level(level: number): Expression {
    const known = levels[level];
    if (known === undefined) return this.#unary();
    this.#depth += 1;
    if (this.#depth > deepest * levels.length)
      throw new ExpressionError(this.#peek().at, 'too many brackets inside each other.');
    let left = this.#level(level + 1);
    for (;;) {
      const operator = known.find((one) => this.#accept(one));
      if (operator === undefined) break;
      left = { kind: 'binary', operator, left, right: this.#level(level + 1) };
    }
    this.#depth -= 1;
    return left;
  }

  #unary(): Expression {
    this.#depth += 1;
    if (this.#depth > deepest * levels.length)
      throw new ExpressionError(this.#peek().at, 'too many signs one after the other.');
    const kind = this.#accept('not') ? 'not' : this.#accept('-') ? 'minus' : null;
    const result: Expression =
      kind === null
        ? this.#primary()
        : { kind, operand: kind === 'not' ? this.#level(2) : this.#unary() };
    this.#depth -= 1;
    return result;
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.text === '(' && token.kind === 'sign') {
      const inner = this.#level(0);
      this.#expect(')');
      return inner;
    }
    if (token.kind !== 'word')
      throw new ExpressionError(token.at, `a value is missing before ${token.text}.`);
    if (token.text === 'true' || token.text === 'false')
      return { kind: 'literal', value: token.text === 'true' };
    if (reservedNames.includes(token.text))
      throw new ExpressionError(token.at, `a value is missing before ${token.text}.`);
    return this.#peek().text === '(' && this.#peek().kind === 'sign'
      ? this.#call(token)
      : { kind: 'name', name: token.text };
  }

  #call({ text, at }: Token): Expression {
    this.#expect('(');
    const named = functionNames.find((one) => one === text);
    if (named !== undefined) {
      const argument = this.#level(0);
      this.#expect(')');
      return { kind: 'call', function: named, argument };
    }
    const of = aggregates.find((one) => one === text);
    if (of === undefined) {
      throw new ExpressionError(
        at,
        `there is no function "${text}"; use ${[...aggregates, ...functionNames].join(', ')}.`,
      );
    }
    const table = this.#next();
    if (table.kind !== 'word')
      throw new ExpressionError(table.at, `${text} wants the name of a table.`);
    const column = this.#accept('.') ? this.#next() : null;
    if (column !== null && column.kind !== 'word')
      throw new ExpressionError(column.at, 'the name of a column is missing.');
    if (column === null && of !== 'count') {
      throw new ExpressionError(table.at, `${text} wants a column: ${text}(${table.text}.column).`);
    }
    const where = this.#accept('where') ? this.#level(0) : null;
    this.#expect(')');
    return { kind: 'aggregate', of, table: table.text, column: column?.text ?? null, where };
  }
}

/** @throws ExpressionError */
export const parseExpression = (text: string): Expression => new Parser(text).whole();

/** Names of cells that an expression uses; inside of `where` a name may as well be a column. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'name':
      return [expression.name];
    case 'aggregate':
      return [expression.table, ...(expression.where === null ? [] : namesIn(expression.where))];
    case 'call':
      return namesIn(expression.argument);
    case 'not':
    case 'minus':
      return namesIn(expression.operand);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}

/** `{{...}}` in a text: where it stands, and what is in it. */
export interface Placeholder {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export const placeholdersOf = (text: string): readonly Placeholder[] =>
  [...text.matchAll(/\{\{([^{}\n]{1,2000})\}\}/g)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    text: match[1] ?? '',
  }));
