/** Inputs of the procedures. Browser-safe. */
import { z } from 'zod';
import type { RunSpec } from './run-spec.ts';
import { runStates } from './run-view.ts';

export const runIdSchema = z.string().min(1).max(40);
export const slugSchema = z.string().min(1).max(64);

/**
 * A spec as it comes: its form and its choices are judged by one function on the server, so that
 * every refusal names field, value and fix in the same way.
 */
export const anySpecSchema = z.custom<RunSpec>(
  (value) => typeof value === 'object' && value !== null,
  'give a spec object',
);

export const listRunsSchema = z
  .strictObject({
    states: z.array(z.enum(runStates)).min(1).optional(),
    model: z.string().max(80).optional(),
    /** Preset id: runs with exactly that preset's spec. */
    preset: z.string().max(120).optional(),
    limit: z.number().int().min(1).max(200).default(50),
    cursor: runIdSchema.nullish(),
  })
  .default({ limit: 50 });

/** The name of one of a run's files, as `runs.get` lists them. */
export const artifactSchema = z.strictObject({ id: runIdSchema, name: z.string().min(1).max(100) });

export const runEventsSchema = z.strictObject({
  id: runIdSchema,
  /** Number of the last event seen; tRPC fills it in when it reconnects. */
  lastEventId: z.union([z.string(), z.number()]).nullish(),
});
