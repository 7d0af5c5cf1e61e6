'use client';
/** The dialogs of a whole notebook: versions, files, publishing, deleting. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { lazy, Suspense, useState } from 'react';
import { asSentence, formatDate } from '../../server/api/schemas/format.ts';
import type { NotebookMenuProps } from './notebook-menu.tsx';
import { Notice } from '../_components/states.tsx';
import { useDeleteNotebook, useVersionActions, useVersions } from '../_lib/api-notebooks.ts';
import classes from './notebook.module.css';

const Share = lazy(() => import('./share.tsx'));

export type NotebookDialog = 'versions' | 'share';

/** The dialogs; fetched when one is first opened. */
export default function NotebookDialogs({
  open,
  onClose,
  ...props
}: NotebookMenuProps & {
  readonly open: NotebookDialog | null;
  readonly onClose: () => void;
}) {
  return (
    <>
      <Modal
        lockScroll={false}
        opened={open === 'versions'}
        onClose={onClose}
        title="Versions"
        size="lg"
      >
        <Versions {...props} onDone={onClose} />
      </Modal>
      <Modal
        // The lock writes a style of its own into the page, which the CSP refuses.
        lockScroll={false}
        opened={open === 'share'}
        onClose={onClose}
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
                      if (answer.status !== 'saved') return;
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
