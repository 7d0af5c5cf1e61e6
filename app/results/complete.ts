/**
 * What the query box offers while somebody types: fields where a term begins, values behind a field.
 * Pure; the word under the caret is all that changes.
 */
import {
  fieldNamed,
  fieldNames,
  fields,
  groupIds,
  sortIds,
  type FieldId,
} from '../../server/api/schemas/results-fields.ts';
import { quoted, tokenize, type Token } from '../../server/api/schemas/results-tokens.ts';
import type { KnownValue } from '../../server/api/routers/results/values.ts';

export interface Offer {
  /** Stands in the list. */
  readonly label: string;
  readonly help: string;
  /** The whole text and the caret after taking it. */
  readonly text: string;
  readonly caret: number;
}

const mostOffers = 9;

/** The term that the caret stands in or behind; none where a new one would begin. */
const tokenAt = (text: string, caret: number): Token | undefined =>
  tokenize(text).find(({ start, end }) => start < caret && caret <= end);

/**
 * The last word, where it has no space behind it and is the beginning of a field's name: `vari`. Somebody
 * who pauses there most likely goes on to `variant:`. Null otherwise.
 */
export function halfTyped(text: string): string | null {
  const last = tokenize(text).at(-1);
  if (last === undefined || last.name !== null || last.end !== text.length) return null;
  const word = (last.values[0] ?? '').toLowerCase();
  const quotes = text.slice(last.start, last.end).includes('"');
  return !quotes && word !== '' && fieldNames.some((name) => name.startsWith(word))
    ? (last.values[0] ?? '')
    : null;
}

export function offersAt(
  text: string,
  caret: number,
  known: readonly KnownValue[],
): readonly Offer[] {
  const token = tokenAt(text, caret);
  const put = (from: number, to: number, insert: string, label: string, help: string): Offer => ({
    label,
    help,
    text: text.slice(0, from) + insert + text.slice(to),
    caret: from + insert.length,
  });
  if (token === undefined || token.name === null || caret < token.valueStart) {
    const from = token === undefined ? caret : token.start + (token.negated ? 1 : 0);
    const to = token?.name === undefined || token.name === null ? (token?.end ?? caret) : caret;
    const typed = text.slice(from, caret).toLowerCase();
    const named = [
      ...fields.map(({ id, aliases, help, type }) => ({ id, aliases, help, type })),
      { id: 'group', aliases: [], help: 'runs of one value together', type: 'text' },
      {
        id: 'sort',
        aliases: [],
        help: 'order of the list; sort:-field turns it round',
        type: 'text',
      },
    ];
    return named
      .filter(({ id, aliases }) => [id, ...aliases].some((name) => name.startsWith(typed)))
      .slice(0, mostOffers)
      .map(({ id, help, type }) => {
        const insert = `${id}${type === 'number' ? '<' : type === 'date' ? '>=' : ':'}`;
        return put(from, to, insert, insert, help);
      });
  }
  const comma = text.lastIndexOf(',', caret - 1);
  const valueFrom = Math.max(token.valueStart, comma + 1);
  const typed = text.slice(valueFrom, caret).replaceAll('"', '').toLowerCase();
  const isSort = token.name.toLowerCase() === 'sort';
  const from = isSort && typed.startsWith('-') ? valueFrom + 1 : valueFrom;
  const wanted = isSort && typed.startsWith('-') ? typed.slice(1) : typed;
  const isGroup = token.name.toLowerCase() === 'group';
  const values =
    isSort || isGroup
      ? (isSort ? sortIds : groupIds).map((value) => ({ value, help: helpOf(value) }))
      : valuesOf(token.name, known);
  return values
    .filter(({ value }) => value.toLowerCase().includes(wanted) && value.toLowerCase() !== wanted)
    .slice(0, mostOffers)
    .map(({ value, help }) => put(from, token.end, quoted(value), value, help));
}

const helpOf = (id: FieldId): string => fields.find((field) => field.id === id)?.help ?? '';

function valuesOf(
  name: string,
  known: readonly KnownValue[],
): readonly { readonly value: string; readonly help: string }[] {
  const field = fieldNamed(name);
  if (field === undefined) return [];
  switch (field.type) {
    case 'number':
      return [{ value: field.example, help: `for example; ${field.help}` }];
    case 'date':
      return [];
    case 'choice':
      return field.values.map((value) => ({ value, help: '' }));
    case 'text': {
      const stored = known.filter((one) => one.field === field.id);
      const values: readonly string[] = field.values;
      return [
        ...stored.map(({ value, runs }) => ({
          value,
          help: runs === 1 ? '1 run' : `${runs} runs`,
        })),
        ...values
          .filter((value) => !stored.some((one) => one.value === value))
          .map((value) => ({ value, help: '' })),
      ];
    }
  }
}
