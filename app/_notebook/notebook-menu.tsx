'use client';
/** What is done with a whole notebook; the dialogs come when somebody first opens one. */
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Notebook } from '../../server/api/schemas/notebook-cells.ts';
import type { Evaluation } from '../../server/api/schemas/notebook-evaluate.ts';
import type { NotebookSummary } from '../../server/api/schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import type { NotebookDialog } from './notebook-dialogs.tsx';

export interface NotebookMenuProps {
  readonly detail: NotebookSummary;
  readonly notebook: Notebook;
  readonly evaluation: Evaluation;
  readonly base: number;
  readonly isSaved: boolean;
  /** Pins everything that can be; ids of the cells that have nothing yet. */
  readonly onPinAll: () => readonly string[];
  readonly onRestored: (notebook: OpenNotebook) => void;
}

const NotebookDialogs = lazy(() => import('./notebook-dialogs.tsx'));

export function NotebookMenu(props: NotebookMenuProps) {
  const [open, setOpen] = useState<NotebookDialog | null>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const show = (dialog: NotebookDialog): void => {
    setWasOpened(true);
    setOpen(dialog);
  };
  return (
    <>
      <Button size="xs" variant="default" aria-haspopup="dialog" onClick={() => show('share')}>
        Share and export
      </Button>
      {!props.detail.shipped && (
        <Button size="xs" variant="default" aria-haspopup="dialog" onClick={() => show('versions')}>
          Versions
        </Button>
      )}
      {wasOpened && (
        <Suspense fallback={null}>
          <NotebookDialogs {...props} open={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
