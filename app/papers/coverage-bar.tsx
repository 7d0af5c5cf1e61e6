/** How many cells have a value of now, as a bar with its words, and the verdicts counted. */
import { formatCount, formatPercent, plural } from '../../server/api/schemas/format.ts';
import { familyWords, verdictIds, type Coverage } from '../../server/api/schemas/papers.ts';
import classes from './papers.module.css';
import { VerdictMark } from './verdict-mark.tsx';

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function CoverageBar({ of }: { readonly of: Coverage }) {
  const { cells, withRecipe, filled, exactCells, exactVerified } = of;
  return (
    <div className={classes.coverage}>
      <div className={classes.bar} aria-hidden="true">
        <span style={{ width: formatPercent(share(filled, cells)).replace(/\s/g, '') }} />
      </div>
      <p>
        {formatCount(filled)} of {plural(cells, 'cell')} have a value here,{' '}
        {withRecipe === cells ? 'all' : formatCount(withRecipe)} a recipe.
        {exactCells > 0 &&
          ` Bytes and rounds: ${formatCount(exactVerified)} of ${formatCount(exactCells)} measured, or predicted and checked by a run of the same family.`}
      </p>
      {exactCells > 0 && (
        <details>
          <summary>What the same family is</summary>
          <p>{familyWords}</p>
        </details>
      )}
    </div>
  );
}

/** Those that occur, each with its icon and word. */
export function VerdictCounts({ of }: { readonly of: Coverage }) {
  return (
    <ul className={classes.counts} aria-label="Verdicts">
      {verdictIds.map(
        (id) =>
          of.verdicts[id] > 0 && (
            <li key={id}>
              <strong>{formatCount(of.verdicts[id])}</strong> <VerdictMark of={id} />
            </li>
          ),
      )}
    </ul>
  );
}
