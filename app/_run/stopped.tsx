/** Why a run has no result, and how far it came. */
import type { RunDetail, RunState } from '../../server/api/schemas/run-view.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { StageRail } from '../_components/stage-rail.tsx';
import { stateWords } from '../_components/state-badge.tsx';
import { Failure } from '../_components/states.tsx';
import classes from './run-view.module.css';

export function Stopped({ run, reached }: { run: RunDetail; reached: RunState | null }) {
  return (
    <Panel title={`This run was not finished: ${stateWords[run.state].word.toLowerCase()}`}>
      <Stack gap={18}>
        <Failure
          title={
            run.state === 'cancelled'
              ? 'It was cancelled'
              : run.state === 'lost'
                ? 'Its worker or a party fell silent'
                : 'It failed'
          }
          reason={run.reason ?? 'No reason was recorded.'}
        />
        {reached !== null && <StageRail state={run.state} reached={reached} />}
        <p className={classes.quiet}>
          What was recorded until then is kept in the files below. A run like this is never compared
          or ranked.
        </p>
      </Stack>
    </Panel>
  );
}
