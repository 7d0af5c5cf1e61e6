/** Tables of several columns for a terminal. */

/** Cells padded to the widest of their column; columns of numbers are set right. */
export function formatColumns(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const numeric = head.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === ''),
  );
  const text = (cell: string | number | undefined): string =>
    typeof cell === 'number' ? cell.toLocaleString('en-US') : (cell ?? '');
  const lines = [head, ...rows].map((row) => head.map((_, column) => text(row[column])));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          numeric[column] === true
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
