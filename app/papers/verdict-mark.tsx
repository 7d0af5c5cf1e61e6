/** Verdicts of cells and claims: an icon and always its word. */
import { clsx } from 'clsx';
import {
  claimWords,
  verdictWords,
  type ClaimVerdict,
  type VerdictId,
} from '../../server/api/schemas/papers.ts';
import { Icon, type IconName } from '../_components/icon.tsx';
import classes from './papers.module.css';

type Tone = 'good' | 'warn' | 'quiet' | 'plain';

const verdictLook: Readonly<Record<VerdictId, { icon: IconName; tone: Tone }>> = {
  reproduced: { icon: 'check', tone: 'good' },
  withinTolerance: { icon: 'wave', tone: 'good' },
  differs: { icon: 'warning', tone: 'warn' },
  predictedOnly: { icon: 'eye', tone: 'plain' },
  notTestable: { icon: 'lock', tone: 'quiet' },
  notRun: { icon: 'clock', tone: 'quiet' },
};

const claimLook: Readonly<Record<ClaimVerdict, { icon: IconName; tone: Tone }>> = {
  holds: { icon: 'check', tone: 'good' },
  holdsInPart: { icon: 'wave', tone: 'warn' },
  doesNotHold: { icon: 'cross', tone: 'warn' },
  notTestable: { icon: 'lock', tone: 'quiet' },
  notRun: { icon: 'clock', tone: 'quiet' },
};

const Mark = ({ icon, tone, word }: { icon: IconName; tone: Tone; word: string }) => (
  <span className={clsx(classes.mark, classes[tone])}>
    <Icon name={icon} size={14} />
    {word}
  </span>
);

export const VerdictMark = ({ of }: { readonly of: VerdictId }) => (
  <Mark {...verdictLook[of]} word={verdictWords[of]} />
);

export const ClaimMark = ({ of }: { readonly of: ClaimVerdict }) => (
  <Mark {...claimLook[of]} word={claimWords[of]} />
);
