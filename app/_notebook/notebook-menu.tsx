'use client';
/** What is done with a whole notebook: versions, files, publishing, deleting. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { lazy, Suspense, useState } from 'react';
import { asSentence, formatDate } from '../../server/api/schemas/format.ts';
import type { Notebook } from '../../server/api/schemas/notebook-cells.ts';
import type { Evaluation } from '../../server/api/schemas/notebook-evaluate.ts';
import type { NotebookDetail } from '../../server/api/schemas/notebook-requests.ts';
import { Notice } from '../_components/states.tsx';
import { useDeleteNotebook, useVersionActions, useVersions } from '../_lib/api-notebooks.ts';
import classes from './notebook.module.css';

export interface NotebookMenuProps {
  readonly detail: NotebookDetail;
  readonly notebook: Notebook;
  readonly evaluation: Evaluation;
  readonly base: number;
  readonly isSaved: boolean;
  /** Pins everything that can be; ids of the cells that have nothing yet. */
  readonly onPinAll: () => readonly string[];
  readonly onRestored: (notebook: NotebookDetail) => void;
}

const Share = lazy(() => import('./share.tsx'));

export default function NotebookMenu(props: NotebookMenuProps) {
  const [open, setOpen] = useState<'versions' | 'share' | null>(null);
  const { detail } = props;
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen('share')}>
        Share and export
      </Button>
      {!detail.shipped && (
        <Button size="xs" variant="default" onClick={() => setOpen('versions')}>
          Versions
        </Button>
      )}
      <Modal
        lockScroll={false}
        opened={open === 'versions'}
        onClose={() => setOpen(null)}
        title="Versions"
        size="lg"
      >
        <Versions {...props} onDone={() => setOpen(null)} />
      </Modal>
      <Modal
        // The lock writes a style of its own into the page, which the CSP refuses.
        lockScroll={false}
        opened={open === 'share'}
        onClose={() => setOpen(null)}
        title="Share and export"
        size="lg"
      >
        <Suspense fallback={null}>
          <Share {...props} />
        </Suspense>
      </Modal>
    </>
  );
}

function Versions({
  detail,
  base,
  isSaved,
  onRestored,
  onDone,
}: NotebookMenuProps & { readonly onDone: () => void }) {
  const versions = useVersions(detail.id);
  const { keep, restore } = useVersionActions(detail.id);
  const { remove } = useDeleteNotebook();
  const router = useRouter();
  const [name, setName] = useState('');
  const error = keep.error ?? restore.error ?? remove.error;
  const hasConflict = restore.data?.status === 'conflict';
  return (
    <div className={classes.dialog}>
      <form
        className={classes.inline}
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate({ id: detail.id, name }, { onSuccess: () => setName('') });
        }}
      >
        <TextInput
          label="Name what is saved now"
          maxLength={80}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === '' || !isSaved} loading={keep.isPending}>
          Name it
        </Button>
      </form>
      {error !== null && <Notice tone="bad">{asSentence(error.message)}</Notice>}
      {hasConflict && <Notice>It was changed meanwhile; close this and look at it first.</Notice>}
      {versions.data?.length === 0 && <p className={classes.quiet}>No version has a name yet.</p>}
      <ul className={classes.list}>
        {versions.data?.map((version) => (
          <li key={version.number}>
            <span>
              {version.name} <span className={classes.quiet}>{formatDate(version.createdAt)}</span>
            </span>
            <Button
              size="compact-sm"
              variant="default"
              disabled={!isSaved}
              onClick={() =>
                restore.mutate(
                  { id: detail.id, number: version.number, base },
                  {
                    onSuccess: (answer) => {
                      if (answer.status !== 'saved' || answer.notebook === undefined) return;
                      onRestored(answer.notebook);
                      onDone();
                    },
                  },
                )
              }
            >
              Go back to it
            </Button>
          </li>
        ))}
      </ul>
      <Button
        variant="subtle"
        color="red"
        loading={remove.isPending}
        onClick={() =>
          remove.mutate(
            { id: detail.id },
            { onSuccess: () => router.push(`/n?deleted=${detail.id}`) },
          )
        }
      >
        Delete this notebook
      </Button>
    </div>
  );
}
