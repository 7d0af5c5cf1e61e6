/**
 * Bytes and rounds of the papers' cells as the engine's schedules give them, beside what is printed or
 * derived from a log. No number of a paper enters a schedule; the cells are those of server/papers.
 *
 *   node benchmarks/papers/cost-rows.ts
 */
import { allCells } from '../../server/papers/catalog.ts';
import { predictCell } from '../../server/papers/predict.ts';

const rows = await Promise.all(
  allCells.flatMap(({ id, cell: { recipe, reported, unit } }) =>
    recipe.kind === 'prediction'
      ? [
          predictCell(recipe.plans, recipe.counting).then((value) => ({
            cell: id,
            unit,
            reported,
            predicted: Number(value.toPrecision(5)),
            'predicted / reported':
              reported === null ? null : Number((value / reported).toFixed(3)),
          })),
        ]
      : [],
  ),
);
console.table(rows);
