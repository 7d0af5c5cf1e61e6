/** A cell's values over engine commits: what finished runs said, whether they fill it now or not. */
import type { CellHistoryEntry, CellValue } from '../api/schemas/papers.ts';
import { runsOf, type Book } from './book.ts';
import { findCell, type PlacedCell } from './catalog.ts';
import { countedOf, divided, valuesOf } from './cell-values.ts';
import type { Reading } from './definition.ts';
import { isSamePlan } from './family.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';

interface Past {
  /** Of one run, or of two of one commit and installation; best first. */
  readonly values: readonly CellValue[];
  /** Of the engine that runs now. */
  readonly current: boolean;
}

const seconds: Reading = { kind: 'onlineSeconds' };

function pastOfSpec(spec: RunSpec, reading: Reading, book: Book, percent = false): Past[] {
  const { done, usable } = runsOf(book, spec);
  return done.map((run) => ({
    values: valuesOf(run, reading, book, percent),
    current: usable.includes(run),
  }));
}

const commitOf = ({ values }: Past): string | null => values[0]?.commit ?? null;

/** Every run of the one, over the newest run of the other by the same commit. */
function ratiosOf(over: readonly Past[], under: readonly Past[]): Past[] {
  return over.flatMap((one) => {
    for (const other of under) {
      const isOfOne = commitOf(one) !== null && commitOf(one) === commitOf(other);
      const value = isOfOne ? divided(one.values, other.values) : null;
      if (value !== null) return [{ values: [value], current: one.current && other.current }];
    }
    return [];
  });
}

function pastOf({ cell: { recipe, unit } }: PlacedCell, book: Book): Past[] {
  const percent = unit === '%';
  if (recipe.kind === 'run') return pastOfSpec(recipe.spec, recipe.reading, book, percent);
  if (recipe.kind === 'missing') {
    if (recipe.spec === null) return [];
    return pastOfSpec(recipe.spec, { kind: 'secureAccuracy' }, book, percent);
  }
  if (recipe.kind === 'prediction') {
    const { plans, counting, familySpec } = recipe;
    // A run of another plan of the family says nothing in this cell's unit.
    if (familySpec === null || !isSamePlan(plans, familySpec)) return [];
    const { done, usable } = runsOf(book, familySpec);
    return done.map((run) => {
      const value = countedOf(run, counting);
      return { values: value === null ? [] : [value], current: usable.includes(run) };
    });
  }
  const [over, under] = [recipe.over, recipe.under].map((one) =>
    typeof one === 'string' ? pastOf(findCell(one), book) : pastOfSpec(one, seconds, book),
  );
  return ratiosOf(over ?? [], under ?? []);
}

/** Newest first. @param most entries at most */
export function historyOf(placed: PlacedCell, book: Book, most: number): CellHistoryEntry[] {
  const entries = pastOf(placed, book).flatMap(({ values: [value], current }) => {
    if (value === undefined || value.runId === null) return [];
    return [
      {
        runId: value.runId,
        commit: value.commit ?? 'unknown',
        at: value.at ?? '',
        value: value.value,
        provenance: value.provenance,
        n: value.n ?? 0,
        shipped: value.shipped,
        current,
      },
    ];
  });
  return entries.slice(0, most);
}
