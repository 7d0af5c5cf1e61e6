/** Where a live run is on its way from the queue to the result. */
import { clsx } from 'clsx';
import type { RunState } from '../../server/api/schemas/run-view.ts';
import { Icon } from './icon.tsx';
import classes from './stage-rail.module.css';
import { stateWords } from './state-badge.tsx';

export const stages = [
  'queued',
  'preparing',
  'linkCheck',
  'running',
  'scoring',
  'done',
] as const satisfies readonly RunState[];

interface StageRailProps {
  readonly state: RunState;
  /** The last stage that a stopped run had reached. */
  readonly reached?: RunState;
}

export function StageRail({ state, reached }: StageRailProps) {
  const stopped = state === 'failed' || state === 'cancelled' || state === 'lost';
  const at = stages.findIndex((stage) => stage === (stopped ? reached : state));
  return (
    <ol className={classes.rail} aria-label="Stages">
      {stages.map((stage, index) => {
        const done = index < at || state === 'done';
        const current = index === at && state !== 'done';
        return (
          <li
            key={stage}
            className={clsx(
              classes.stage,
              done && classes.done,
              current && (stopped ? classes.stopped : classes.current),
            )}
            aria-current={current ? 'step' : undefined}
          >
            <span className={classes.dot}>
              {done && <Icon name="check" size={12} />}
              {current && stopped && <Icon name="cross" size={12} />}
            </span>
            <span>
              {stateWords[stage].word}
              <span className="visually-hidden">
                {done
                  ? ', finished'
                  : current
                    ? stopped
                      ? ', stopped here'
                      : ', now'
                    : ', to come'}
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
