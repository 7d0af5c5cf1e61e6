/** Where the headers of groups stand between the rows of a table: arithmetic over their sizes. Pure. */
import type { Group } from '../../server/api/routers/results/ids.ts';
import { columns } from '../../server/api/schemas/results-columns.ts';
import type { GroupId } from '../../server/api/schemas/results-fields.ts';

export type Item =
  | { readonly kind: 'group'; readonly group: Group; readonly firstRun: number }
  /** `index` counts runs, headers left out. */
  | { readonly kind: 'run'; readonly index: number };

export const itemCount = (runs: number, groups: readonly Group[] | null): number =>
  runs + (groups?.length ?? 0);

/** The items from `from` up to `to`; without groups an item is a run. */
export function itemsBetween(
  from: number,
  to: number,
  runs: number,
  groups: readonly Group[] | null,
): readonly Item[] {
  if (groups === null) {
    const last = Math.min(to, runs);
    return Array.from({ length: Math.max(0, last - from) }, (_, at) => ({
      kind: 'run',
      index: from + at,
    }));
  }
  const items: Item[] = [];
  let item = 0;
  let run = 0;
  for (const group of groups) {
    const end = item + 1 + group.runs;
    if (item >= to) break;
    if (end > from) {
      if (item >= from) items.push({ kind: 'group', group, firstRun: run });
      const first = Math.max(from, item + 1);
      for (let at = first; at < Math.min(to, end); at += 1) {
        items.push({ kind: 'run', index: run + at - item - 1 });
      }
    }
    item = end;
    run += group.runs;
  }
  return items;
}

/** "Protocol: replicated/fast, 40 ms RTT", in the words and units of the columns that show it. */
export const groupLabel = (fields: readonly GroupId[], { values }: Group): string =>
  fields.map((field, at) => valueLabel(field, values[at] ?? null)).join(', ');

function valueLabel(field: GroupId, value: string | null): string {
  const column = columns.find(({ sort }) => sort === field);
  const label = column?.label ?? field;
  if (value === null) return `${label}: none`;
  const number = Number(value);
  // While other groups are on their way the old ones stay, with values of other fields.
  const isNumber = column?.type === 'number' && Number.isFinite(number);
  const text = isNumber ? column.format(number) : value;
  // "40 ms RTT" says already what it is.
  return text.endsWith(label) ? text : `${label}: ${text}`;
}
