'use client';
/** One of a few things, each with what it means and where it comes from; or why it cannot be had. */
import { clsx } from 'clsx';
import { useId, useState, type ReactNode } from 'react';
import classes from './choice.module.css';

export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly description: ReactNode;
  readonly source: string | null;
  /** Why it cannot be chosen now. */
  readonly reason?: string | null;
}

interface ChoiceCardsProps {
  readonly label: string;
  /** The spec's field, so that an issue can lead here. */
  readonly field: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly error?: string | undefined;
  readonly changed?: boolean;
  readonly wide?: boolean;
  /** How many are shown from the start; the rest, and always the chosen one, on demand. */
  readonly first?: number;
}

export function ChoiceCards(props: ChoiceCardsProps) {
  const { label, field, choices, value, onChange, error, changed = false, wide = false } = props;
  const { first = choices.length } = props;
  const id = useId();
  const [all, setAll] = useState(false);
  const shown = choices.filter((choice, index) => all || index < first || choice.id === value);
  const hidden = choices.length - shown.length;
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
      <div className={clsx(classes.cards, wide && classes.wide)}>
        {shown.map((choice) => {
          const reason = choice.reason ?? null;
          const describedBy = `${id}-${choice.id}`;
          return (
            <label
              key={choice.id}
              className={clsx(classes.card, reason !== null && classes.disabled)}
            >
              <input
                type="radio"
                name={id}
                value={choice.id}
                checked={choice.id === value}
                disabled={reason !== null}
                onChange={() => onChange(choice.id)}
                aria-label={choice.title}
                aria-describedby={describedBy}
              />
              <span className={classes.title}>{choice.title}</span>
              <span id={describedBy} className={classes.text}>
                {choice.description}
                {choice.source !== null && <span className={classes.source}>{choice.source}</span>}
                {reason !== null && <span className={classes.reason}>{reason}</span>}
              </span>
            </label>
          );
        })}
      </div>
      {choices.length > first && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${hidden} more`} for {label}
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
