'use client';
/** What is done with a whole notebook: versions, files, publishing, deleting. */
import { Button, Modal, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { asSentence, formatDate } from '../../server/api/schemas/format.ts';
import type { Notebook } from '../../server/api/schemas/notebook-cells.ts';
import type { Evaluation } from '../../server/api/schemas/notebook-evaluate.ts';
import { notebookSuffix, writeNotebook } from '../../server/api/schemas/notebook-file.ts';
import { toIpynb } from '../../server/api/schemas/notebook-ipynb.ts';
import { toMarkdown } from '../../server/api/schemas/notebook-markdown.ts';
import type { NotebookDetail } from '../../server/api/schemas/notebook-requests.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Notice } from '../_components/states.tsx';
import { useLinkBase } from '../_lib/api-compare.ts';
import {
  useDeleteNotebook,
  usePublishNotebook,
  useVersionActions,
  useVersions,
} from '../_lib/api-notebooks.ts';
import { saveAs } from '../_lib/save.ts';
import { pinsOf } from './edit.ts';
import classes from './notebook.module.css';

interface NotebookMenuProps {
  readonly detail: NotebookDetail;
  readonly notebook: Notebook;
  readonly evaluation: Evaluation;
  readonly base: number;
  readonly isSaved: boolean;
  /** Pins everything that can be; ids of the cells that have nothing yet. */
  readonly onPinAll: () => readonly string[];
  readonly onRestored: (notebook: NotebookDetail) => void;
}

const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60) || 'notebook';

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
        <Share {...props} />
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

function Share({ notebook, evaluation, onPinAll }: NotebookMenuProps) {
  const publish = usePublishNotebook();
  const origin = useLinkBase();
  const [without, setWithout] = useState<readonly string[]>([]);
  const name = fileName(notebook.title);
  const freeze = (): void => {
    const { pins, without: missing } = pinsOf(notebook, evaluation, new Date());
    setWithout(missing);
    if (missing.length > 0) return;
    const cells = notebook.cells.map((cell) => {
      const pin = pins.get(cell.id);
      return pin === undefined ? cell : { ...cell, pinned: pin };
    });
    publish.mutate({ text: writeNotebook({ ...notebook, cells }) });
  };
  return (
    <div className={classes.dialog}>
      <p>
        Publishing freezes every result into a copy under an address that nobody can guess. It can
        be taken back.
      </p>
      <div className={classes.inline}>
        <Button loading={publish.isPending} onClick={freeze}>
          Publish a frozen copy
        </Button>
        <Button variant="default" onClick={() => setWithout(onPinAll())}>
          Pin all results here
        </Button>
      </div>
      {without.length > 0 && (
        <Notice>
          {without.length === 1 ? 'One cell has' : `${without.length} cells have`} no result yet and
          cannot be pinned: run it, mend it, or take it out.
        </Notice>
      )}
      {publish.error !== null && <Notice tone="bad">{asSentence(publish.error.message)}</Notice>}
      {publish.data !== undefined && (
        <p className={classes.inline}>
          <Link href={publish.data.path}>{`${origin}${publish.data.path}`}</Link>
          <CopyButton value={`${origin}${publish.data.path}`} label="Copy link" />
        </p>
      )}
      <h3>As a file</h3>
      <div className={classes.inline}>
        <Button
          variant="default"
          onClick={() =>
            saveAs(`${name}${notebookSuffix}`, 'text/markdown', writeNotebook(notebook))
          }
        >
          Notebook file
        </Button>
        <Button
          variant="default"
          onClick={() =>
            saveAs(
              `${name}.ipynb`,
              'application/x-ipynb+json',
              toIpynb(notebook, evaluation.results),
            )
          }
        >
          Jupyter
        </Button>
        <Button
          variant="default"
          onClick={() => saveAs(`${name}.md`, 'text/markdown', toMarkdown(notebook, evaluation))}
        >
          Markdown
        </Button>
      </div>
      <p className={classes.quiet}>
        HTML that reads without scripts: publish a frozen copy and take its file, or{' '}
        <code>parley notebook export --format html</code>.
      </p>
    </div>
  );
}
