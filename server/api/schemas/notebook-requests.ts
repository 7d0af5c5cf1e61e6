/** Inputs and answers of the notebooks' procedures. Browser-safe. */
import { z } from 'zod';
import { longestNotebook } from './notebook-kinds.ts';
import type { Answered } from './notebook-evaluate.ts';
import { wordSchema } from './notebook-words.ts';
import { paperSlugs } from './papers.ts';
import { mostProfiled, profileAxes } from './notebook-run-charts.ts';
import { anySpecSchema, runIdSchema } from './requests.ts';
import { columnIdsSchema, querySchema } from './results-requests.ts';

export const notebookIdSchema = z.string().min(1).max(60);
export const notebookTextSchema = z.string().max(longestNotebook);
export const versionNameSchema = z
  .string()
  .trim()
  .min(1, 'a version needs a name')
  .max(80, 'a name has at most 80 characters');

export const saveNotebookSchema = z.strictObject({
  id: notebookIdSchema,
  /** Version that the text was made of; when another was saved since, nothing is overwritten. */
  base: z.number().int().min(1),
  text: notebookTextSchema,
});

/** What the server can answer of a notebook's questions; the sandbox's are the browser's own. */
export const serverQuestionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('query'), q: querySchema, columns: columnIdsSchema.nullable() }),
  z.strictObject({
    kind: z.literal('paper'),
    paper: z.enum(paperSlugs),
    table: wordSchema,
    row: wordSchema.nullable(),
    column: wordSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('run'), spec: anySpecSchema }),
  z.strictObject({
    kind: z.literal('profile'),
    runs: z
      .array(z.strictObject({ id: runIdSchema, name: z.string().max(400) }))
      .min(1)
      .max(mostProfiled),
    by: z.enum(profileAxes),
  }),
]);
export type ServerQuestion = z.infer<typeof serverQuestionSchema>;
export type ServerAnswer = Answered;

export interface NotebookSummary {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly forkedFrom: { readonly id: string; readonly title: string } | null;
  /** Came with Parley: read-only, to be forked. */
  readonly shipped: boolean;
}

export interface NotebookDetail extends NotebookSummary {
  readonly text: string;
}

/** A save either went through, or somebody else's came first and both texts are still there. */
export type SaveAnswer =
  | { readonly status: 'saved'; readonly version: number; readonly updatedAt: string }
  | { readonly status: 'conflict'; readonly theirs: NotebookDetail };

/** A finished run that cannot be replayed. */
export interface UnrecordedRun {
  readonly id: string;
  /** The newest run of the same spec that can be; null without one. */
  readonly twin: string | null;
  /** A run of the same spec that is queued or under way. */
  readonly pending: string | null;
}

export interface Unrecorded {
  readonly runs: readonly UnrecordedRun[];
  /** Specs that have neither a twin nor one under way. */
  readonly toMake: number;
  /** All of these, one after the other; predicted, ms. */
  readonly runMs: number;
}

export interface NotebookVersionSummary {
  readonly number: number;
  readonly name: string;
  readonly createdAt: string;
}
