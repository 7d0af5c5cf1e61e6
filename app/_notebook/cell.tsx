'use client';
/** One cell: its frame with state and tools, its text or form while it is edited, and what it shows. */
/* The frame takes the keys of a Jupyter cell when it has the focus; its text and tools keep theirs. */
/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */
import { Button } from '@mantine/core';
import { lazy, memo, Suspense, useEffect, useRef } from 'react';
import { formatDate } from '../../server/api/schemas/format.ts';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { nameOf } from '../../server/api/schemas/notebook-kinds.ts';
import { asksForRecordings, asksForRuns } from '../../server/api/schemas/notebook-run-charts.ts';
import { Icon } from '../_components/icon.tsx';
import { CellLink } from './cell-link.tsx';
import type { EditAction } from './edit.ts';
import { kindWords } from './kind-words.ts';
import classes from './notebook.module.css';
import { CellOutput } from './outputs.tsx';
import { cellAnchor } from './use-hash-cell.ts';
import type { LiveEvaluation } from './use-evaluation.ts';

const source = () => import('./cell-source.tsx');
const Source = lazy(async () => ({ default: (await source()).Source }));
const settings = () => import('./settings.tsx');
const chartSettings = () => import('./chart-settings.tsx');
const ChartSettings = lazy(async () => ({ default: (await chartSettings()).ChartSettings }));
const CompareSettings = lazy(async () => ({ default: (await chartSettings()).CompareSettings }));
const PaperSettings = lazy(async () => ({ default: (await settings()).PaperSettings }));
const InputSettings = lazy(async () => ({ default: (await settings()).InputSettings }));
const InputControl = lazy(async () => ({
  default: (await import('./input-control.tsx')).InputControl,
}));
const RunCell = lazy(async () => ({ default: (await import('./run-cell.tsx')).RunCell }));
const Unrecorded = lazy(async () => ({
  default: (await import('./unrecorded.tsx')).Unrecorded,
}));
const NameField = lazy(async () => ({ default: (await settings()).NameField }));

export type CellState = 'fresh' | 'pinned' | 'stale' | 'working' | 'error' | 'failed';

/** One word for how a cell stands, said beside its kind. */
export function stateOf(cell: Cell, { results }: LiveEvaluation): CellState {
  if (cell.pinned !== undefined) return 'pinned';
  const outcome = results.get(cell.id)?.outcome;
  if (outcome === undefined || outcome.status === 'waiting') return 'working';
  if (outcome.status !== 'ok') return outcome.status;
  const { value } = outcome;
  const isFalse =
    cell.kind === 'assertion' && value?.kind === 'scalar' && value.scalar.value !== true;
  return isFalse ? 'failed' : 'fresh';
}

/** Cells that ask somebody; the others follow from these. */
const canPin = (cell: Cell): boolean =>
  ['query', 'paper', 'run', 'javascript'].includes(cell.kind) ||
  (cell.kind === 'chart' && asksForRuns(cell));

interface CellProps {
  readonly cell: Cell;
  readonly notebook: Notebook;
  readonly evaluation: LiveEvaluation;
  readonly isSelected: boolean;
  /** Where Tab enters the list while nothing is selected. */
  readonly isFirst: boolean;
  readonly isEditing: boolean;
  /** Changes are kept; else inputs can be tried and nothing else is offered. */
  readonly canEdit: boolean;
  readonly dispatch: (action: EditAction) => void;
  readonly notebookId: string;
  readonly onPin: (cell: Cell) => void;
  /** A cell was chosen by a slash in this one, whose text is now `rest`. */
  readonly onSlash: (cell: Cell, word: string, rest: string) => void;
  readonly onNext: () => void;
}

