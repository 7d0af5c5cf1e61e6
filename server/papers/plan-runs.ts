/** Which runs some cells still need, what they take, and what stands in the way. Nothing is queued here. */
import type { CellsPrice } from '../api/schemas/papers.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Database } from '../db/client.ts';
import { predictLatency } from '../runs/calibration/predict-latency.ts';
import { checkSpec } from '../runs/check-spec.ts';
import { memoryOf } from '../runs/price.ts';
import { aroundMs, batchesMs } from '../runs/run-time.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { findCell } from './catalog.ts';
import { readBook, runsOf, specsOf } from './book.ts';
import { withOperands } from './cell-state.ts';
import { sideSpecs } from './side-by-side-specs.ts';
import { readStoredRuns } from './stored-runs.ts';

export interface PlannedRun {
  readonly spec: RunSpec;
  readonly hash: string;
  /** First cell that asked for it; `side-by-side` for that page. */
  readonly cellId: string;
  /** Done with this engine on this machine, or on its way: not made again unless asked. */
  readonly there: boolean;
  /** Of the whole run; null where it cannot be run here. */
  readonly wallMs: number | null;
  readonly memoryBytes: number | null;
  readonly obstacle: string | null;
  /** Weights or data of the spec are not in the zoo. */
  readonly lacksModel: boolean;
}

/**
 * The runs of these cells and of those that they are divided out of, each once, the shortest first.
 * @param options.sides whether those of the side-by-side page too
 * @throws RunError 'notFound' for an id that is no cell
 */
export async function planRuns(
  db: Database,
  cellIds: readonly string[],
  { sides = false }: { readonly sides?: boolean } = {},
): Promise<readonly PlannedRun[]> {
  const cells = withOperands(cellIds.map(findCell));
  const others = sides ? sideSpecs() : [];
  const [ofCells, ofSides] = await Promise.all([readBook(db, cells), readStoredRuns(db, others)]);
  const book = { ...ofCells, runs: new Map([...ofCells.runs, ...ofSides]) };
  const around = await aroundMs(db);
  const planned = new Map<string, PlannedRun>();
  const asked = [
    ...cells.flatMap((placed) => specsOf(placed).map((spec) => [spec, placed.id] as const)),
    ...others.map((spec) => [spec, 'side-by-side'] as const),
  ];
  for (const [spec, cellId] of asked) {
    const { hash } = hashSpec(spec);
    if (!planned.has(hash)) planned.set(hash, await planOne(spec, hash, cellId));
  }
  return [...planned.values()].toSorted((a, b) => (a.wallMs ?? Infinity) - (b.wallMs ?? Infinity));

  async function planOne(spec: RunSpec, hash: string, cellId: string): Promise<PlannedRun> {
    const { usable, attempts } = runsOf(book, spec);
    const there = usable.some(({ shipped }) => !shipped) || attempts.queued + attempts.running > 0;
    const lacksModel = !book.inZoo.has(spec.model) || !book.inZoo.has(spec.dataset.id);
    const { issues } = await checkSpec(spec);
    // Of a model that is not here nothing is known, which the issues say.
    const memoryBytes = lacksModel ? null : (await memoryOf(spec)).totalBytes;
    const one = { spec, hash, cellId, there, memoryBytes, lacksModel };
    const [issue] = issues;
    if (issue !== undefined) {
      return { ...one, wallMs: null, obstacle: issue.message };
    }
    const latency = await predictLatency(db, spec);
    const sizes = { samples: spec.dataset.samples, ...spec.measurement };
    const wallMs = around + batchesMs(latency, sizes);
    return { ...one, wallMs, obstacle: null };
  }
}

/** @param again whether runs that are there are made once more */
export const toBeMade = (planned: readonly PlannedRun[], again: boolean): readonly PlannedRun[] =>
  planned.filter(({ there, obstacle }) => obstacle === null && (again || !there));

export function priceOfRuns(planned: readonly PlannedRun[], again: boolean): CellsPrice {
  const made = toBeMade(planned, again);
  return {
    runs: made.length,
    there: planned.filter(({ there }) => there).length,
    wallMs: made.reduce((total, { wallMs }) => total + (wallMs ?? 0), 0),
    obstacles: planned.flatMap(({ cellId, obstacle }) =>
      obstacle === null ? [] : [{ cellId, words: obstacle }],
    ),
  };
}
