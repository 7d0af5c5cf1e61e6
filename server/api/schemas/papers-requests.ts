/** What requests about papers must look like; apart from papers.ts, so that pages need not load the checks. Browser-safe. */
import { z } from 'zod';
import { paperSlugs } from './papers.ts';
import { sideMethods, sideSets, sideSubjects } from './papers-side-by-side.ts';

export const paperSlugSchema = z.enum(paperSlugs);

/** `paper.table.row.column` */
export const cellIdSchema = z
  .string()
  .max(160)
  .regex(/^(mpcformer|puma|mpcvit)(\.[a-z0-9-]+){3}$/);

/** Cells whose runs are priced or queued. */
export const askedCellsSchema = z.strictObject({
  ids: z.array(cellIdSchema).min(1).max(400),
  /** Runs specs that are done already once more. */
  again: z.boolean().default(false),
});

/** One entry of the side-by-side page. */
export const sideEntrySchema = z.strictObject({
  subject: z.enum(sideSubjects),
  method: z.enum(sideMethods),
  set: z.enum(sideSets),
});
