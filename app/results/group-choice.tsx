'use client';
/** By which fields the runs stand together: one, and inside of it by another, and another. */
import { columns } from '../../server/api/schemas/results-columns.ts';
import { groupIds, type GroupId } from '../../server/api/schemas/results-fields.ts';
import { mostGroupFields } from '../../server/api/schemas/results-query.ts';
import classes from './results.module.css';

interface GroupChoiceProps {
  readonly fields: readonly GroupId[];
  readonly onChange: (fields: readonly GroupId[]) => void;
}

const words = ['Group by', 'then by', 'and by'] as const;

export function GroupChoice({ fields, onChange }: GroupChoiceProps) {
  return words.slice(0, Math.min(fields.length + 1, mostGroupFields)).map((word, place) => {
    const others = fields.filter((_, at) => at !== place);
    return (
      <label key={word} className={classes.select}>
        {word}
        <select
          value={fields[place] ?? ''}
          onChange={(event) => {
            const wanted = event.currentTarget.value;
            const chosen = groupIds.find((id) => id === wanted);
            onChange(
              chosen === undefined
                ? fields.toSpliced(place, 1)
                : fields.toSpliced(place, 1, chosen),
            );
          }}
        >
          <option value="">nothing</option>
          {groupIds
            .filter((id) => !others.includes(id))
            .map((id) => (
              <option key={id} value={id}>
                {columns.find(({ sort }) => sort === id)?.label ?? id}
              </option>
            ))}
        </select>
      </label>
    );
  });
}
