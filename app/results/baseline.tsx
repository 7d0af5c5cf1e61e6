'use client';
/** The pinned run: which it is, and how to let it go. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ResultRow } from '../../server/api/schemas/results-row.ts';
import { useResultRows } from '../_lib/api-results.ts';
import { runName } from '../_lib/describe-spec.ts';
import { Notice } from '../_components/states.tsx';
import classes from './results.module.css';

/** The row of the baseline, as soon as it is known; null where there is none. */
export function useBaseline(id: string | null): {
  readonly row: ResultRow | null;
  readonly missing: boolean;
} {
  const { rows, waiting } = useResultRows(id === null ? [] : [[id]]);
  const row = id === null ? null : (rows.get(id) ?? null);
  return { row, missing: id !== null && !waiting && row === null };
}

interface BaselineLineProps {
  readonly id: string;
  readonly row: ResultRow | null;
  readonly missing: boolean;
  readonly onUnpin: () => void;
}

export function BaselineLine({ id, row, missing, onUnpin }: BaselineLineProps) {
  const unpin = (
    <Button size="compact-xs" variant="default" onClick={onUnpin}>
      Unpin
    </Button>
  );
  if (missing) {
    return (
      <Notice tone="bad">
        The pinned baseline {id} is not stored here, so nothing is compared with it. {unpin}
      </Notice>
    );
  }
  return (
    <p className={classes.count}>
      Baseline: <Link href={`/runs/${id}`}>{row === null ? id : runName(row.spec)}</Link>; ratios
      stand behind each number
      <span className={classes.narrow}>
        {' '}
        in a wider window: here only a few columns fit, and the ratios are not among them
      </span>
      . {unpin}
    </p>
  );
}
