'use client';
/** Whether what is on the page is kept; and, when another tab was first, the three ways on. */
import { Button } from '@mantine/core';
import { asSentence } from '../../server/api/schemas/format.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import { Notice } from '../_components/states.tsx';
import classes from './notebook.module.css';
import type { Autosave } from './use-autosave.ts';

interface SaveLineProps {
  readonly autosave: Autosave;
  readonly onTheirs: (theirs: OpenNotebook) => void;
  readonly onCopy: () => void;
}

const words = {
  saved: 'Saved',
  waiting: 'Not saved yet',
  saving: 'Saving',
  off: 'Read-only',
} as const;

export function SaveLine({
  autosave: { state, saveNow, rebase },
  onTheirs,
  onCopy,
}: SaveLineProps) {
  if (state.kind === 'failed') {
    return (
      <Notice tone="bad">
        Not saved: {asSentence(state.message)}{' '}
        <Button size="compact-xs" variant="default" onClick={saveNow}>
          Try again
        </Button>
      </Notice>
    );
  }
  if (state.kind === 'conflict') {
    const { theirs } = state;
    return (
      <Notice>
        This notebook was changed in another tab or by somebody else. Nothing is lost: what you see
        here is not saved yet.{' '}
        <span className={classes.ways}>
          <Button size="compact-xs" onClick={onCopy}>
            Keep mine as a copy
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => onTheirs(theirs)}>
            Take the other
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            // Its own text differs from theirs, or there were no conflict: it is saved next.
            onClick={() => rebase(theirs.version, '')}
          >
            Save mine over it
          </Button>
        </span>
      </Notice>
    );
  }
  return <output className={classes.saved}>{words[state.kind]}</output>;
}
