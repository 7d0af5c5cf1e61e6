/** Pearson's test of independence, as a number of standard deviations. */

/**
 * Whether rows and columns of a table of counts are independent, as z. Empty rows and columns are left
 * out.
 */
export function independenceZ(table: readonly (readonly number[])[]): number {
  const rowSums = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table[0]?.length ?? 0;
  const columnSums = Array.from({ length: columns }, (_, column) =>
    table.reduce((sum, row) => sum + (row[column] ?? 0), 0),
  );
  const total = rowSums.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  table.forEach((row, r) =>
    row.forEach((count, c) => {
      const mean = ((rowSums[r] ?? 0) * (columnSums[c] ?? 0)) / total;
      if (mean > 0) statistic += (count - mean) ** 2 / mean;
    }),
  );
  const used = (sums: readonly number[]) => sums.filter((sum) => sum > 0).length - 1;
  const freedom = used(rowSums) * used(columnSums);
  // A constant depends on nothing.
  if (freedom < 1) return 0;
  return chiSquareAsZ(statistic, freedom);
}

/** Wilson, Hilferty 1931. */
export function chiSquareAsZ(statistic: number, freedom: number): number {
  const spread = 2 / (9 * freedom);
  return ((statistic / freedom) ** (1 / 3) - (1 - spread)) / Math.sqrt(spread);
}
