/**
 * The operations of a run as a tree: place of the model, part of it, and so on, with the operations as
 * leaves. A branch is the sum of its leaves; all numbers are of one full batch. Pure.
 */
import type { OperationRow, PlaceError, Prediction } from '../../../server/api/schemas/run-view.ts';
import { sum } from '../../_lib/statistics.ts';
import { placeName } from '../../_charts/places.ts';

export interface OperationNode {
  /** Unique in the tree: the path, and for a leaf its operation. */
  readonly key: string;
  readonly name: string;
  readonly level: number;
  /** Means over inferences. Milliseconds. */
  readonly computeMs: number;
  readonly waitMs: number;
  /** Payload of all parties and the dealer. */
  readonly bytes: number;
  /** The same, declared from shapes before the run; null where nothing was declared. */
  readonly declaredBytes: number | null;
  /** Declared, if nothing overlapped; null where it was not kept. */
  readonly rounds: number | null;
  readonly calls: number;
  readonly elements: number;
  /** Largest resident memory of one party's process during it; null where it was too short to be asked. */
  readonly peakRssBytes: number | null;
  /** Of what the place hands on, against float64; null of single operations and where not compared. */
  readonly error: PlaceError | null;
  readonly children: readonly OperationNode[];
}

export const sortKeys = [
  'model',
  'time',
  'compute',
  'wait',
  'bytes',
  'rounds',
  'memory',
  'error',
] as const;
export type SortKey = (typeof sortKeys)[number];

export type Phase = OperationRow['phase'];

/** What all roles sent for it. */
export const bytesOf = (row: OperationRow): number => sum(row.bytesSent) + row.dealerBytes;

/** What was declared of it: online the parties' bytes, offline the dealer's. */
export function declaredOf(row: OperationRow): number | null {
  if (row.phase === 'online') {
    return row.predictedBytesSent === null ? null : sum(row.predictedBytesSent);
  }
  return row.phase === 'offline' ? row.predictedDealerBytes : null;
}

/** Those that do not talk are not among the kept ones: they have none. */
export function roundsOf(row: OperationRow, prediction: Prediction | null): number | null {
  const kept = prediction?.operationRounds;
  if (row.phase !== 'online' || kept === undefined) return null;
  return kept[`${row.path}|${row.op}`] ?? 0;
}

const leafOf = (
  row: OperationRow,
  level: number,
  prediction: Prediction | null,
): OperationNode => ({
  key: `${row.path} ${row.op}`,
  name: row.op,
  level,
  computeMs: row.computeMs,
  waitMs: row.waitMs,
  bytes: bytesOf(row),
  declaredBytes: declaredOf(row),
  rounds: roundsOf(row, prediction),
  calls: row.calls,
  elements: row.elements,
  peakRssBytes: row.peakRssBytes ?? null,
  error: null,
  children: [],
});

const total = (nodes: readonly OperationNode[], value: (node: OperationNode) => number): number =>
  sum(nodes.map(value));

/** Unknown in one of them is unknown in the sum, unless that one sent nothing. */
function totalOrNull(
  nodes: readonly OperationNode[],
  value: (node: OperationNode) => number | null,
): number | null {
  const known = nodes.map((node) => value(node) ?? (node.bytes === 0 ? 0 : null));
  if (nodes.every((node) => value(node) === null)) return null;
  return known.includes(null) ? null : sum(known.map((one) => one ?? 0));
}

/** Rows of one phase as a tree, in the order of the run. */
export function operationTree(
  rows: readonly OperationRow[],
  phase: Phase,
  prediction: Prediction | null,
  placeErrors: readonly PlaceError[] = [],
): readonly OperationNode[] {
  const own = rows.filter((row) => row.phase === phase);
  // The clear twin walks the inference as it is online.
  const errors = new Map(phase === 'online' ? placeErrors.map((one) => [one.path, one]) : []);
  return branch(own, '', 0, prediction, errors);
}

/** Of a place: its own, else that of the part of it which hands on the worst. */
function errorOf(
  own: PlaceError | undefined,
  children: readonly OperationNode[],
): PlaceError | null {
  if (own !== undefined) return own;
  return children.reduce<PlaceError | null>(
    (worst, { error }) =>
      error !== null && (worst === null || error.maxError > worst.maxError) ? error : worst,
    null,
  );
}

const peakOf = (children: readonly OperationNode[]): number | null => {
  const known = children.flatMap(({ peakRssBytes }) => peakRssBytes ?? []);
  return known.length === 0 ? null : Math.max(...known);
};

function branch(
  rows: readonly OperationRow[],
  above: string,
  level: number,
  prediction: Prediction | null,
  errors: ReadonlyMap<string, PlaceError>,
): readonly OperationNode[] {
  const groups = new Map<string, OperationRow[]>();
  const leaves: OperationNode[] = [];
  for (const row of rows) {
    const parts = row.path === '' ? ['whole model'] : row.path.split('.');
    const part = parts[level];
    if (part === undefined) {
      leaves.push(leafOf(row, level, prediction));
      continue;
    }
    const path = above === '' ? part : `${above}.${part}`;
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [row]);
    else group.push(row);
  }
  const places = [...groups].map(([path, own]): OperationNode => {
    const children = branch(own, path, level + 1, prediction, errors);
    return {
      key: path,
      name: placeName(path.split('.').at(-1) ?? path),
      level,
      computeMs: total(children, (node) => node.computeMs),
      waitMs: total(children, (node) => node.waitMs),
      bytes: total(children, (node) => node.bytes),
      declaredBytes: totalOrNull(children, (node) => node.declaredBytes),
      rounds: totalOrNull(children, (node) => node.rounds),
      calls: total(children, (node) => node.calls),
      elements: total(children, (node) => node.elements),
      peakRssBytes: peakOf(children),
      error: errorOf(errors.get(path), children),
      children,
    };
  });
  return [...places, ...leaves];
}

const valueOf: Readonly<Record<Exclude<SortKey, 'model'>, (node: OperationNode) => number>> = {
  time: (node) => node.computeMs + node.waitMs,
  compute: (node) => node.computeMs,
  wait: (node) => node.waitMs,
  bytes: (node) => node.bytes,
  rounds: (node) => node.rounds ?? -1,
  memory: (node) => node.peakRssBytes ?? -1,
  error: (node) => node.error?.maxError ?? -1,
};

/** The rows that are shown: opened branches with their children, siblings in the wanted order. */
export function visibleRows(
  nodes: readonly OperationNode[],
  opened: ReadonlySet<string>,
  sort: SortKey,
  descending: boolean,
): readonly OperationNode[] {
  const ordered =
    sort === 'model'
      ? descending
        ? nodes.toReversed()
        : nodes
      : nodes.toSorted((a, b) => (valueOf[sort](a) - valueOf[sort](b)) * (descending ? -1 : 1));
  return ordered.flatMap((node) => [
    node,
    ...(opened.has(node.key) ? visibleRows(node.children, opened, sort, descending) : []),
  ]);
}

/** Every branch of the tree. */
export const branchesOf = (nodes: readonly OperationNode[]): readonly string[] =>
  nodes.flatMap((node) =>
    node.children.length === 0 ? [] : [node.key, ...branchesOf(node.children)],
  );
