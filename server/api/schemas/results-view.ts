/** A view of the results: everything that makes the table look as it does, by name or in an address. Browser-safe. */
import { z } from 'zod';
import type { ByteFamily } from './format.ts';
import { defaultColumns } from './results-columns.ts';
import { mostIds } from './results-limits.ts';
import { columnIdsSchema, querySchema } from './results-requests.ts';
import { runIdSchema } from './requests.ts';

/** What can stand below the table: the selected runs next to each other. */
export const chartIds = ['comparison'] as const;
/** Prefixes of bytes: kB, MB, GB, or KiB, MiB, GiB. */
export const unitIds = ['decimal', 'binary'] as const satisfies readonly ByteFamily[];

export const viewStateSchema = z.strictObject({
  /** Filters and order, in the query language. */
  q: querySchema.default(''),
  /** In the order of the table. */
  columns: columnIdsSchema.min(1).default([...defaultColumns]),
  /** Pixels, of columns that somebody resized. */
  widths: z.record(z.string().max(40), z.number().int().min(60).max(800)).default({}),
  /** Hide columns that are the same in every run. */
  diffOnly: z.boolean().default(false),
  charts: z.array(z.enum(chartIds)).max(8).default([]),
  units: z.enum(unitIds).default('decimal'),
  /** The run that others are compared with in columns of their own; null is none. */
  baseline: runIdSchema.nullable().default(null),
  /** Runs that are selected, in the order of selection. */
  selected: z.array(runIdSchema).max(mostIds).default([]),
});
export type ViewState = z.infer<typeof viewStateSchema>;

export const viewIdSchema = z.string().min(1).max(40);
export const viewNameSchema = z
  .string()
  .trim()
  .min(1, 'a view needs a name')
  .max(60, 'a name has at most 60 characters');

export const createViewSchema = z.strictObject({ name: viewNameSchema, state: viewStateSchema });
export const updateViewSchema = z.strictObject({
  id: viewIdSchema,
  name: viewNameSchema.optional(),
  state: viewStateSchema.optional(),
});

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly state: ViewState;
  readonly updatedAt: string;
}
