/**
 * A sweep as files and requests write it: a spec in which fields are lists. What the form makes of its
 * fields is the same, so both are priced and queued by the same code (sweep.ts).
 */
import { splitLists, valueAt } from '../api/schemas/sweep-of-lists.ts';
import { sweepFields, sweepSchema, type Sweep, type SweepAxis } from '../api/schemas/sweep.ts';
import { RunError, specIssue } from './errors.ts';

/**
 * The base with the first value of each list, and the lists; no axes where nothing is a list. `input` may
 * also be a sweep as such, `{base, axes}`. Nothing is judged yet: base and values are, run by run.
 * @throws RunError 'invalid' for an empty list, or a sweep that is none
 */
export function sweepOfLists(input: unknown): {
  readonly base: unknown;
  readonly axes: SweepAxis[];
} {
  if (typeof input === 'object' && input !== null && 'axes' in input) {
    const parsed = sweepSchema.safeParse(input);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'axes';
    const fix = `Give {base, axes: [{field, values}]}; field is one of ${sweepFields.join(', ')}.`;
    const told = specIssue(field, valueAt(input, [field]), issue?.message ?? 'is no sweep', fix);
    throw new RunError('invalid', told.message, [told]);
  }
  const { base, axes, empty } = splitLists(input);
  const [field] = empty;
  if (field !== undefined) {
    const told = specIssue(field, [], 'is an empty list', 'Give a value, or several.');
    throw new RunError('invalid', told.message, [told]);
  }
  return { base, axes: [...axes] };
}

/** The same, where it is known to be a sweep. Its base is judged run by run. */
export const requireSweep = (input: unknown): Sweep => {
  const { base, axes } = sweepOfLists(input);
  return { base: base as Sweep['base'], axes };
};
