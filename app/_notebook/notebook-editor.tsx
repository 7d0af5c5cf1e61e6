'use client';
/** A notebook that is open: its cells, the keys of Jupyter, saving, pins. */
/* The list takes keys that its cells do not: a cell has the focus, and they reach here. */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-static-element-interactions */
import { Button, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { asSentence, formatDate } from '../../server/api/schemas/format.ts';
import type { Cell, CellKind, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { cellKinds } from '../../server/api/schemas/notebook-kinds.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { NotebookSummary } from '../../server/api/schemas/notebook-requests.ts';
import type { OpenNotebook } from '../../server/api/schemas/notebook-text.ts';
import { Notice } from '../_components/states.tsx';
import { useCatalog } from '../_lib/api.ts';
import { useAskAgain, useForkNotebook } from '../_lib/api-notebooks.ts';
import { useLetterKeysOn } from '../_lib/use-letter-keys.ts';
import { NotebookCell } from './cell.tsx';
import { edit, newCell, pinsOf, startEdit } from './edit.ts';
import { kindWords } from './kind-words.ts';
import classes from './notebook.module.css';
import { NotebookMenu } from './notebook-menu.tsx';
import { SaveLine } from './save-line.tsx';
import { slashCell, slashItems } from './slash.ts';
import { useAutosave } from './use-autosave.ts';
import { useEvaluation } from './use-evaluation.ts';
import { useHashCell } from './use-hash-cell.ts';
import { useKeptResults } from './use-kept-results.ts';

interface NotebookEditorProps {
  readonly detail: NotebookSummary;
  /** As it was saved when the page opened it. */
  readonly start: Notebook;
}

export function NotebookEditor({ detail, start }: NotebookEditorProps) {
  const [state, dispatch] = useReducer(edit, start, startEdit);
  const { notebook, selected, isEditing, past, future } = state;
  const text = useMemo(() => writeNotebook(notebook), [notebook]);
  const autosave = useAutosave(detail, text);
  /** Another version takes the place of all that is here. */
  const take = ({ version, content }: OpenNotebook): void => {
    if (content.kind !== 'notebook') return;
    dispatch({ type: 'replace', notebook: content.notebook });
    autosave.rebase(version, writeNotebook(content.notebook));
  };
  const evaluation = useEvaluation(notebook);
  useKeptResults(detail.id, evaluation, autosave.state.kind === 'saved');
  const fork = useForkNotebook();
  const router = useRouter();
  const catalog = useCatalog();
  const askAgain = useAskAgain();
  const [lettersOn] = useLetterKeysOn();
  const lastKey = useRef<{ readonly key: string; readonly at: number } | null>(null);
  const [said, setSaid] = useState('');
  const canEdit = !detail.shipped;

  const spec = JSON.stringify(catalog.data?.presets[0]?.spec ?? {}, null, 2);
  const insert = (kind: CellKind, at: number): void => {
    const cell = newCell(notebook, kind, spec);
    dispatch({ type: 'insert', cell, at });
    dispatch({ type: 'select', id: cell.id, isEditing: true });
  };
  const latest = useRef({ notebook, selected, evaluation, spec });
  useLayoutEffect(() => {
    latest.current = { notebook, selected, evaluation, spec };
  });
  useHashCell(notebook.cells, ({ id }) => dispatch({ type: 'select', id }));

  const onSlash = useCallback((cell: Cell, word: string, rest: string): void => {
    const item = slashItems.find((one) => one.word === word);
    const { notebook: now, spec: first } = latest.current;
    const at = now.cells.findIndex(({ id }) => id === cell.id);
    if (item === undefined || at < 0 || cell.kind !== 'markdown') return;
    const made = slashCell(now, item, first);
    dispatch({ type: 'insert', cell: made, at: at + 1 });
    // Of a text that was nothing but the slash, the new cell takes the place.
    if (rest.trim() === '') dispatch({ type: 'remove', id: cell.id });
    else dispatch({ type: 'change', cell: { ...cell, source: rest.replace(/\n+$/, '') } });
    dispatch({ type: 'select', id: made.id, isEditing: true });
  }, []);

  const onNext = useCallback((): void => {
    const { notebook: now, selected: at } = latest.current;
    const index = now.cells.findIndex(({ id }) => id === at);
    const next = now.cells[index + 1];
    if (next === undefined) {
      const cell = newCell(now, 'markdown');
      dispatch({ type: 'insert', cell, at: now.cells.length });
      dispatch({ type: 'select', id: cell.id, isEditing: true });
    } else dispatch({ type: 'select', id: next.id });
  }, []);
  const onPin = useCallback((cell: Cell): void => {
    if (cell.pinned !== undefined) dispatch({ type: 'pin', pins: new Map([[cell.id, null]]) });
    else {
      const { notebook: now, evaluation: results } = latest.current;
      const pin = pinsOf(now, results, new Date()).pins.get(cell.id);
      if (pin !== undefined) dispatch({ type: 'pin', pins: new Map([[cell.id, pin]]) });
    }
  }, []);
  const pinAll = (): readonly string[] => {
    const { pins, without } = pinsOf(notebook, evaluation, new Date());
    if (pins.size > 0) dispatch({ type: 'pin', pins });
    return without;
  };

  const index = notebook.cells.findIndex(({ id }) => id === selected);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
    // Fields, buttons and links keep their own keys: only a cell itself is in command mode.
    if (!(target instanceof HTMLElement) || target.dataset['cell'] === undefined || altKey) return;
    const isTwice = lastKey.current?.key === key && event.timeStamp - lastKey.current.at < 800;
    lastKey.current = { key, at: event.timeStamp };
    const act = (action: () => void): void => {
      event.preventDefault();
      action();
    };
    if (key === 'ArrowUp') return act(() => dispatch({ type: 'step', by: -1 }));
    if (key === 'ArrowDown') return act(() => dispatch({ type: 'step', by: 1 }));
    if (key === 'Enter' && shiftKey) return act(onNext);
    if (key === 'Enter' && canEdit)
      return act(() => dispatch({ type: 'select', id: selected, isEditing: true }));
    if (!canEdit) return;
    if ((ctrlKey || metaKey) && key.toLowerCase() === 'z')
      return act(() => dispatch({ type: shiftKey ? 'redo' : 'undo' }));
    // A text that is opening takes the keys itself.
    if (ctrlKey || metaKey || !lettersOn || isEditing) return;
    if (key === 'k') return act(() => dispatch({ type: 'step', by: -1 }));
    if (key === 'j') return act(() => dispatch({ type: 'step', by: 1 }));
    if (key === 'a') return act(() => insert('markdown', Math.max(0, index)));
    if (key === 'b') return act(() => insert('markdown', index + 1));
    if (key === 'z') return act(() => dispatch({ type: 'undo' }));
    if (key === 'd' && isTwice && selected !== null) {
      lastKey.current = null;
      return act(() => {
        dispatch({ type: 'remove', id: selected });
        setSaid('Deleted a cell; z brings it back.');
      });
    }
  };

  return (
    <div className={classes.page}>
      <header className={classes.top}>
        {canEdit && <h1 className="visually-hidden">{notebook.title}</h1>}
        {canEdit ? (
          <TextInput
            aria-label="Title"
            className={classes.title}
            variant="unstyled"
            maxLength={120}
            value={notebook.title}
            onChange={({ currentTarget }) => {
              // A notebook without a title could not be saved.
              if (currentTarget.value.trim() !== '')
                dispatch({ type: 'title', title: currentTarget.value });
            }}
          />
        ) : (
          <h1>{notebook.title}</h1>
        )}
        <div className={classes.bar}>
          <SaveLine
            autosave={autosave}
            onTheirs={take}
            onCopy={() =>
              fork.mutate(
                { id: detail.id, text },
                { onSuccess: ({ id }) => router.push(`/n/${id}`) },
              )
            }
          />
          {canEdit && (
            <>
              <Button
                size="xs"
                variant="default"
                disabled={past.length === 0}
                onClick={() => dispatch({ type: 'undo' })}
              >
                Undo
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={future.length === 0}
                onClick={() => dispatch({ type: 'redo' })}
              >
                Redo
              </Button>
            </>
          )}
          <Button size="xs" variant="default" onClick={askAgain}>
            Ask again
          </Button>
          <Button
            size="xs"
            variant={canEdit ? 'default' : 'filled'}
            loading={fork.isPending}
            onClick={() =>
              fork.mutate(
                { id: detail.id, text },
                { onSuccess: ({ id }) => router.push(`/n/${id}`) },
              )
            }
          >
            Fork
          </Button>
          <NotebookMenu
            detail={detail}
            notebook={notebook}
            evaluation={evaluation}
            base={autosave.base}
            isSaved={autosave.state.kind === 'saved' || autosave.state.kind === 'off'}
            onPinAll={pinAll}
            onRestored={take}
          />
        </div>
      </header>
      {detail.forkedFrom !== null && (
        <p className={classes.quiet}>
          Forked from <a href={`/n/${detail.forkedFrom.id}`}>{detail.forkedFrom.title}</a>.
        </p>
      )}
      {detail.shipped && (
        <Notice tone="info">
          This notebook came with Parley. Inputs can be tried; fork it to change and keep it.
        </Notice>
      )}
      {fork.error !== null && <Notice tone="bad">{asSentence(fork.error.message)}</Notice>}
      <div className={classes.cells} onKeyDown={onKeyDown}>
        {notebook.cells.map((cell) => (
          <NotebookCell
            key={cell.id}
            cell={cell}
            notebook={notebook}
            evaluation={evaluation}
            isSelected={cell.id === selected}
            isFirst={selected === null && cell.id === notebook.cells[0]?.id}
            isEditing={isEditing}
            canEdit={canEdit}
            dispatch={dispatch}
            notebookId={detail.id}
            onPin={onPin}
            onSlash={onSlash}
            onNext={onNext}
          />
        ))}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      {canEdit && (
        <div className={classes.add} role="toolbar" aria-label="Add a cell">
          <span>Add</span>
          {cellKinds.map((kind) => (
            <Button
              key={kind}
              size="compact-sm"
              variant="default"
              onClick={() => insert(kind, index < 0 ? notebook.cells.length : index + 1)}
            >
              {kindWords[kind]}
            </Button>
          ))}
        </div>
      )}
      <p className={classes.keys}>
        Keys on a cell: Enter edits, Escape leaves, Shift and Enter goes on, a and b add above and
        below, d d deletes, z brings back. Saved {formatDate(detail.updatedAt)} when it was opened.
      </p>
    </div>
  );
}
