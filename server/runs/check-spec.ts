/**
 * Whether a spec can be run here, before it costs anybody anything: its form (zod), then its choices
 * against zoo and machine. Every refusal names the field, the value and what to do.
 */
import type { z } from 'zod';
import { runSpecSchema, type RunSpec } from '../api/schemas/run-spec.ts';
import { choiceIssues, withDataFacts } from './check-choices.ts';
import { RunError, specIssue, type SpecIssue } from './errors.ts';

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );

/** What to do about a form error, in the words of its kind. */
function fixFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `Remove ${issue.keys.join(', ')}.`;
  if (issue.code === 'invalid_value') {
    return `Use ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  }
  if (issue.code === 'too_small') return `Use at least ${issue.minimum}.`;
  if (issue.code === 'too_big') return `Use at most ${issue.maximum}.`;
  if (issue.code === 'custom' && typeof issue.params?.['fix'] === 'string') {
    return issue.params['fix'];
  }
  if (issue.code === 'invalid_type') return `Give a value of type ${issue.expected}.`;
  return 'Compare with a file in benchmarks/specs/.';
}

function formIssues(input: unknown, error: z.ZodError): SpecIssue[] {
  return error.issues.map((issue) => {
    const field = issue.path.join('.') || 'spec';
    const problem = issue.message
      .replace(/^Invalid input: /, '')
      .replace(/^[A-Z]/, (first) => first.toLowerCase());
    return specIssue(field, valueAt(input, issue.path), problem, fixFor(issue));
  });
}

export type CheckedSpec =
  | { readonly spec: RunSpec; readonly issues: readonly [] }
  | { readonly spec: RunSpec | null; readonly issues: readonly [SpecIssue, ...SpecIssue[]] };

/**
 * Judges anything that claims to be a spec; never throws on its content.
 *
 * @param machineBytes memory of the machine that is to run it; absent means this one's
 */
export async function checkSpec(input: unknown, machineBytes?: number): Promise<CheckedSpec> {
  const parsed = runSpecSchema.safeParse(input);
  if (!parsed.success) {
    const [first, ...rest] = formIssues(input, parsed.error);
    const unknown = specIssue('spec', input, 'is not a spec', 'See benchmarks/specs/.');
    return { spec: null, issues: [first ?? unknown, ...rest] };
  }
  const spec = await withDataFacts(parsed.data);
  const [first, ...rest] = await choiceIssues(spec, machineBytes);
  return first === undefined ? { spec, issues: [] } : { spec, issues: [first, ...rest] };
}

/**
 * The spec, if it can be run here.
 * @throws RunError 'invalid' with every issue found; its message is the first ones' sentences
 */
export async function requireSpec(input: unknown): Promise<RunSpec> {
  const { spec, issues } = await checkSpec(input);
  if (spec !== null && issues.length === 0) return spec;
  const sentences = issues.slice(0, 5).map(({ message }) => message);
  throw new RunError('invalid', sentences.join(' '), issues);
}
