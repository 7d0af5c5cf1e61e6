/** Numbers as the command line prints them; units in the text, decimal prefixes. */
import type { Median, Proportion } from '../api/schemas/run-view.ts';

export function formatMs(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(3)} GB`;
}

export const formatProportion = ({ correct, n, low, high }: Proportion): string =>
  `${((100 * correct) / n).toFixed(1)} %  (${correct} of ${n}; 95 % interval ${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %)`;

export function formatMedian({ median, n, low, high }: Median): string {
  if (n === 1) return `${formatMs(median)}  (n = 1)`;
  if (low === null || high === null) return `${formatMs(median)}  (median of ${n})`;
  return `${formatMs(median)}  (median of ${n}; 95 % interval ${formatMs(low)} to ${formatMs(high)})`;
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Rows of label and text, the labels padded to one width. */
export function formatTable(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join('\n');
}
