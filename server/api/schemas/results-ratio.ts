/**
 * Columns that compare with one run, the pinned baseline: times, bytes and rounds as a factor of its
 * own, accuracies as a difference in percentage points. Browser-safe.
 */
import { formatSignificant } from './format.ts';
import type { Column, NumberColumn } from './results-column.ts';
import type { ResultRow } from './results-row.ts';

const isShare = (column: NumberColumn): boolean => column.better === 'more';

const points = (value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${Math.abs(value).toFixed(1)} points`;

/** Only what has a better direction says anything beside the baseline. */
function ratioColumn(column: NumberColumn, baseline: ResultRow): NumberColumn {
  const own = column.value(baseline);
  const share = isShare(column);
  const value = (run: ResultRow): number | null => {
    const measured = column.value(run);
    if (measured === null || own === null) return null;
    if (share) return (measured - own) * 100;
    return own === 0 ? null : measured / own;
  };
  const label = `${column.label}, ${share ? 'difference' : 'ratio'}`;
  const key = `${column.parts[0].key}_${share ? 'points_over' : 'times'}_baseline`;
  return {
    type: 'number',
    id: `${column.id}-ratio`,
    label,
    help: share
      ? 'Percentage points over the pinned baseline'
      : 'Times what the pinned baseline took',
    source: column.source,
    sort: null,
    // The header in one line, with its arrow.
    width: Math.max(132, label.length * 8 + 44),
    better: column.better,
    value,
    format: (number) => (share ? points(number) : `${formatSignificant(number)}\u00d7`),
    // Numbers of different classes may stand beside each other, but not unmarked.
    note: (run) =>
      run.id === baseline.id
        ? 'baseline'
        : value(run) !== null && run.provenance !== baseline.provenance
          ? `${run.provenance} against ${baseline.provenance}`
          : '',
    title: () => '',
    parts: [{ key, value }],
  };
}

/** Behind each column that can be compared its ratio to the baseline. */
export const withRatios = (
  columns: readonly Column[],
  baseline: ResultRow | null,
): readonly Column[] =>
  baseline === null
    ? columns
    : columns.flatMap((column) =>
        column.type === 'number' && column.better !== null
          ? [column, ratioColumn(column, baseline)]
          : [column],
      );
