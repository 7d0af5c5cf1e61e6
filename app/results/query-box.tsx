'use client';
/**
 * The query: one line, completed by keyboard, what is wrong named with its fix, each term a chip below.
 * What is typed counts after a pause, or at once on Enter; a query with a problem never counts, and a
 * word that may be the beginning of a field only on Enter or with a space behind it.
 */
import { Button, CloseButton } from '@mantine/core';
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react';
import {
  applyFix,
  parseQuery,
  withoutTerm,
  type Problem,
} from '../../server/api/schemas/results-query.ts';
import type { KnownValue } from '../../server/api/routers/results/values.ts';
import { asSentence } from '../../server/api/schemas/format.ts';
import { Icon } from '../_components/icon.tsx';
import { halfTyped, offersAt, type Offer } from './complete.ts';
import classes from './query-box.module.css';
import { QueryHelp } from './query-help.tsx';

const pauseMs = 300;

interface QueryBoxProps {
  readonly value: string;
  readonly onChange: (q: string) => void;
  readonly known: readonly KnownValue[];
}

export function QueryBox({ value, onChange, known }: QueryBoxProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState({ text: value, of: value });
  if (draft.of !== value) {
    // Changed from outside; what was typed and means the same keeps its spaces.
    setDraft({ text: draft.text.trim() === value.trim() ? draft.text : value, of: value });
  }
  const { text } = draft;
  const [caret, setCaret] = useState(value.length);
  const [list, setList] = useState<{ open: boolean; active: number }>({ open: false, active: -1 });
  const query = parseQuery(text);
  const offers = list.open ? offersAt(text, caret, known) : [];
  const [problem] = query.problems;
  const parts = [...query.terms, query.order, query.group]
    .filter((part) => part !== null)
    .sort((a, b) => a.start - b.start);
  const pending = text.trim() !== value.trim();

  const apply = (next: string): void => {
    if (parseQuery(next).problems.length === 0 && next.trim() !== value.trim()) {
      onChange(next.trim());
    }
  };
  /** A word that may yet become a field's name is not looked for by itself: Enter or a space does. */
  const begun = pending ? halfTyped(text) : null;
  const applyLater = useEffectEvent((next: string) => {
    if (halfTyped(next) === null) apply(next);
  });
  useEffect(() => {
    if (!pending) return;
    const timer = setTimeout(() => applyLater(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, pending]);

  const write = (next: string, at = next.length): void => {
    setDraft({ text: next, of: value });
    setCaret(at);
  };
  const take = (offer: Offer): void => {
    write(offer.text, offer.caret);
    const ready = !/[:<>=]$/.test(offer.text.slice(0, offer.caret));
    // A field asks for its value next; a value ends its term.
    setList({ open: !ready, active: -1 });
    requestAnimationFrame(() => input.current?.setSelectionRange(offer.caret, offer.caret));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const count = list.open ? offers.length : offersAt(text, caret, known).length;
      const active = list.open ? list.active + step : step > 0 ? 0 : count - 1;
      setList({ open: count > 0, active: active >= count ? -1 : active < -1 ? count - 1 : active });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const offer = offers[list.active];
      if (offer !== undefined) take(offer);
      else {
        setList({ open: false, active: -1 });
        apply(text);
      }
    } else if (event.key === 'Escape' && list.open) {
      event.preventDefault();
      setList({ open: false, active: -1 });
    }
  };

  return (
    <section className={classes.search} aria-label="Filters">
      <div className={classes.field}>
        <label htmlFor={`${id}-q`} className="visually-hidden">
          Filter the runs
        </label>
        <input
          ref={input}
          id={`${id}-q`}
          className={classes.input}
          type="text"
          role="combobox"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          placeholder="approx:puma rtt>=40ms acc>90% sort:latency"
          aria-autocomplete="list"
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={list.active >= 0 ? `${id}-${list.active}` : undefined}
          aria-invalid={problem !== undefined && !list.open}
          aria-describedby={`${id}-said`}
          data-shortcut="/"
          value={text}
          onChange={(event) => {
            write(event.currentTarget.value, event.currentTarget.selectionStart ?? undefined);
            setList({ open: true, active: -1 });
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? text.length)}
          onBlur={() => setList({ open: false, active: -1 })}
          onKeyDown={onKeyDown}
        />
        {text !== '' && (
          <CloseButton
            className={classes.clear ?? ''}
            aria-label="Drop the whole query"
            onClick={() => {
              write('');
              onChange('');
              input.current?.focus();
            }}
          />
        )}
        <div
          id={`${id}-list`}
          // No tag is the list of a combobox whose entries explain themselves.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="listbox"
          aria-label="Completions"
          className={classes.list}
          hidden={offers.length === 0}
        >
          {offers.map((offer, index) => (
            // The keyboard way is the input's: the list is never focused itself.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={offer.label}
              id={`${id}-${index}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="option"
              aria-selected={index === list.active}
              className={classes.offer}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
            >
              <code>{offer.label}</code>
              <span>{offer.help}</span>
            </div>
          ))}
        </div>
      </div>
      <QueryHelp />
      <div id={`${id}-said`} aria-live="polite">
        {problem !== undefined && !list.open && (
          <ProblemLine
            problem={problem}
            text={text}
            inForce={value}
            onFix={() => {
              const fixed = applyFix(text, problem);
              write(fixed);
              apply(fixed);
              input.current?.focus();
            }}
          />
        )}
        {problem === undefined && begun !== null && (
          <p className={classes.begun}>
            Enter looks for the word <code>{begun}</code>; a value behind a colon makes it a filter.
          </p>
        )}
      </div>
      {problem === undefined && parts.length > 0 && (
        <ul className={classes.chips} aria-label="Filters in force">
          {parts.map((term) => {
            const word = text.slice(term.start, term.end);
            return (
              <li key={term.start} className={classes.chip}>
                <code>{word}</code>
                <CloseButton
                  size={24}
                  iconSize={14}
                  aria-label={`Remove ${word}`}
                  onClick={() => {
                    const next = withoutTerm(text, term);
                    write(next);
                    onChange(next);
                  }}
                />
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function ProblemLine({
  problem,
  text,
  inForce,
  onFix,
}: {
  problem: Problem;
  text: string;
  /** The last query without a problem: the runs below are of it. */
  inForce: string;
  onFix: () => void;
}) {
  const word = text.slice(problem.start, problem.end);
  const { fix } = problem;
  return (
    <p className={classes.problem}>
      <Icon name="warning" size={15} />
      <span>
        Character {problem.start + 1}, <code>{word}</code>: {asSentence(problem.message)}
      </span>
      {fix !== null && (
        <Button size="compact-xs" variant="default" onClick={onFix}>
          {fix === '' ? 'Leave it out' : `Did you mean ${fix}?`}
        </Button>
      )}
      <span>
        Until then the list is{' '}
        {inForce === '' ? (
          'that of all runs.'
        ) : (
          <>
            that of <code>{inForce}</code>.
          </>
        )}
      </span>
    </p>
  );
}
