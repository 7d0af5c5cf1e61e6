'use client';
/** Below a pinned result: whether the runs behind it can still be looked at. */
import { plural } from '../../server/api/schemas/format.ts';
import type { CellValue } from '../../server/api/schemas/notebook-table.ts';
import { runsOf } from '../../server/api/schemas/notebook-table.ts';
import { useMissingRuns } from '../_lib/api-notebooks.ts';
import classes from './notebook.module.css';

export default function GoneRuns({ value }: { readonly value: CellValue }) {
  const runs = value.kind === 'table' ? runsOf(value.table.rows) : value.scalar.runs;
  const { data = [] } = useMissingRuns(runs);
  if (data.length === 0) return null;
  const which =
    runs.length === 1
      ? 'The run behind it is'
      : data.length === runs.length
        ? `None of the ${plural(runs.length, 'run')} behind it is`
        : `${data.length} of the ${plural(runs.length, 'run')} behind it ${data.length === 1 ? 'is' : 'are'}`;
  const not = runs.length > 1 && data.length === runs.length ? '' : ' not';
  return (
    <p className={classes.quiet} role="note">
      {which}
      {not} stored here: deleted, or made on another installation. The numbers stay as they were
      pinned; their links lead nowhere.
    </p>
  );
}
