/** From a table's definitions and what is stored to cells with values and verdicts. */
import type { CellAttempts, CellValue, PaperCell } from '../api/schemas/papers.ts';
import { randomDatasetId, type RunSpec } from '../api/schemas/run-spec.ts';
import type { Database } from '../db/client.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { listDatasets, listModels } from '../zoo/registry.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { findCell, type PlacedCell } from './catalog.ts';
import type { Reading } from './definition.ts';
import { memoryObstacle, predictCell } from './predict.ts';
import { readPlaceSeconds, readStoredRuns, type SpecRuns, type StoredRun } from './stored-runs.ts';
import { toleranceOf } from './tolerance.ts';
import { judge } from './verdict.ts';

const noAttempts: CellAttempts = {
  queued: 0,
  running: 0,
  failed: 0,
  cancelled: 0,
  otherEngine: 0,
};
const noRuns: SpecRuns = { usable: [], done: [], all: [], attempts: noAttempts };

/** Specs whose runs say something about the cell itself; operands of ratios by cell are cells. */
export function specsOf({ cell: { recipe } }: PlacedCell): readonly RunSpec[] {
  if (recipe.kind === 'run') return [recipe.spec];
  if (recipe.kind === 'prediction') return recipe.familySpec === null ? [] : [recipe.familySpec];
  if (recipe.kind === 'missing') return recipe.spec === null ? [] : [recipe.spec];
  return [recipe.over, recipe.under].flatMap((one) => (typeof one === 'string' ? [] : [one]));
}

/** Cells that a ratio divides; none of other recipes. */
function operandsOf({ cell: { recipe } }: PlacedCell): readonly string[] {
  if (recipe.kind !== 'ratio') return [];
  return [recipe.over, recipe.under].filter((one) => typeof one === 'string');
}

function closure(
  cells: readonly PlacedCell[],
  next: (placed: PlacedCell) => readonly string[],
): readonly PlacedCell[] {
  const found = new Map<string, PlacedCell>();
  const visit = (placed: PlacedCell): void => {
    if (found.has(placed.id)) return;
    found.set(placed.id, placed);
    for (const id of next(placed)) visit(findCell(id));
  };
  for (const placed of cells) visit(placed);
  return [...found.values()];
}

/** The cells and those that they are divided out of. */
export const withOperands = (cells: readonly PlacedCell[]): readonly PlacedCell[] =>
  closure(cells, operandsOf);

/** The cells and all that they refer to, also what seconds are compared with. */
export const withNeighbours = (cells: readonly PlacedCell[]): readonly PlacedCell[] =>
  closure(cells, (placed) => {
    const { reference } = placed.cell;
    return reference === null ? operandsOf(placed) : [...operandsOf(placed), reference];
  });

type PlaceSeconds = ReadonlyMap<string, { readonly all: number; readonly wait: number }>;

/** Everything that is stored about some cells. */
export interface Book {
  readonly runs: ReadonlyMap<string, SpecRuns>;
  /** By the word of the place, then by run. */
  readonly places: ReadonlyMap<string, PlaceSeconds>;
  /** Models and data sets that are here: what a cell lacks may have been added since. */
  readonly inZoo: ReadonlySet<string>;
}

