/**
 * Where the difference between two runs went, by place of the model or by operation. Everything is
 * computed in whole nanoseconds and bytes, so that the steps add up to the difference exactly.
 * Browser-safe.
 */
import type { Headline, OperationRow } from './run-view.ts';

export const deltaMeasures = ['time', 'bytes'] as const;
export type DeltaMeasure = (typeof deltaMeasures)[number];
export const deltaGroups = ['place', 'operation'] as const;
export type DeltaGroup = (typeof deltaGroups)[number];

export interface ProfiledRun {
  readonly headline: Headline;
  readonly operations: readonly OperationRow[];
}

export interface DeltaStep {
  /** Place or operation; `rest` for what is booked to none. */
  readonly key: string;
  /** ns or bytes. */
  readonly from: number;
  readonly to: number;
  readonly delta: number;
}

export interface OperationDelta {
  /** ns of one batch online, or bytes of all parties in it. */
  readonly from: number;
  readonly to: number;
  /** In the model's order; `rest` last. Their deltas add up to `to - from` exactly. */
  readonly steps: readonly DeltaStep[];
}

export const restKey = 'rest';

const online = ({ operations }: ProfiledRun): readonly OperationRow[] =>
  operations.filter(({ phase }) => phase === 'online');

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const amountOf = (row: OperationRow, measure: DeltaMeasure): number =>
  measure === 'bytes' ? sum(row.bytesSent) : Math.round((row.computeMs + row.waitMs) * 1e6);

/** The first `depth` parts of a path; `whole model` for what belongs to no place. */
export const placeAt = (path: string, depth: number): string =>
  path === '' ? 'whole model' : path.split('.').slice(0, depth).join('.');

function amounts(
  run: ProfiledRun,
  measure: DeltaMeasure,
  group: DeltaGroup,
  depth: number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const row of online(run)) {
    const key = group === 'place' ? placeAt(row.path, depth) : row.op;
    found.set(key, (found.get(key) ?? 0) + amountOf(row, measure));
  }
  return found;
}

const totalOf = ({ headline }: ProfiledRun, measure: DeltaMeasure): number =>
  measure === 'bytes' ? sum(headline.onlineBytesSent) : Math.round(headline.onlineMs.median * 1e6);

/**
 * Steps from run A to run B. Time: the median of one batch online; a place's time is the mean over
 * inferences of its slowest party, so that the places do not add up to the median by themselves: what
 * is left is the step `rest`, and it is shown.
 */
export function operationDelta(
  a: ProfiledRun,
  b: ProfiledRun,
  measure: DeltaMeasure,
  group: DeltaGroup,
  depth = 1,
): OperationDelta {
  const [before, after] = [amounts(a, measure, group, depth), amounts(b, measure, group, depth)];
  const from = totalOf(a, measure);
  const to = totalOf(b, measure);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const steps = keys.map((key) => step(key, before.get(key) ?? 0, after.get(key) ?? 0));
  const rest = step(restKey, from - sum([...before.values()]), to - sum([...after.values()]));
  return { from, to, steps: rest.from === 0 && rest.to === 0 ? steps : [...steps, rest] };
}

const step = (key: string, from: number, to: number): DeltaStep => ({
  key,
  from,
  to,
  delta: to - from,
});

/** One place in both runs; null where a run has no such place. */
export interface AlignedPlace {
  readonly place: string;
  readonly a: PlaceCost | null;
  readonly b: PlaceCost | null;
}

export interface PlaceCost {
  readonly computeMs: number;
  readonly waitMs: number;
  /** All parties, one batch online. */
  readonly bytes: number;
  /** Calls of operations with messages: an upper bound of the rounds spent there. */
  readonly calls: number;
}

function costs(run: ProfiledRun, depth: number): ReadonlyMap<string, PlaceCost> {
  const found = new Map<string, PlaceCost>();
  for (const row of online(run)) {
    const place = placeAt(row.path, depth);
    const now = found.get(place) ?? { computeMs: 0, waitMs: 0, bytes: 0, calls: 0 };
    found.set(place, {
      computeMs: now.computeMs + row.computeMs,
      waitMs: now.waitMs + row.waitMs,
      bytes: now.bytes + sum(row.bytesSent),
      calls: now.calls + (sum(row.bytesSent) > 0 ? row.calls : 0),
    });
  }
  return found;
}

/** Both runs' online profiles by path of the model, in the order of the first one's execution. */
export function alignProfiles(
  a: ProfiledRun,
  b: ProfiledRun,
  depth: number,
): readonly AlignedPlace[] {
  const [left, right] = [costs(a, depth), costs(b, depth)];
  return [...new Set([...left.keys(), ...right.keys()])].map((place) => ({
    place,
    a: left.get(place) ?? null,
    b: right.get(place) ?? null,
  }));
}
