/** A run's state as an icon and a word, never as a colour alone. */
import { clsx } from 'clsx';
import type { RunState } from '../../server/api/schemas/run-view.ts';
import { Icon, type IconName } from './icon.tsx';
import classes from './state-badge.module.css';

type Tone = 'quiet' | 'busy' | 'good' | 'bad' | 'warn';

export const stateWords: Readonly<Record<RunState, { word: string; icon: IconName; tone: Tone }>> =
  {
    queued: { word: 'Queued', icon: 'clock', tone: 'quiet' },
    preparing: { word: 'Preparing', icon: 'wave', tone: 'busy' },
    linkCheck: { word: 'Link check', icon: 'wave', tone: 'busy' },
    running: { word: 'Running', icon: 'wave', tone: 'busy' },
    scoring: { word: 'Scoring', icon: 'wave', tone: 'busy' },
    done: { word: 'Done', icon: 'check', tone: 'good' },
    failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
    cancelled: { word: 'Cancelled', icon: 'stop', tone: 'quiet' },
    lost: { word: 'Lost', icon: 'question', tone: 'warn' },
  };

export function StateBadge({ state }: { state: RunState }) {
  const { word, icon, tone } = stateWords[state];
  return (
    <span className={clsx(classes.badge, classes[tone])}>
      <Icon name={icon} size={14} />
      {word}
    </span>
  );
}

/** A yes or no with its word: prediction agrees, link met. */
export function Verdict({ ok, children }: { ok: boolean; children: string }) {
  return (
    <span className={clsx(classes.badge, ok ? classes.good : classes.bad)}>
      <Icon name={ok ? 'check' : 'cross'} size={14} />
      {children}
    </span>
  );
}
