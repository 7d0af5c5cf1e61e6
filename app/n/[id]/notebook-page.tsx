'use client';
/** One notebook: waits for its text, then opens it. A text that cannot be read is shown, not lost. */
import { useMemo } from 'react';
import { readNotebook } from '../../../server/api/schemas/notebook-file.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useNotebook } from '../../_lib/api-notebooks.ts';
import { NotebookEditor } from '../../_notebook/notebook-editor.tsx';
import classes from '../../_notebook/notebook.module.css';

export function NotebookPage({ id }: { readonly id: string }) {
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
  return <NotebookEditor detail={data} />;
}
