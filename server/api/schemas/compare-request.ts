/** What a comparison is asked for in requests; its address is compare-address.ts. Browser-safe. */
import { z } from 'zod';
import { mostPublished } from './compare-address.ts';
import { runIdSchema } from './requests.ts';
import { mostIds } from './results-limits.ts';
import { querySchema } from './results-requests.ts';

/** Runs by id, or all that a query of the results finds. */
export const compareRunsSchema = z.union([
  z.strictObject({ ids: z.array(runIdSchema).max(mostIds) }),
  z.strictObject({ q: querySchema }),
]);
export type CompareAsked = z.infer<typeof compareRunsSchema>;

/** Days until a link ends by itself; null for never. */
export const expiresInDaysSchema = z.number().int().min(1).max(3650).nullable().default(null);

export const publishComparisonSchema = z.strictObject({
  ids: z.array(runIdSchema).min(1).max(mostPublished),
  base: runIdSchema.nullable().default(null),
  units: z.string().max(80).default(''),
  /** The view of the results that these runs are, where they are one. */
  view: z
    .strictObject({ name: z.string().max(60), q: querySchema })
    .nullable()
    .default(null),
  expiresInDays: expiresInDaysSchema,
});
