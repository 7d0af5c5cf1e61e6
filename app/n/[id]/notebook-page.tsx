'use client';
/** One notebook: waits for its text, then opens it. A text that cannot be read is shown, not lost. */
import { lazy, Suspense, useMemo } from 'react';
import { readNotebook } from '../../../server/api/schemas/notebook-file.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useNotebook } from '../../_lib/api-notebooks.ts';
import { NotebookEditor } from '../../_notebook/notebook-editor.tsx';
import classes from '../../_notebook/notebook.module.css';

const Reader = lazy(() => import('../../_notebook/reader.tsx'));
const ReaderNote = lazy(async () => ({
  default: (await import('../../_notebook/reader.tsx')).ReaderNote,
}));

interface NotebookPageProps {
  readonly id: string;
  /** To be read only: nothing of the editor is loaded. */
  readonly isReader?: boolean;
}

export function NotebookPage({ id, isReader = false }: NotebookPageProps) {
  const notebook = useNotebook(id);
  const { data } = notebook;
  const problem = useMemo(() => {
    if (data === undefined) return null;
    try {
      readNotebook(data.text);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }, [data]);
  if (data === undefined) {
    return notebook.error === null ? (
      <Waiting what="the notebook" height={640} />
    ) : (
      <Failure title="There is no such notebook" reason={notebook.error} retry={notebook.retry} />
    );
  }
  if (problem !== null) {
    return (
      <>
        <Failure title="The notebook cannot be read" reason={problem} />
        <pre className={classes.raw}>{data.text}</pre>
      </>
    );
  }
  if (isReader) {
    return (
      <Suspense fallback={<Waiting what="the notebook" height={640} />}>
        <Reader
          text={data.text}
          path={`/n/${id}`}
          canMove
          note={<ReaderNote id={id} updatedAt={data.updatedAt} />}
        />
      </Suspense>
    );
  }
  return <NotebookEditor detail={data} />;
}
