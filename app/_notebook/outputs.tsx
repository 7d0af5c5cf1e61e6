'use client';
/** What a cell shows of its result, by its kind; the same while it is edited and in a frozen copy. */
import { lazy, Suspense, useMemo } from 'react';
import type { Cell, CellOf } from '../../server/api/schemas/notebook-cells.ts';
import { lookupOf, type Outcome } from '../../server/api/schemas/notebook-evaluate.ts';
import {
  classesOf,
  runsOf,
  type CellValue,
  type DataTable,
} from '../../server/api/schemas/notebook-table.ts';
import { classWords } from '../../server/api/schemas/notebook-evaluate-expression.ts';
import { Icon } from '../_components/icon.tsx';
import { Waiting } from '../_components/states.tsx';
import { WhenSeen } from '../_components/when-seen.tsx';
import { asSentence } from '../../server/api/schemas/format.ts';
import { DataTableView } from './data-table.tsx';
import { MarkdownView } from './markdown-view.tsx';
import classes from './notebook.module.css';
import type { LiveEvaluation } from './use-evaluation.ts';
import { Value } from './value.tsx';

const TableChart = lazy(() => import('./chart-output.tsx'));
const GoneRuns = lazy(() => import('./gone-runs.tsx'));
const CompareOutput = lazy(() => import('./compare-output.tsx'));

interface OutputProps {
  readonly cell: Cell;
  readonly evaluation: LiveEvaluation;
  /** A frozen copy asks nobody for anything. */
  readonly isFrozen?: boolean;
}

/** The cell's value now, or the last one while the next is on its way. */
export function shownValue(
  { results, before }: LiveEvaluation,
  id: string,
): { readonly value: CellValue | null; readonly isOld: boolean; readonly outcome: Outcome } {
  const outcome = results.get(id)?.outcome ?? { status: 'waiting' };
  if (outcome.status === 'ok') return { value: outcome.value, isOld: false, outcome };
  if (outcome.status !== 'waiting') return { value: null, isOld: false, outcome };
  return { value: before.get(id) ?? null, isOld: true, outcome };
}

export function CellOutput({ cell, evaluation, isFrozen = false }: OutputProps) {
  const { value, isOld, outcome } = shownValue(evaluation, cell.id);
  if (cell.kind === 'markdown') return <Text cell={cell} evaluation={evaluation} />;
  if (outcome.status === 'error') return <Problem message={outcome.message} />;
  // A run cell says itself what it would cost.
  if (outcome.status === 'stale')
    return cell.kind === 'run' ? null : (
      <p className={classes.stale}>{asSentence(outcome.message)}</p>
    );
  if (value === null)
    return cell.kind === 'input' ? null : <Waiting what="the result" height={60} />;
  return (
    <div className={classes.output} data-old={isOld || undefined} aria-busy={isOld}>
      <Shown cell={cell} value={value} isFrozen={isFrozen} />
      {cell.pinned !== undefined && !isFrozen && (
        <Suspense fallback={null}>
          <GoneRuns value={value} />
        </Suspense>
      )}
    </div>
  );
}

function Shown({
  cell,
  value,
  isFrozen,
}: {
  readonly cell: Cell;
  readonly value: CellValue;
  readonly isFrozen: boolean;
}) {
  switch (cell.kind) {
    case 'input':
    case 'markdown':
      return null;
    case 'assertion':
      return <Verdict value={value} />;
    case 'chart':
      return value.kind === 'table' ? (
        <Suspense fallback={<Waiting what="the chart" height={420} />}>
          <TableChart cell={cell} table={value.table} />
        </Suspense>
      ) : null;
    case 'compare':
      return value.kind === 'table' ? <Compared table={value.table} isFrozen={isFrozen} /> : null;
    default:
      return value.kind === 'table' ? (
        <DataTableView table={value.table} name={cell.name ?? cell.kind} />
      ) : (
        <p className={classes.scalar}>
          <Value scalar={value.scalar} />
        </p>
      );
  }
}

function Text({
  cell,
  evaluation,
}: {
  readonly cell: CellOf<'markdown'>;
  readonly evaluation: LiveEvaluation;
}) {
  const lookup = useMemo(() => lookupOf(evaluation), [evaluation]);
  if (cell.source.trim() === '') return <p className={classes.quiet}>An empty text.</p>;
  return <MarkdownView source={cell.source} lookup={lookup} />;
}

export function Problem({ message }: { readonly message: string }) {
  return (
    <p className={classes.problem} role="alert">
      <Icon name="warning" size={16} /> {asSentence(message)}
    </p>
  );
}

function Verdict({ value }: { readonly value: CellValue }) {
  if (value.kind !== 'scalar') return null;
  const { scalar } = value;
  const holds = scalar.value === true;
  return (
    <p className={classes.verdict} data-holds={holds}>
      <Icon name={holds ? 'check' : 'cross'} size={16} /> {holds ? 'Holds' : 'Does not hold'}
      <span className={classes.quiet}> ({classWords(scalar.classes)})</span>
    </p>
  );
}

function Compared({ table, isFrozen }: { readonly table: DataTable; readonly isFrozen: boolean }) {
  if (isFrozen) {
    return (
      <>
        <p className={classes.quiet}>
          The rows behind the comparison ({classWords(classesOf(table.rows))}).
        </p>
        <DataTableView table={table} name="compared" />
      </>
    );
  }
  return (
    <WhenSeen what="the comparison" height={600}>
      <CompareOutput ids={runsOf(table.rows)} />
    </WhenSeen>
  );
}
