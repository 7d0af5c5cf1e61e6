'use client';
/** How busy the workers are, in the top bar; silent while nothing is known. */
import { clsx } from 'clsx';
import { useSystemStatus } from '../_lib/api.ts';
import classes from './system-pill.module.css';

export function SystemPill() {
  const status = useSystemStatus();
  if (status === null) {
    // The place of the shortest answer: the bar does not move when it comes.
    return (
      <span className={clsx(classes.pill, classes.unknown)} aria-hidden="true">
        <span className={classes.dot} />
        idle
      </span>
    );
  }
  const { running, queued, workers } = status;
  const words =
    workers === 0
      ? 'no worker'
      : running + queued === 0
        ? 'idle'
        : [running > 0 ? `${running} running` : '', queued > 0 ? `${queued} queued` : '']
            .filter((word) => word !== '')
            .join(', ');
  const tone = workers === 0 ? 'bad' : running > 0 ? 'busy' : 'quiet';
  return (
    <span className={classes.pill} data-tone={tone} title="Worker and queue">
      <span className={classes.dot} aria-hidden="true" />
      {words}
    </span>
  );
}
