/** From a table's definitions and what is stored to cells with values and verdicts. */
import type { CellAttempts, CellValue, PaperCell } from '../api/schemas/papers.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Plan } from '../engine/plan.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { runsOf, noAttempts, noRuns, type Book } from './book.ts';
import { findCell, type PlacedCell } from './catalog.ts';
import {
  comparable,
  countedOf,
  divided,
  linkRemark,
  secondOf,
  valuesOfRuns,
} from './cell-values.ts';
import type { Reading } from './definition.ts';
import { familySpecs, isSamePlan } from './family.ts';
import { predictedOrWhy, specObstacle } from './predict.ts';
import type { SpecRuns } from './stored-runs.ts';
import { toleranceOf } from './tolerance.ts';
import { judge } from './verdict.ts';

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

const added = (a: CellAttempts, b: CellAttempts): CellAttempts => ({
  queued: a.queued + b.queued,
  running: a.running + b.running,
  failed: a.failed + b.failed,
  cancelled: a.cancelled + b.cancelled,
  otherEngine: a.otherEngine + b.otherEngine,
});

/** A cell's values that may be divided or judged, best first; none where nothing fills it. */
interface Found {
  readonly values: readonly CellValue[];
  readonly verifiedBy: string | null;
  readonly attempts: CellAttempts;
  readonly obstacle: string | null;
  readonly remark: string | null;
}

const nothing: Found = {
  values: [],
  verifiedBy: null,
  attempts: noAttempts,
  obstacle: null,
  remark: null,
};

async function findRun(
  spec: RunSpec,
  reading: Reading,
  book: Book,
  percent: boolean,
  missing: string | null,
): Promise<Found> {
  const { usable, attempts } = runsOf(book, spec);
  const values = valuesOfRuns(usable, reading, book, percent);
  const needs = values.length === 0 && missing === null ? await specObstacle(spec) : null;
  return {
    values,
    verifiedBy: null,
    attempts,
    obstacle: missing ?? needs,
    remark: linkRemark(usable, reading, values),
  };
}

/** The run that confirms what these plans say, with its spec; null while there is none. */
export function proofOf(plans: readonly Plan[], own: RunSpec | null, book: Book) {
  for (const spec of familySpecs(plans, own)) {
    const [run] = runsOf(book, spec).usable;
    if (run !== undefined) return { spec, run };
  }
  return null;
}

const seconds: Reading = { kind: 'onlineSeconds' };

/** Of two runs of one installation, both measured or both replayed. */
const divideRuns = (over: SpecRuns, under: SpecRuns, book: Book): CellValue | null =>
  divided(valuesOfRuns(over.usable, seconds, book), valuesOfRuns(under.usable, seconds, book));

async function findValue(placed: PlacedCell, book: Book): Promise<Found> {
  const { recipe, unit } = placed.cell;
  const percent = unit === '%';
  if (recipe.kind === 'run') return findRun(recipe.spec, recipe.reading, book, percent, null);
  if (recipe.kind === 'missing') {
    const words = `Missing: ${recipe.missing.map((part) => part.words).join('; ')}.`;
    if (recipe.spec === null) {
      return { ...nothing, obstacle: words };
    }
    const { model, dataset } = recipe.spec;
    const isHere = book.inZoo.has(model) && book.inZoo.has(dataset.id);
    const reading = { kind: 'secureAccuracy' } as const;
    return findRun(recipe.spec, reading, book, percent, isHere ? null : words);
  }
  if (recipe.kind === 'prediction') {
    const family = recipe.familySpec === null ? noRuns : runsOf(book, recipe.familySpec);
    const { plans, counting, familySpec } = recipe;
    const predicted = await predictedOrWhy(plans, counting);
    if (typeof predicted === 'string') {
      return { ...nothing, attempts: family.attempts, obstacle: predicted };
    }
    const same = familySpec !== null && isSamePlan(plans, familySpec) ? family.usable : [];
    const counted = same.slice(0, 1).flatMap((run) => countedOf(run, counting) ?? []);
    return {
      values: [
        {
          value: predicted,
          provenance: 'predicted',
          n: null,
          low: null,
          high: null,
          commit: null,
          at: null,
          runId: null,
          shipped: false,
          link: null,
        },
        ...counted,
      ],
      verifiedBy: proofOf(plans, familySpec, book)?.run.id ?? null,
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
      result === null ? ((await specObstacle(over)) ?? (await specObstacle(under))) : null;
    const attempts =
      hashSpec(over).hash === hashSpec(under).hash ? a.attempts : added(a.attempts, b.attempts);
    const remark =
      linkRemark(a.usable, seconds, result === null ? [] : [result]) ??
      linkRemark(b.usable, seconds, result === null ? [] : [result]);
    const values = result === null ? [] : [result];
    return { values, verifiedBy: null, attempts, obstacle, remark };
  }
  const cells = [over, under].flatMap((one) => (typeof one === 'string' ? [findCell(one)] : []));
  const [a, b] = await Promise.all(cells.map((one) => findValue(one, book)));
  if (a === undefined || b === undefined) throw new TypeError(`${placed.id}: a ratio of two kinds`);
  const result = divided(a.values, b.values);
  const isVerified = a.verifiedBy !== null && b.verifiedBy !== null;
  return {
    values: result === null ? [] : [result],
    verifiedBy: isVerified ? b.verifiedBy : null,
    attempts: added(a.attempts, b.attempts),
    obstacle: result === null ? (a.obstacle ?? b.obstacle) : null,
    remark: a.remark ?? b.remark,
  };
}

/** Printed of the cell that seconds are compared with, and the ratio to it that was found here. */
async function referenceOf(placed: PlacedCell, values: readonly CellValue[], book: Book) {
  const { reference } = placed.cell;
  if (reference === null || values.length === 0) return null;
  const other = findCell(reference);
  const { reported } = other.cell;
  const pair = comparable(values, (await findValue(other, book)).values);
  if (pair === null || reported === null || pair[1].value === 0) return null;
  return { reported, ratio: pair[0].value / pair[1].value };
}

export async function toCell(placed: PlacedCell, book: Book): Promise<PaperCell> {
  const { cell, id } = placed;
  const { reported, unit, metric, difference } = cell;
  const { values, verifiedBy, attempts, obstacle, remark } = await findValue(placed, book);
  const result = values[0] ?? null;
  const tolerance = toleranceOf(metric, unit);
  const judged = judge({
    reported,
    unit,
    tolerance,
    result,
    isVerified: verifiedBy !== null,
    reference: await referenceOf(placed, values, book),
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
    second: secondOf(values),
    verifiedBy,
    attempts,
    ratio: result === null || reported === null || reported === 0 ? null : result.value / reported,
    ...judged,
    explanation: [judged.explanation, ...(remark === null ? [] : [remark])].join(' '),
  };
}
