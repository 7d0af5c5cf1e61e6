'use client';
/** Runs a cell, a row or a table: the price first, and above ten minutes a yes of its own. */
import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { formatDuration, plural } from '../../server/api/schemas/format.ts';
import { askAboveMs } from '../../server/api/schemas/papers.ts';
import { Notice } from '../_components/states.tsx';
import { useCellsPrice, useQueueCells } from '../_lib/api-papers.ts';
import classes from './papers.module.css';

export interface RerunScope {
  readonly value: string;
  readonly label: string;
  readonly ids: readonly string[];
}

interface RerunBoxProps {
  /** The first is chosen. */
  readonly scopes: readonly [RerunScope, ...RerunScope[]];
  /** What is done already is run once more, until the reader says otherwise. */
  readonly again: boolean;
}

export function RerunBox({ scopes, again: initially }: RerunBoxProps) {
  const [chosen, setChosen] = useState(scopes[0].value);
  const [again, setAgain] = useState(initially);
  const [sure, setSure] = useState(false);
  const { ids } = scopes.find(({ value }) => value === chosen) ?? scopes[0];
  const price = useCellsPrice({ ids, again });
  const queue = useQueueCells();
  const choose = (value: string): void => {
    setChosen(value);
    setSure(false);
    queue.reset();
  };
  const { runs = 0, there = 0, wallMs = 0, obstacles = [] } = price.data ?? {};
  const asks = wallMs > askAboveMs;
  return (
    <div className={classes.rerun}>
      <div className={classes.choices}>
        {scopes.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Run"
            value={chosen}
            onChange={choose}
            data={scopes.map(({ value, label }) => ({ value, label }))}
          />
        )}
        <Checkbox
          size="xs"
          label="Also what has a result already"
          checked={again}
          onChange={({ currentTarget }) => {
            setAgain(currentTarget.checked);
            setSure(false);
          }}
        />
      </div>
      {price.error !== null ? (
        <Notice tone="bad">The price cannot be computed: {price.error}</Notice>
      ) : (
        <p aria-live="polite">
          {price.data === undefined
            ? 'The price is being computed.'
            : runs === 0
              ? `Nothing to queue${there > 0 ? `: ${plural(there, 'run')} done already or on the way` : ''}.`
              : `${plural(runs, 'run')}, ${formatDuration(wallMs)} of this machine, predicted${there > 0 ? `; ${plural(there, 'run')} done already or on the way` : ''}.`}
        </p>
      )}
      {obstacles.length > 0 && (
        <ul className={classes.obstacles}>
          {obstacles.slice(0, 3).map(({ cellId, words }) => (
            <li key={cellId}>{words}</li>
          ))}
          {obstacles.length > 3 && <li>and {plural(obstacles.length - 3, 'more cell')}</li>}
        </ul>
      )}
      {asks && (
        <Checkbox
          size="sm"
          label={`Yes, keep this machine busy for ${formatDuration(wallMs)}`}
          checked={sure}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
      )}
      {runs > 0 && (
        <Button
          size="sm"
          disabled={asks && !sure}
          loading={queue.isPending}
          onClick={() => queue.mutate({ ids: [...ids], again })}
        >
          Queue {plural(runs, 'run')}
        </Button>
      )}
      {queue.data !== undefined && (
        <output>
          {queue.data.runIds.length === 0
            ? 'Nothing was queued.'
            : `Queued ${plural(queue.data.runIds.length, 'run')}. The cells fill when they are done.`}
        </output>
      )}
      {queue.error !== null && <Notice tone="bad">{queue.error.message}</Notice>}
    </div>
  );
}
