'use client';
/** The set of runs: add by search, order by drag or arrow keys, hide, pin as baseline, remove. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { hasNumbers, type NamedRun } from '../../server/api/schemas/compare-run.ts';
import { plural } from '../../server/api/schemas/format.ts';
import { approximationName } from '../../server/api/schemas/spec-names.ts';
import { Icon } from '../_components/icon.tsx';
import { useRunSearch } from '../_lib/api-compare.ts';
import { useResultRows } from '../_lib/api-results.ts';
import classes from './compare.module.css';

interface RunRailProps {
  readonly runs: readonly NamedRun[];
  /** How many the address names: their place is kept until they are read. */
  readonly awaited: number;
  readonly base: string | null;
  readonly hidden: readonly string[];
  readonly onRuns: (ids: readonly string[]) => void;
  readonly onHidden: (ids: readonly string[]) => void;
  readonly onBase: (id: string) => void;
}

/** Pixels of a run with a name of one line, until it is known. */
const rowHeight = 52;
/** So many are listed at first; all of them are compared. */
const listed = 40;

function moved(ids: readonly string[], from: number, to: number): readonly string[] {
  const next = [...ids];
  const [id] = next.splice(from, 1);
  if (id !== undefined) next.splice(to, 0, id);
  return next;
}

export function RunRail(props: RunRailProps) {
  const { runs, awaited, base, hidden, onRuns, onHidden, onBase } = props;
  const ids = runs.map(({ run }) => run.id);
  const [all, setAll] = useState(false);
  const [said, setSaid] = useState('');
  const move = (id: string, to: number): void => {
    if (to < 0 || to >= ids.length) return;
    onRuns(moved(ids, ids.indexOf(id), to));
    setSaid(`Moved to place ${to + 1} of ${ids.length}.`);
  };
  const onKeyDown = (id: string) => (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    move(id, ids.indexOf(id) + (event.key === 'ArrowUp' ? -1 : 1));
  };
  const onDrop = (id: string) => (event: DragEvent) => {
    event.preventDefault();
    const dragged = event.dataTransfer.getData('text/plain');
    if (ids.includes(dragged)) move(dragged, ids.indexOf(id));
  };
  const shown = all ? runs : runs.slice(0, listed);
  return (
    <aside className={classes.rail} aria-label="Compared runs">
      <h2>Runs</h2>
      <AddRun have={ids} onAdd={(id) => onRuns([...ids, id])} />
      <ol
        className={classes.list}
        style={
          runs.length === 0 && awaited > 0
            ? { minHeight: Math.min(awaited, listed) * (rowHeight + 2) - 2 }
            : undefined
        }
      >
        {shown.map(({ name, run }) => {
          const isHidden = hidden.includes(run.id);
          return (
            // Dragging is a second way; the grip's arrow keys are the first.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
            <li
              key={run.id}
              draggable
              onDragStart={(event) => event.dataTransfer.setData('text/plain', run.id)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={onDrop(run.id)}
              data-hidden={isHidden}
            >
              <button
                type="button"
                className={classes.grip}
                aria-label={`Order of ${name}: arrow up and down move it`}
                title="Drag, or arrow keys"
                onKeyDown={onKeyDown(run.id)}
              >
                ⠿
              </button>
              <a href={`/runs/${run.id}`} className={classes.name}>
                <span>{name}</span>
                <small>
                  {run.id}
                  {hasNumbers(run) ? '' : `, ${run.state}`}
                  {run.provenance === 'imported' ? ', imported' : ''}
                  {run.shipped ? ', shipped' : ''}
                  {run.id === base ? ', baseline' : ''}
                </small>
              </a>
              <span className={classes.tools}>
                <ActionIcon
                  size={24}
                  variant={run.id === base ? 'filled' : 'subtle'}
                  aria-label={`Pin ${name} as baseline`}
                  aria-pressed={run.id === base}
                  disabled={isHidden}
                  onClick={() => onBase(run.id)}
                >
                  <Icon name="pin" size={14} />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  aria-label={isHidden ? `Show ${name}` : `Hide ${name}`}
                  aria-pressed={isHidden}
                  onClick={() =>
                    onHidden(isHidden ? hidden.filter((id) => id !== run.id) : [...hidden, run.id])
                  }
                >
                  <Icon name={isHidden ? 'eyeOff' : 'eye'} size={14} />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  aria-label={`Remove ${name}`}
                  onClick={() => onRuns(ids.filter((id) => id !== run.id))}
                >
                  <Icon name="cross" size={14} />
                </ActionIcon>
              </span>
            </li>
          );
        })}
      </ol>
      {runs.length > shown.length && (
        <Button size="xs" variant="default" onClick={() => setAll(true)}>
          List all {plural(runs.length, 'run')}
        </Button>
      )}
      <output className="visually-hidden">{said}</output>
    </aside>
  );
}

/** Found runs to choose from. */
const offered = 8;

function AddRun({ have, onAdd }: { have: readonly string[]; onAdd: (id: string) => void }) {
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words, 200);
  const found = useRunSearch(asked)
    .filter((id) => !have.includes(id))
    .slice(0, offered);
  const { rows } = useResultRows(found.length === 0 ? [] : [found]);
  return (
    <div>
      <TextInput
        size="xs"
        label="Add a run"
        placeholder="puma, wan, acc>0.9, r_…"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {words.trim() !== '' && (
        <ul className={classes.found} aria-label="Runs found">
          {found.map((id) => {
            const row = rows.get(id);
            return (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => {
                    onAdd(id);
                    setWords('');
                  }}
                >
                  {row === undefined ? id : approximationName(row.spec.approximations)}
                  <small>
                    {id}
                    {row === undefined
                      ? ''
                      : `, ${row.spec.model}, ${row.spec.protocol.variant}, ${row.spec.network.name}, ${row.state}`}
                  </small>
                </button>
              </li>
            );
          })}
          {found.length === 0 && <li className={classes.soft}>No other run fits.</li>}
        </ul>
      )}
    </div>
  );
}
