/**
 * A spec in which fields are lists, taken apart into a base and axes. Browser-safe and pure: nothing is
 * judged here but whether a list has something in it; base and values are judged run by run.
 */
import { sweepFields, type SweepAxis, type SweepField } from './sweep.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function valueAt(spec: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return spec;
  return isFields(spec) ? valueAt(spec[key], rest) : undefined;
}

function withValue(spec: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  return isFields(spec) ? { ...spec, [key]: withValue(spec[key], rest, value) } : spec;
}

/** Fields whose one value is a list itself: layers, and heads of layers. A list of values goes deeper. */
const ownDepth: Partial<Record<SweepField, number>> = {
  'approximations.layers': 1,
  'approximations.heads': 2,
};

const isDeeper = (value: unknown, depth: number): value is readonly unknown[] =>
  Array.isArray(value) && (depth === 0 || isDeeper(value[0], depth - 1));

export interface SplitLists {
  /** With the first value of each list. */
  readonly base: unknown;
  /** Empty where nothing is a list. */
  readonly axes: readonly SweepAxis[];
  /** Fields whose list has nothing in it. */
  readonly empty: readonly SweepField[];
}

export function splitLists(input: unknown): SplitLists {
  let base = input;
  const axes: SweepAxis[] = [];
  const empty: SweepField[] = [];
  for (const field of sweepFields) {
    const path = field.split('.');
    // Of the base: what is a list as a whole has no parts that are.
    const values = valueAt(input, path);
    if (!isDeeper(values, ownDepth[field] ?? 0)) continue;
    if (values.length === 0) empty.push(field);
    base = withValue(base, path, values[0]);
    axes.push({ field, values: [...values] });
  }
  return { base, axes, empty };
}

/** Whether a spec asks for several runs. */
export const hasLists = (input: unknown): boolean => splitLists(input).axes.length > 0;
