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
    const values = valueAt(input, path);
    if (!Array.isArray(values)) continue;
    if (values.length === 0) empty.push(field);
    base = withValue(base, path, values[0]);
    axes.push({ field, values: [...(values as readonly unknown[])] });
  }
  return { base, axes, empty };
}

/** Whether a spec asks for several runs. */
export const hasLists = (input: unknown): boolean => splitLists(input).axes.length > 0;