export async function readBook(db: Database, cells: readonly PlacedCell[]): Promise<Book> {
  const runs = await readStoredRuns(db, cells.flatMap(specsOf));
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

/** What a run says to a reading, in the printed unit; null where it says nothing. */
export function valueOf(
  run: StoredRun,
  reading: Reading,
  book: Book,
  percent = false,
): CellValue | null {
  const { headline } = run;
  if (headline === null) return null;
  const common = {
    provenance: 'measured',
    commit: run.commit,
    at: run.at.toISOString(),
    runId: run.id,
    shipped: run.shipped,
  } as const;
  if (reading.kind === 'onlineSeconds') {
    const { median, n, min, max } = headline.onlineMs;
    const range = n > 1 ? { low: min / 1000, high: max / 1000 } : { low: null, high: null };
    return { ...common, value: median / 1000, n, ...range };
  }
  if (reading.kind === 'secureAccuracy') {
    const secure = headline.accuracy?.secure;
    if (secure === undefined || secure.n === 0) return null;
    const scale = percent ? 100 : 1;
    const { correct, n, low, high } = secure;
    return { ...common, value: (scale * correct) / n, n, low: scale * low, high: scale * high };
  }
  const seconds = book.places.get(reading.place)?.get(run.id);
  if (seconds === undefined) return null;
  const value = reading.part === 'all' ? seconds.all : seconds.wait;
  return { ...common, value, n: headline.onlineMs.n, low: null, high: null };
}

interface Found {
  readonly result: CellValue | null;
  readonly verifiedBy: string | null;
  readonly attempts: CellAttempts;
  readonly obstacle: string | null;
  readonly remark: string | null;
}

const added = (a: CellAttempts, b: CellAttempts): CellAttempts => ({
  queued: a.queued + b.queued,
  running: a.running + b.running,
  failed: a.failed + b.failed,
  cancelled: a.cancelled + b.cancelled,
  otherEngine: a.otherEngine + b.otherEngine,
});

const notMet = 'The link of this run was not as asked for; see its certificate.';

async function findRun(
  spec: RunSpec,
  reading: Reading,
  book: Book,
  percent: boolean,
  missing: string | null,
): Promise<Found> {
  const { usable, attempts } = runsOf(book, spec);
  const [run] = usable;
  const result = run === undefined ? null : valueOf(run, reading, book, percent);
  const needs = result === null && missing === null ? await memoryObstacle(spec) : null;
  return {
    result,
    verifiedBy: null,
    attempts,
    obstacle: missing ?? needs,
    remark: run?.linkVerdict === 'not met' ? notMet : null,
  };
}

/** One number over another of the same provenance; runs of one installation only. */
export function divide(over: CellValue | null, under: CellValue | null): CellValue | null {
  if (over === null || under === null || under.value === 0) return null;
  if (over.provenance !== under.provenance || over.shipped !== under.shipped) return null;
  const n = over.n === null || under.n === null ? null : Math.min(over.n, under.n);
  return {
    ...under,
    value: over.value / under.value,
    n,
    low: null,
    high: null,
  };
}

const seconds: Reading = { kind: 'onlineSeconds' };

/** Of this installation if both were run here, else of the shipped ones. */
function divideRuns(over: SpecRuns, under: SpecRuns, book: Book): CellValue | null {
  for (const shipped of [false, true]) {
    const one = over.usable.find((run) => run.shipped === shipped);
    const other = under.usable.find((run) => run.shipped === shipped);
    if (one === undefined || other === undefined) continue;
    const value = divide(valueOf(one, seconds, book), valueOf(other, seconds, book));
    if (value !== null) return value;
  }
  return null;
}

async function findValue(placed: PlacedCell, book: Book): Promise<Found> {
  const { recipe, unit } = placed.cell;
  const percent = unit === '%';
  if (recipe.kind === 'run') return findRun(recipe.spec, recipe.reading, book, percent, null);
  if (recipe.kind === 'missing') {
    const words = `Missing: ${recipe.missing.map((part) => part.words).join('; ')}.`;
    if (recipe.spec === null) {
      return {
        result: null,
        verifiedBy: null,
        attempts: noAttempts,
        obstacle: words,
        remark: null,
      };
    }
    const { model, dataset } = recipe.spec;
    const isHere = book.inZoo.has(model) && book.inZoo.has(dataset.id);
    const reading = { kind: 'secureAccuracy' } as const;
    return findRun(recipe.spec, reading, book, percent, isHere ? null : words);
  }
  if (recipe.kind === 'prediction') {
    const family = recipe.familySpec === null ? noRuns : runsOf(book, recipe.familySpec);
    const value = await predictCell(recipe.plans, recipe.counting);
    return {
      result: {
        value,
        provenance: 'predicted',
        n: null,
        low: null,
        high: null,
        commit: null,
        at: null,
        runId: null,
        shipped: false,
      },
      verifiedBy: family.usable[0]?.id ?? null,
      attempts: family.attempts,
      obstacle: null,
      remark: null,
    };
  }
  const { over, under } = recipe;
  if (typeof over !== 'string' && typeof under !== 'string') {
    const [a, b] = [runsOf(book, over), runsOf(book, under)];
    const result = divideRuns(a, b, book);
    const obstacle =
      result === null ? ((await memoryObstacle(over)) ?? (await memoryObstacle(under))) : null;
    const attempts =
      hashSpec(over).hash === hashSpec(under).hash ? a.attempts : added(a.attempts, b.attempts);
    return { result, verifiedBy: null, attempts, obstacle, remark: null };
  }
  const cells = [over, under].flatMap((one) => (typeof one === 'string' ? [findCell(one)] : []));
  const [a, b] = await Promise.all(cells.map((one) => findValue(one, book)));
  if (a === undefined || b === undefined) throw new TypeError(`${placed.id}: a ratio of two kinds`);
  const result = divide(a.result, b.result);
  const isVerified = a.verifiedBy !== null && b.verifiedBy !== null;
  return {
    result,
    verifiedBy: isVerified ? b.verifiedBy : null,
    attempts: added(a.attempts, b.attempts),
    obstacle: result === null ? (a.obstacle ?? b.obstacle) : null,
    remark: a.remark ?? b.remark,
  };
}

/** Printed and found of the cell that seconds are compared with, of the same installation. */
async function referenceOf(placed: PlacedCell, result: CellValue | null, book: Book) {
  const { reference } = placed.cell;
  if (reference === null || result === null) return null;
  const other = findCell(reference);
  const found = (await findValue(other, book)).result;
  const { reported } = other.cell;
  if (found === null || reported === null || found.value === 0) return null;
  return found.shipped === result.shipped ? { reported, found: found.value } : null;
}

export async function toCell(placed: PlacedCell, book: Book): Promise<PaperCell> {
  const { cell, id } = placed;
  const { reported, unit, metric, difference } = cell;
  const { result, verifiedBy, attempts, obstacle, remark } = await findValue(placed, book);
  const tolerance = toleranceOf(metric, unit);
  const judged = judge({
    reported,
    unit,
    tolerance,
    result,
    isVerified: verifiedBy !== null,
    reference: await referenceOf(placed, result, book),
    obstacle,
    difference,
  });
  return {
    id,
    row: cell.row,
    column: cell.column,
    reported,
    printed: cell.printed,
    unit,
    metric,
    includes: cell.includes,
    source: cell.source,
    confidence: cell.confidence,
    notes: cell.notes,
    tolerance,
    recipeKind: cell.recipe.kind,
    result,
    second: null,
    verifiedBy,
    attempts,
    ratio: result === null || reported === null || reported === 0 ? null : result.value / reported,
    ...judged,
    explanation: [judged.explanation, ...(remark === null ? [] : [remark])].join(' '),
  };
}
