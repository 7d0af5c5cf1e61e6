/** Numbers as the command line prints them: the pages' own, with spaces that a search finds. */
import type { Median, Proportion } from '../api/schemas/run-view.ts';
import * as shared from '../api/schemas/format.ts';

/** A page keeps number and unit on one line; a terminal's user may want to grep for "3 ms". */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

export const formatMs = (ms: number): string => plain(shared.formatDuration(ms));

export const formatBytes = (bytes: number): string => plain(shared.formatBytes(bytes));

export const formatProportion = (proportion: Proportion): string =>
  plain(shared.formatProportion(proportion));

export function formatMedian(median: Median): string {
  return `${formatMs(median.median)}  (${plain(shared.formatSpread(median, shared.formatDuration))})`;
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Rows of label and text, the labels padded to one width. */
export function formatTable(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join('\n');
}
