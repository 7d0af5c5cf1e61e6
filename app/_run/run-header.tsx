/** Name, state and origin of a run. */
import type { ReactNode } from 'react';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { StateBadge } from '../_components/state-badge.tsx';
import { runName, specSentence } from '../_lib/describe-spec.ts';
import { formatDate, formatDuration } from '../../server/api/schemas/format.ts';
import classes from './run-view.module.css';

const origins = {
  web: 'started on this page',
  cli: 'started from the command line',
  'first-start': 'Parley’s own first run',
} as const;

export function RunHeader({ run, actions }: { run: RunDetail; actions?: ReactNode }) {
  const took =
    run.startedAt === null || run.finishedAt === null
      ? null
      : Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  return (
    <header className={classes.header}>
      <div className={classes.marks}>
        <StateBadge state={run.state} />
        {/* Of a run without a result nothing was measured. */}
        {(run.headline !== null || run.provenance === 'imported') && (
          <ProvenanceMark of={run.provenance} />
        )}
        <span>
          run <code>{run.id}</code>, {origins[run.origin]}, {formatDate(run.createdAt)}
          {took !== null && `, took ${formatDuration(took)}`}
        </span>
      </div>
      <h1>{runName(run.spec)}</h1>
      <p className={classes.sentence}>{specSentence(run.spec)}.</p>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
