'use client';
/** One of many things in little room: names to pick from, what the picked one means, the rest on demand. */
import { clsx } from 'clsx';
import { useId, useState } from 'react';
import type { Choice } from '../_components/choice.tsx';
import classes from './compact-choices.module.css';

interface CompactChoicesProps {
  readonly label: string;
  /** The spec's field, so that an issue can lead here. */
  readonly field: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly error?: string | undefined;
  readonly changed?: boolean;
  /** How many names are shown from the start; the rest, and always the chosen one, on demand. */
  readonly first?: number;
}

export function CompactChoices(props: CompactChoicesProps) {
  const { label, field, choices, value, onChange, error, changed = false } = props;
  const { first = choices.length } = props;
  const id = useId();
  const [all, setAll] = useState(false);
  const shownNames = choices.filter((one, index) => all || index < first || one.id === value);
  return (
    <fieldset
      id={`field-${field}`}
      tabIndex={-1}
      className={classes.group}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <legend className={classes.legend}>
        {label}
        {changed && <span className={classes.changed}>changed</span>}
      </legend>
      <div className={classes.names}>
        {shownNames.map(({ id: choice, title, reason }) => (
          <label key={choice} className={clsx(classes.name, reason != null && classes.disabled)}>
            <input
              type="radio"
              name={id}
              value={choice}
              checked={choice === value}
              disabled={reason != null}
              onChange={() => onChange(choice)}
              aria-label={title}
              aria-describedby={`${id}-${choice}`}
            />
            {title}
          </label>
        ))}
      </div>
      <dl className={classes.details}>
        {choices.map(({ id: choice, title, description, source, reason }) => {
          const chosen = choice === value;
          const named = shownNames.some((one) => one.id === choice);
          const shown = all || chosen || (reason != null && named);
          return (
            // Read out with the name also while it is not shown.
            <div key={choice} hidden={!shown} className={chosen ? classes.chosen : undefined}>
              <dt>{title}</dt>
              <dd id={`${id}-${choice}`}>
                {description}
                {source !== null && <span className={classes.source}> {source}</span>}
                {reason != null && <span className={classes.reason}> {reason}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      {choices.length > 1 && (
        <button
          type="button"
          className={classes.more}
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Fewer' : `All ${choices.length} with details`} for {label}
        </button>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
