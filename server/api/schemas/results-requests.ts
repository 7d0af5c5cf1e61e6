/** Inputs of the procedures of the results. Browser-safe. */
import { z } from 'zod';
import { columnById } from './results-columns.ts';
import { longestNote, mostIds, mostRows } from './results-limits.ts';
import { longestQuery } from './results-query.ts';
import { runIdSchema } from './requests.ts';

/** Judged by the query's own parser, which names position, word and fix. */
export const querySchema = z.string().max(2 * longestQuery);

export const listResultsSchema = z.strictObject({
  q: querySchema.default(''),
  limit: z.number().int().min(1).max(mostRows).default(50),
  cursor: z.string().max(400).nullish(),
});

export const columnIdsSchema = z
  .array(
    z
      .string()
      .max(40)
      .refine((id) => columnById(id) !== undefined, 'there is no such column'),
  )
  .max(60);

/** Tags are compared without case, and parted by commas and spaces elsewhere. */
export const tagSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'a tag needs a character')
  .max(40, 'a tag has at most 40 characters')
  .regex(/^[^\s,"]+$/, 'a tag has no spaces, commas or quotes');

const onOff = z.boolean();

export const annotationChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tag'), tag: tagSchema, on: onOff }),
  z.strictObject({ kind: z.literal('star'), on: onOff }),
  z.strictObject({ kind: z.literal('archive'), on: onOff }),
  z.strictObject({ kind: z.literal('note'), text: z.string().trim().max(longestNote) }),
]);
export type AnnotationChange = z.infer<typeof annotationChangeSchema>;

export const annotateSchema = z.strictObject({
  ids: z.array(runIdSchema).min(1).max(mostIds),
  change: annotationChangeSchema,
});

export const restoreSchema = z.strictObject({
  before: z
    .array(
      z.strictObject({
        id: runIdSchema,
        tags: z.array(tagSchema).max(200),
        note: z.string().max(longestNote),
        starred: z.boolean(),
        archivedAt: z.iso.datetime().nullable(),
      }),
    )
    .max(mostIds),
});
