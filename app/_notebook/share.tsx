'use client';
/** A notebook for others: frozen, live, cited, or as a file. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { asSentence } from '../../server/api/schemas/format.ts';
import { notebookSuffix, writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import { toIpynb } from '../../server/api/schemas/notebook-ipynb.ts';
import { toMarkdown } from '../../server/api/schemas/notebook-markdown.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Notice } from '../_components/states.tsx';
import { useLinkBase } from '../_lib/api-compare.ts';
import { usePublishLive, usePublishNotebook } from '../_lib/api-notebooks.ts';
import { saveAs } from '../_lib/save.ts';
import { CiteNotebook } from './cite-notebook.tsx';
import { pinsOf } from './edit.ts';
import type { NotebookMenuProps } from './notebook-menu.tsx';
import classes from './notebook.module.css';

const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60) || 'notebook';

function Address({ what, path }: { readonly what: string; readonly path: string }) {
  const origin = useLinkBase();
  return (
    <p className={classes.inline}>
      {what}: <Link href={path}>{`${origin}${path}`}</Link>
      <CopyButton value={`${origin}${path}`} label="Copy link" />
    </p>
  );
}

export default function Share({ detail, notebook, evaluation, onPinAll }: NotebookMenuProps) {
  const publish = usePublishNotebook();
  const live = usePublishLive();
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
        <Button
          variant="default"
          loading={live.isPending}
          onClick={() => live.mutate({ id: detail.id })}
        >
          Publish a live address
        </Button>
        <Button variant="default" onClick={() => setWithout(onPinAll())}>
          Pin all results here
        </Button>
      </div>
      <p className={classes.quiet}>
        A live address shows the notebook as it is saved and its results as they are whenever
        somebody looks: whatever its queries find then, they read.{' '}
        <Link href={`/n/${detail.id}?reader`}>Reader view</Link>, for people of this installation.
      </p>
      {without.length > 0 && (
        <Notice>
          {without.length === 1 ? 'One cell has' : `${without.length} cells have`} no result yet and
          cannot be pinned: run it, mend it, or take it out.
        </Notice>
      )}
      {publish.error !== null && <Notice tone="bad">{asSentence(publish.error.message)}</Notice>}
      {live.error !== null && <Notice tone="bad">{asSentence(live.error.message)}</Notice>}
      {publish.data !== undefined && <Address what="Frozen" path={publish.data.path} />}
      {live.data !== undefined && <Address what="Live" path={live.data.path} />}
      <h3>To cite</h3>
      <p className={classes.quiet}>
        This is the citation of the page here; a frozen copy has one of its own, which names its
        content.
      </p>
      <CiteNotebook path={`/n/${detail.id}`} />
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
