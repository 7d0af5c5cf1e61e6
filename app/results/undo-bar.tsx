'use client';
/** What was just done, and for ten seconds the way back. */
import { Button, CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './results.module.css';

export const undoMs = 10_000;

export interface Undoable {
  /** Tells two of the same words apart. */
  readonly id: number;
  readonly message: string;
  readonly undo: () => void;
}

export function UndoBar({ done, onGone }: { done: Undoable | null; onGone: () => void }) {
  // A reader who is at it is not hurried.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (done === null || held) return;
    const timer = setTimeout(onGone, undoMs);
    return () => clearTimeout(timer);
  }, [done, held, onGone]);
  return (
    <output className={classes.undo} data-empty={done === null}>
      {done !== null && (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
        <span
          className={classes.row}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          {done.message}
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setHeld(false);
              done.undo();
              onGone();
            }}
          >
            Undo
          </Button>
          <CloseButton size="sm" aria-label="Close" onClick={onGone} />
        </span>
      )}
    </output>
  );
}
