'use client';
/** Notebooks: one's own, those that came with Parley, a new one, and one from a file. */
import { Button, FileButton } from '@mantine/core';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { asSentence, formatAgo } from '../../server/api/schemas/format.ts';
import type { NotebookSummary } from '../../server/api/schemas/notebook-requests.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { Empty, Failure, Notice, Waiting } from '../_components/states.tsx';
import { useCreateNotebook, useDeleteNotebook, useNotebooks } from '../_lib/api-notebooks.ts';
import { useNow } from '../_lib/use-now.ts';
import classes from '../_notebook/notebook.module.css';

export function Notebooks() {
  const notebooks = useNotebooks();
  const create = useCreateNotebook();
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  const [remarks, setRemarks] = useState<{
    readonly id: string;
    readonly all: readonly string[];
  } | null>(null);

  const begin = async (): Promise<void> => {
    setProblem(null);
    try {
      // The format and all that it checks are not needed to read a list.
      const { firstText } = await import('../_notebook/first-text.ts');
      const { id } = await create.mutateAsync({ text: firstText() });
      router.push(`/n/${id}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setProblem(null);
    setRemarks(null);
    try {
      const { importNotebook } = await import('../../server/api/schemas/notebook-import.ts');
      const made = importNotebook(file.name, await file.text());
      const { id } = await create.mutateAsync({ text: made.text });
      if (made.remarks.length === 0) router.push(`/n/${id}`);
      else setRemarks({ id, all: made.remarks });
    } catch (error) {
      setProblem(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const own = notebooks.data?.filter(({ shipped }) => !shipped) ?? [];
  const shipped = notebooks.data?.filter((one) => one.shipped) ?? [];
  return (
    <Stack gap={24}>
      <header>
        <h1>Notebooks</h1>
        <p>
          Texts whose numbers stay true: queries, charts, papers and runs in cells that know of each
          other.
        </p>
        <div className={classes.inline}>
          <Button mt={12} loading={create.isPending} onClick={() => void begin()}>
            New notebook
          </Button>
          <FileButton accept=".md,.ipynb,.markdown,.txt" onChange={(file) => void take(file)}>
            {(props) => (
              <Button {...props} mt={12} variant="default">
                Import a file
              </Button>
            )}
          </FileButton>
        </div>
      </header>
      <Undelete />
      {(problem ?? create.error?.message) != null && (
        <Notice tone="bad">{asSentence(problem ?? create.error?.message ?? '')}</Notice>
      )}
      {remarks !== null && (
        <Notice tone="info">
          <Link href={`/n/${remarks.id}`}>Open the imported notebook</Link>.{' '}
          {remarks.all.map(asSentence).join(' ')}
        </Notice>
      )}
      {notebooks.data === undefined ? (
        notebooks.error === null ? (
          <Waiting what="the notebooks" />
        ) : (
          <Failure
            title="The notebooks cannot be read"
            reason={notebooks.error}
            retry={notebooks.retry}
          />
        )
      ) : (
        <>
          <Panel title="Yours">
            {own.length === 0 ? (
              <Empty title="No notebook yet">
                Begin a new one, import a file (.parley.md, .ipynb, Markdown), or open one of those
                below and fork it.
              </Empty>
            ) : (
              <NotebookList notebooks={own} />
            )}
          </Panel>
          {shipped.length > 0 && (
            <Panel
              title="Came with Parley"
              note="Over the runs and tables of this installation; fork one to change it."
            >
              <NotebookList notebooks={shipped} />
            </Panel>
          )}
        </>
      )}
    </Stack>
  );
}

function NotebookList({ notebooks }: { readonly notebooks: readonly NotebookSummary[] }) {
  const now = useNow(60_000);
  return (
    <ul className={classes.list}>
      {notebooks.map(({ id, title, shipped, updatedAt, forkedFrom }) => (
        <li key={id}>
          <span>
            <Link href={`/n/${id}`}>{title}</Link>
            {forkedFrom !== null && (
              <span className={classes.quiet}> forked from {forkedFrom.title}</span>
            )}
          </span>
          {!shipped && <span className={classes.quiet}>{formatAgo(updatedAt, now)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** After a notebook was deleted: the way back. */
function Undelete() {
  const query = useSearchParams();
  const router = useRouter();
  const { undelete } = useDeleteNotebook();
  const id = query.get('deleted');
  if (id === null) return null;
  return (
    <Notice tone="info">
      The notebook was deleted.{' '}
      <Button
        size="compact-xs"
        variant="default"
        loading={undelete.isPending}
        onClick={() => undelete.mutate({ id }, { onSuccess: () => router.push(`/n/${id}`) })}
      >
        Undo
      </Button>
      {undelete.error !== null && <> {asSentence(undelete.error.message)}</>}
    </Notice>
  );
}
