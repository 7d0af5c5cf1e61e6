/**
 * Cuts a query of the results into tokens, in one pass from left to right. Browser-safe.
 *
 *   token    = ["-"] ( name operator value | value )
 *   operator = ":" | "=" | "!=" | "<" | "<=" | ">" | ">="
 *   value    = piece { "," piece },  piece = characters without space, or "in quotes"
 */

export const operators = [':', '=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof operators)[number];

export interface Token {
  readonly negated: boolean;
  /** Null for a free word. */
  readonly name: string | null;
  readonly operator: Operator | null;
  /** Pieces between commas, quotes taken away. A free word has one. */
  readonly values: readonly string[];
  /** Where the value begins, and each token with its minus, in UTF-16 units of the text. */
  readonly valueStart: number;
  readonly start: number;
  readonly end: number;
  /** Position of a quote that is never closed. */
  readonly openQuote: number | null;
}

const isSpace = (char: string): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\u00a0' || char === '\r';
const isNameChar = (char: string): boolean =>
  (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '-' || char === '_';

const typographic: Readonly<Record<string, Operator>> = { '≤': '<=', '≥': '>=', '≠': '!=' };

function operatorAt(text: string, at: number): { operator: Operator; length: number } | null {
  const char = text[at] ?? '';
  const fancy = typographic[char];
  if (fancy !== undefined) return { operator: fancy, length: 1 };
  if (text[at + 1] === '=' && (char === '!' || char === '<' || char === '>')) {
    return { operator: `${char}=`, length: 2 };
  }
  return char === ':' || char === '=' || char === '<' || char === '>'
    ? { operator: char, length: 1 }
    : null;
}

/** Pieces up to the next space outside quotes. Commas part them only after an operator. */
function readValues(text: string, from: number, commas: boolean) {
  const values: string[] = [];
  let piece = '';
  let quote: number | null = null;
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') quote = quote === null ? at : null;
    else if (quote === null && isSpace(char)) break;
    else if (quote === null && commas && char === ',') {
      values.push(piece);
      piece = '';
    } else piece += char;
  }
  values.push(piece);
  return { values, end: at, openQuote: quote };
}

/** Every token of the text; white space between them is dropped. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const start = at;
    const negated = text[at] === '-' && at + 1 < text.length && !isSpace(text[at + 1] ?? '');
    if (negated) at += 1;
    const nameStart = at;
    while (at < text.length && isNameChar(text[at] ?? '')) at += 1;
    const found = at > nameStart ? operatorAt(text, at) : null;
    const valueStart = found === null ? nameStart : at + found.length;
    const { values, end, openQuote } = readValues(text, valueStart, found !== null);
    tokens.push({
      negated,
      name: found === null ? null : text.slice(nameStart, at),
      operator: found?.operator ?? null,
      values,
      valueStart,
      start,
      end,
      openQuote,
    });
    at = end;
  }
  return tokens;
}

/** A value as it has to be written so that it is read back as one piece. */
export function quoted(value: string): string {
  // The language has no escape: a quote inside a value is left out.
  const clean = value.replaceAll('"', '');
  const plain = clean !== '' && !Array.from(clean).some((char) => isSpace(char) || char === ',');
  return plain ? clean : `"${clean}"`;
}
