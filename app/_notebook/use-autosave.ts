'use client';
/**
 * Saves a moment after the last change, on top of the version that the page knows. When another tab came
 * first nothing is overwritten: both texts are there, and the reader says which way on.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { NotebookSummary } from '../../server/api/schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import { useSaveNotebook } from '../_lib/api-notebooks.ts';

const quietMs = 1000;

export type SaveState =
  | { readonly kind: 'saved' | 'waiting' | 'saving' | 'off' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'conflict'; readonly theirs: OpenNotebook };

export interface Autosave {
  readonly state: SaveState;
  /** Version that the text rests on. */
  readonly base: number;
  readonly saveNow: () => void;
  /** Goes on from another version: after a conflict, a restore, or a load. */
  readonly rebase: (version: number, savedText: string) => void;
}

export function useAutosave(
  notebook: Pick<NotebookSummary, 'id' | 'version' | 'shipped'>,
  /** What is on the page; at first what is saved. */
  text: string,
): Autosave {
  const { mutateAsync } = useSaveNotebook();
  const [base, setBase] = useState(notebook.version);
  const [saved, setSaved] = useState(text);
  const [state, setState] = useState<SaveState>({ kind: notebook.shipped ? 'off' : 'saved' });
  const busy = useRef(false);
  const { id, shipped } = notebook;
  const isDirty = !shipped && text !== saved;

  const save = useCallback(async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setState({ kind: 'saving' });
    try {
      const answer = await mutateAsync({ id, base, text });
      if (answer.status === 'saved') {
        setBase(answer.version);
        setSaved(text);
        setState({ kind: 'saved' });
      } else setState({ kind: 'conflict', theirs: answer.theirs });
    } catch (error) {
      setState({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      busy.current = false;
    }
  }, [mutateAsync, id, base, text]);

  const isStuck = state.kind === 'conflict';
  useEffect(() => {
    if (!isDirty || isStuck) return;
    const timer = setTimeout(() => void save(), quietMs);
    return () => clearTimeout(timer);
  }, [isDirty, isStuck, save]);

  useEffect(() => {
    if (!isDirty) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isDirty]);

  const rebase = useCallback((version: number, savedText: string): void => {
    setBase(version);
    setSaved(savedText);
    setState({ kind: 'saved' });
  }, []);

  // Dirty and not on its way: it waits for a quiet moment.
  const shown: SaveState = isDirty && state.kind === 'saved' ? { kind: 'waiting' } : state;
  return { state: shown, base, saveNow: () => void save(), rebase };
}
