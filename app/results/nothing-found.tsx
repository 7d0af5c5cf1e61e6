'use client';
/** No run fits: which term keeps how many out, and one click to drop it. */
import { Button } from '@mantine/core';
import { parseQuery, withoutTerm } from '../../server/api/schemas/results-query.ts';
import { plural } from '../../server/api/schemas/format.ts';
import { useWithoutEach } from '../_lib/api-results.ts';
import classes from './results.module.css';

interface NothingFoundProps {
  readonly q: string;
  readonly archived: number;
  readonly onChange: (q: string) => void;
}

export function NothingFound({ q, archived, onChange }: NothingFoundProps) {
  const { terms } = parseQuery(q);
  const counts = useWithoutEach(q, terms.length > 0);
  return (
    <section className={classes.none} aria-label="No run fits">
      <h2>No run fits</h2>
      <p>
        {terms.length === 1
          ? 'Drop the filter to see all runs.'
          : 'All filters have to hold. Drop one of them:'}
      </p>
      <ul>
        {terms.map((term, index) => (
          <li key={term.start}>
            <Button size="xs" variant="default" onClick={() => onChange(withoutTerm(q, term))}>
              Drop {q.slice(term.start, term.end)}
            </Button>
            <span className={classes.count}>
              {counts === undefined ? '' : `then ${plural(counts[index] ?? 0, 'run')}`}
            </span>
          </li>
        ))}
      </ul>
      <div className={classes.row}>
        {terms.length > 1 && (
          <Button size="xs" variant="default" onClick={() => onChange('')}>
            Drop all filters
          </Button>
        )}
        {archived > 0 && (
          <Button size="xs" variant="default" onClick={() => onChange(`${q} with:archived`.trim())}>
            Show {plural(archived, 'archived run')}
          </Button>
        )}
      </div>
    </section>
  );
}
