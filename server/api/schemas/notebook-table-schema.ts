/** Tables and single values of notebooks as they are checked when they are read. Browser-safe. */
import { z } from 'zod';
import { mostTableColumns, mostTableRows, valueFormats } from './notebook-table.ts';
import { runIdSchema } from './requests.ts';
import { provenanceClasses } from './results-fields.ts';

const longestText = 2000;

export const plainValueSchema = z.union([
  z.string().max(longestText),
  z.number(),
  z.boolean(),
  z.null(),
]);
export type PlainValue = z.infer<typeof plainValueSchema>;

/** `measured` on this installation and `measured` elsewhere never share a statistic. */
export const rowClassSchema = z.enum([...provenanceClasses, 'measured, shipped', 'computed']);
export type RowClass = z.infer<typeof rowClassSchema>;

const columnSchema = z.strictObject({
  key: z.string().min(1).max(120),
  label: z.string().max(200),
  type: z.enum(['number', 'text']),
  format: z.enum(valueFormats),
});
export type DataColumn = z.infer<typeof columnSchema>;

const rowSchema = z.strictObject({
  cells: z.array(plainValueSchema).max(mostTableColumns),
  /** Runs behind the row; none where it is predicted, reported or computed. */
  runs: z.array(runIdSchema).max(200),
  class: rowClassSchema,
});
export type DataRow = z.infer<typeof rowSchema>;

export const dataTableSchema = z
  .strictObject({
    columns: z.array(columnSchema).max(mostTableColumns),
    rows: z.array(rowSchema).max(mostTableRows),
    /** How many rows there were, where not all are here. */
    total: z.number().int().nonnegative(),
  })
  .refine(
    ({ columns, rows }) => rows.every(({ cells }) => cells.length === columns.length),
    'every row has a value for each column',
  );
export type DataTable = z.infer<typeof dataTableSchema>;

export const scalarSchema = z.strictObject({
  value: plainValueSchema,
  format: z.enum(valueFormats),
  runs: z.array(runIdSchema).max(mostTableRows),
  classes: z.array(rowClassSchema).max(8),
});
export type Scalar = z.infer<typeof scalarSchema>;
