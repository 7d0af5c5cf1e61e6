/** The one error class of runs and permalinks. It knows no HTTP; `server/api/errors.ts` maps kinds. */

/**
 * invalid: the request cannot be run, `issues` says why; notFound: no such run or permalink;
 * conflict: the run's state forbids it; lostClaim: another claim has taken the run over; tooLarge: the
 * answer would not fit into one; revealed: the parties let something out that the spec does not allow;
 * noRoom: other runs hold the memory that it needs, later it may go.
 */
export type RunErrorKind =
  | 'invalid'
  | 'notFound'
  | 'conflict'
  | 'lostClaim'
  | 'tooLarge'
  | 'revealed'
  | 'noRoom';

/** One thing that is wrong with a spec: where, what was given, and what to do. */
export interface SpecIssue {
  /** Path inside the spec, e.g. `dataset.samples`. */
  readonly field: string;
  /** The value as given, as JSON, cut to 80 characters. */
  readonly value: string;
  readonly problem: string;
  readonly fix: string;
  /** All of the above as one sentence for people. */
  readonly message: string;
}

export class RunError extends Error {
  readonly kind: RunErrorKind;
  readonly issues: readonly SpecIssue[];

  constructor(kind: RunErrorKind, message: string, issues: readonly SpecIssue[] = []) {
    super(message);
    this.name = 'RunError';
    this.kind = kind;
    this.issues = issues;
  }
}

/** Builds an issue; `value` may be anything that came from outside. */
export function specIssue(field: string, value: unknown, problem: string, fix: string): SpecIssue {
  if (value === undefined) {
    return { field, value: '', problem: 'missing', fix, message: `${field} is missing. ${fix}` };
  }
  const text = JSON.stringify(value).slice(0, 80);
  return { field, value: text, problem, fix, message: `${field} is ${text}: ${problem}. ${fix}` };
}