export const NotebookCell = memo(function NotebookCell(props: CellProps) {
  const {
    cell,
    notebook,
    evaluation,
    isSelected,
    isFirst,
    isEditing,
    canEdit,
    dispatch,
    notebookId,
    onPin,
    onSlash,
    onNext,
  } = props;
  const frame = useRef<HTMLElement>(null);
  const byPointer = useRef(false);
  const state = stateOf(cell, evaluation);
  const name = nameOf(cell);
  const isOpen = isSelected && isEditing && canEdit;
  const onChange = (changed: Cell): void => dispatch({ type: 'change', cell: changed });
  const leave = (): void => dispatch({ type: 'select', id: cell.id });

  // The keys go where the selection is, unless a field of the cell has them already.
  useEffect(() => {
    const element = frame.current;
    if (!isSelected || isOpen || element === null) return;
    const active = document.activeElement;
    if (element.contains(active)) return;
    // From another cell, or from a text that is no longer there; never from a field outside.
    if (active === document.body || active?.closest('[data-cell]') != null) element.focus();
  }, [isSelected, isOpen]);

  // What edits it is there before somebody asks.
  useEffect(() => {
    if (isSelected && canEdit) void source();
  }, [isSelected, canEdit]);

  return (
    <section
      ref={frame}
      id={cellAnchor(cell)}
      className={classes.cell}
      data-cell={cell.id}
      data-kind={cell.kind}
      data-state={state}
      data-selected={isSelected || undefined}
      aria-label={`${kindWords[cell.kind]}${name === null ? '' : ` ${name}`}, ${state}`}
      tabIndex={isSelected || isFirst ? 0 : -1}
      // By pointer a cell is selected when the click is done: what was open elsewhere closes then, and
      // moves nothing away from under the pointer between its going down and up.
      onPointerDownCapture={() => {
        byPointer.current = true;
      }}
      onClickCapture={() => {
        byPointer.current = false;
        if (!isSelected) dispatch({ type: 'select', id: cell.id });
      }}
      onBlur={() => {
        byPointer.current = false;
      }}
      onFocus={() => {
        if (!isSelected && !byPointer.current) dispatch({ type: 'select', id: cell.id });
      }}
      onDoubleClick={() => {
        if (canEdit && !isOpen) dispatch({ type: 'select', id: cell.id, isEditing: true });
      }}
    >
      <header className={classes.head}>
        <span className={classes.kind}>
          {kindWords[cell.kind]}
          {name !== null && <code>{name}</code>}
        </span>
        <span className={classes.state} data-state={state}>
          {state === 'pinned' && cell.pinned !== undefined
            ? `pinned ${formatDate(cell.pinned.at)}`
            : state === 'fresh' && cell.kind === 'markdown'
              ? ''
              : state}
        </span>
        <CellLink cell={cell} notebookId={notebookId} />
        {canEdit && (
          <span
            className={classes.tools}
            role="toolbar"
            aria-label={`${kindWords[cell.kind]} cell`}
          >
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => dispatch({ type: 'select', id: cell.id, isEditing: !isOpen })}
            >
              {isOpen ? 'Done' : 'Edit'}
            </Button>
            {canPin(cell) && (
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<Icon name="pin" size={13} />}
                disabled={cell.pinned === undefined && state !== 'fresh'}
                onClick={() => onPin(cell)}
              >
                {cell.pinned === undefined ? 'Pin' : 'Unpin'}
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label="Move up"
              onClick={() => dispatch({ type: 'move', id: cell.id, by: -1 })}
            >
              ↑
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label="Move down"
              onClick={() => dispatch({ type: 'move', id: cell.id, by: 1 })}
            >
              ↓
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => dispatch({ type: 'remove', id: cell.id })}
            >
              Delete
            </Button>
          </span>
        )}
      </header>
      {isOpen && (
        <div data-keys>
          <Suspense fallback={null}>
            <Form cell={cell} notebook={notebook} evaluation={evaluation} onChange={onChange} />
            <Source
              cell={cell}
              notebook={notebook}
              onChange={onChange}
              onLeave={leave}
              onNext={onNext}
              onSlash={onSlash}
            />
          </Suspense>
        </div>
      )}
      {!isOpen && <Closed cell={cell} />}
      {cell.kind === 'input' && (
        <div data-keys>
          <Suspense fallback={null}>
            <InputControl cell={cell} onChange={onChange} />
          </Suspense>
        </div>
      )}
      {cell.kind === 'run' && cell.pinned === undefined && (
        <Suspense fallback={null}>
          <RunCell result={evaluation.results.get(cell.id)} canRun={canEdit} />
        </Suspense>
      )}
      <CellOutput cell={cell} evaluation={evaluation} />
      {cell.kind === 'chart' && cell.pinned === undefined && asksForRecordings(cell) && (
        <Suspense fallback={null}>
          <Unrecorded question={evaluation.results.get(cell.id)?.question ?? null} />
        </Suspense>
      )}
    </section>
  );
});

type PartProps = Pick<CellProps, 'cell' | 'notebook' | 'evaluation'> & {
  readonly onChange: (cell: Cell) => void;
};

function Form(props: PartProps) {
  const { cell, onChange } = props;
  return (
    <>
      {cell.kind !== 'markdown' && cell.kind !== 'compare' && cell.kind !== 'assertion' && (
        <NameField cell={cell} onChange={onChange} />
      )}
      {cell.kind === 'chart' && <ChartSettings {...props} cell={cell} />}
      {cell.kind === 'compare' && <CompareSettings {...props} cell={cell} />}
      {cell.kind === 'paper' && <PaperSettings cell={cell} onChange={onChange} />}
      {cell.kind === 'input' && <InputSettings cell={cell} onChange={onChange} />}
    </>
  );
}

/** The text of a cell that is not edited, where its result does not say it. */
function Closed({ cell }: { readonly cell: Cell }) {
  if (cell.kind === 'run') {
    return (
      <details className={classes.closed}>
        <summary>Spec</summary>
        <pre>{cell.source}</pre>
      </details>
    );
  }
  if (cell.kind === 'javascript') {
    return (
      <details className={classes.closed}>
        <summary>Text</summary>
        <pre>{cell.source}</pre>
      </details>
    );
  }
  return cell.kind === 'query' || cell.kind === 'assertion' ? (
    <pre className={classes.line}>{cell.source}</pre>
  ) : null;
}
