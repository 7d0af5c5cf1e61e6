'use client';
/** One notebook: waits for it, then opens it. A text that cannot be read is shown, not lost. */
import { lazy, Suspense, useEffect } from 'react';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useNotebook } from '../../_lib/api-notebooks.ts';
import { Unreadable } from '../../_notebook/unreadable.tsx';

const editor = () => import('../../_notebook/notebook-editor.tsx');
const reader = () => import('../../_notebook/reader.tsx');
const NotebookEditor = lazy(async () => ({ default: (await editor()).NotebookEditor }));
const Reader = lazy(reader);
const ReaderNote = lazy(async () => ({ default: (await reader()).ReaderNote }));

interface NotebookPageProps {
  readonly id: string;
  /** To be read only: nothing of the editor is loaded. */
  readonly isReader?: boolean;
}

export function NotebookPage({ id, isReader = false }: NotebookPageProps) {
  const notebook = useNotebook(id);
  // Fetched beside the notebook, not after it.
  useEffect(() => {
    void (isReader ? reader() : editor());
  }, [isReader]);
  const { data } = notebook;
  if (data === undefined) {
    return notebook.error === null ? (
      <Waiting what="the notebook" height={640} />
    ) : (
      <Failure title="There is no such notebook" reason={notebook.error} retry={notebook.retry} />
    );
  }
  const { content } = data;
  if (content.kind === 'unreadable') return <Unreadable content={content} />;
  if (isReader) {
    return (
      <Suspense fallback={<Waiting what="the notebook" height={640} />}>
        <Reader
          notebook={content.notebook}
          path={`/n/${id}`}
          canMove
          note={<ReaderNote id={id} updatedAt={data.updatedAt} />}
        />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={<Waiting what="the notebook" height={640} />}>
      <NotebookEditor detail={data} start={content.notebook} />
    </Suspense>
  );
}
