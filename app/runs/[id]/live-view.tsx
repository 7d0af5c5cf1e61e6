'use client';
/** A run on its way: stages, time left, where in the model it is, what each role has sent so far. */
import { Button, Progress } from '@mantine/core';
import { useMemo } from 'react';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { placeName, placeOf, sortPlaces } from '../../_charts/places.ts';
import { Icon } from '../../_components/icon.tsx';
import { Panel, Stack } from '../../_components/panel.tsx';
import { StageRail } from '../../_components/stage-rail.tsx';
import { stateWords } from '../../_components/state-badge.tsx';
import { useCancelRun, useLiveRun, usePreview } from '../../_lib/api.ts';
import {
  formatDuration,
  formatPercent,
  formatRemaining,
  plural,
} from '../../../server/api/schemas/format.ts';
import { runName } from '../../_lib/describe-spec.ts';
import type { LiveRun } from '../../_lib/live-run.ts';
import { useNoticeWish, useProgressTitle } from '../../_lib/run-notice.ts';
import { hasDealer, partyCountOf } from '../../_lib/roles.ts';
import { useNow } from '../../_lib/use-now.ts';
import { LinkCheckTable } from '../../_run/link-check.tsx';
import { linesOf } from '../../_run/log-lines.ts';
import { LogPanel } from '../../_run/log-panel.tsx';
import { RunHeader } from '../../_run/run-header.tsx';
import { RunWarnings } from '../../_run/run-warnings.tsx';
import classes from './live-view.module.css';
import { QueuePriority } from './queue-priority.tsx';
import { DealerCard, PartyCard } from './role-cards.tsx';

export function LiveView({ run }: { run: RunDetail }) {
  const { live, reconnecting } = useLiveRun(run.id);
  const cancel = useCancelRun(run.id);
  const preview = usePreview(run.spec);
  const state = live.state ?? run.state;
  const remaining = useRemaining(live);
  const predicted = preview.data?.prediction ?? run.prediction;
  const places = useMemo(
    () =>
      sortPlaces([...new Set((preview.data?.byPlace ?? []).map(({ path }) => placeOf(path, 1)))]),
    [preview.data?.byPlace],
  );
  const lines = useMemo(() => linesOf(live), [live]);
  const [wish, toggleWish] = useNoticeWish();
  const done = live.fraction === null ? '' : `${formatPercent(live.fraction, 0)}, `;
  useProgressTitle(
    `(${done}${stateWords[state].word.toLowerCase()}) ${runName(run.spec)} · Parley`,
  );
  const path = live.parties[0]?.path ?? '';
  const inferences =
    live.inference === null ? '' : `inference ${live.inference.index + 1} of ${live.inference.of}`;

  return (
    <Stack>
      <RunHeader
        run={{ ...run, state }}
        actions={
          <div className={classes.actions}>
            <Button
              variant="default"
              leftSection={<Icon name="stop" size={15} />}
              onClick={() => cancel.mutate({ id: run.id })}
              loading={cancel.isPending || cancel.isSuccess}
            >
              Cancel
            </Button>
            {(wish === 'on' || wish === 'off') && (
              <Button variant="subtle" aria-pressed={wish === 'on'} onClick={toggleWish}>
                {wish === 'on' ? 'Will notify when it ends' : 'Notify me when it ends'}
              </Button>
            )}
            {wish === 'denied' && (
              <p className={classes.quiet}>
                This browser does not allow notifications here; the title of the page tells.
              </p>
            )}
          </div>
        }
      />
      <RunWarnings spec={run.spec} />
      {cancel.error !== null && (
        <p role="alert" className={classes.error}>
          {cancel.error.message}
        </p>
      )}
      <Panel
        title={stateWords[state].word}
        note={state === 'queued' ? waitingWords(run.queue) : inferences || undefined}
        aside={
          <p className={classes.eta} aria-live="off">
            {remaining === null
              ? 'time left not known yet'
              : remaining === 0
                ? 'any moment now'
                : `about ${formatRemaining(remaining)} left`}
            {reconnecting && <span className={classes.offline}>reconnecting</span>}
          </p>
        }
      >
        <Stack gap={20}>
          <StageRail state={state} />
          <Progress
            value={(live.fraction ?? 0) * 100}
            aria-label={`Progress ${formatPercent(live.fraction ?? 0, 0)}`}
            size={6}
            transitionDuration={300}
          />
          {state === 'queued' && run.priority !== undefined && (
            <QueuePriority id={run.id} priority={run.priority} />
          )}
          <output className="visually-hidden">{stateWords[state].word}</output>
          <LayerStrip places={places} path={path} active={state === 'running'} />
        </Stack>
      </Panel>

      <div className={classes.parties}>
        {Array.from({ length: partyCountOf(run.spec) }, (_, index) => (
          <PartyCard
            key={index}
            index={index}
            party={live.parties.find((entry) => entry.party === index)}
            predictedBytes={predicted?.onlineBytesSent[index]}
          />
        ))}
        {hasDealer(run.spec) && (
          <DealerCard dealer={live.dealer} predictedBytes={predicted?.dealerBytes} />
        )}
      </div>

      {run.linkCheck !== null && (
        <Panel title="Link check" note="Taken over the run’s own connections before it starts.">
          <LinkCheckTable check={run.linkCheck} />
        </Panel>
      )}

      <LogPanel lines={lines} live />
    </Stack>
  );
}

function waitingWords(queue: RunDetail['queue']): string {
  const follows = 'The page follows by itself.';
  if (queue === undefined) return `Waiting for a worker. ${follows}`;
  if (queue.runs === 0) return `Next in the queue, waiting for a worker. ${follows}`;
  return `${plural(queue.runs, 'run')} ahead of it, about ${formatDuration(queue.waitMs)} of waiting (predicted). ${follows}`;
}

/** The model from its first to its last place; filled up to where party 0 is now. */
function LayerStrip({
  places,
  path,
  active,
}: {
  places: readonly string[];
  path: string;
  active: boolean;
}) {
  const at = active ? places.indexOf(placeOf(path, 1)) : -1;
  return (
    <div>
      <ol className={classes.strip} aria-label="Place in the model">
        {places.map((place, index) => (
          <li
            key={place}
            data-now={index === at || undefined}
            data-past={index < at || undefined}
            aria-current={index === at ? 'step' : undefined}
          >
            {placeName(place)}
          </li>
        ))}
      </ol>
      <p className={classes.where}>{active && path !== '' ? placeName(path) : ' '}</p>
    </div>
  );
}

/** The server's estimate, counted down between events; null while there is none. */
function useRemaining({ receivedAt, etaMs }: LiveRun): number | null {
  const now = useNow(500);
  if (etaMs === null || receivedAt === null) return null;
  return Math.max(0, etaMs - Math.max(0, now - receivedAt));
}
