/** Everything that is stored about some cells, read at once: runs of their specs, seconds at places. */
import type { CellAttempts } from '../api/schemas/papers.ts';
import { randomDatasetId, type RunSpec } from '../api/schemas/run-spec.ts';
import type { Database } from '../db/client.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { listDatasets, listModels } from '../zoo/registry.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import type { PlacedCell } from './catalog.ts';
import { familySpecs } from './family.ts';
import {
  readPlaceSeconds,
  readStoredRuns,
  type SpecRuns,
  type TimedPlaces,
} from './stored-runs.ts';

export const noAttempts: CellAttempts = {
  queued: 0,
  running: 0,
  failed: 0,
  cancelled: 0,
  otherEngine: 0,
};
export const noRuns: SpecRuns = { usable: [], done: [], all: [], attempts: noAttempts };

/** Specs that are run for the cell itself; operands of ratios by cell are cells. */
export function specsOf({ cell: { recipe } }: PlacedCell): readonly RunSpec[] {
  if (recipe.kind === 'run') return [recipe.spec];
  if (recipe.kind === 'prediction') return recipe.familySpec === null ? [] : [recipe.familySpec];
  if (recipe.kind === 'missing') return recipe.spec === null ? [] : [recipe.spec];
  return [recipe.over, recipe.under].flatMap((one) => (typeof one === 'string' ? [] : [one]));
}

/** Everything that is stored about some cells. */
export interface Book {
  readonly runs: ReadonlyMap<string, SpecRuns>;
  /** By the word of the place, then by run. */
  readonly places: ReadonlyMap<string, ReadonlyMap<string, TimedPlaces>>;
  /** Models and data sets that are here: what a cell lacks may have been added since. */
  readonly inZoo: ReadonlySet<string>;
}

/** Specs whose runs say something about the cell, those that confirm a prediction included. */
const evidenceOf = (placed: PlacedCell): readonly RunSpec[] => {
  const { recipe } = placed.cell;
  return recipe.kind === 'prediction'
    ? familySpecs(recipe.plans, recipe.familySpec)
    : specsOf(placed);
};

export async function readBook(db: Database, cells: readonly PlacedCell[]): Promise<Book> {
  const runs = await readStoredRuns(db, cells.flatMap(evidenceOf));
  const asked = new Map<string, Set<string>>();
  for (const { cell } of cells) {
    if (cell.recipe.kind !== 'run' || cell.recipe.reading.kind !== 'placeSeconds') continue;
    const ids = asked.get(cell.recipe.reading.place) ?? new Set<string>();
    for (const { id } of runs.get(hashSpec(cell.recipe.spec).hash)?.done ?? []) ids.add(id);
    asked.set(cell.recipe.reading.place, ids);
  }
  const places = await Promise.all(
    [...asked].map(
      async ([place, ids]) => [place, await readPlaceSeconds(db, [...ids], place)] as const,
    ),
  );
  const [models, datasets] = await Promise.all([listModels(), listDatasets()]);
  const ids = [...models, ...shapeModels, ...datasets].map(({ id }) => id);
  return { runs, places: new Map(places), inZoo: new Set([...ids, randomDatasetId]) };
}

export const runsOf = (book: Book, spec: RunSpec): SpecRuns =>
  book.runs.get(hashSpec(spec).hash) ?? noRuns;
