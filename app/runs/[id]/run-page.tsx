'use client';
/** One run: its live page until it ends, then its result or why there is none. */
import { certificateArtifact } from '../../../server/api/schemas/artifact-names.ts';
import { correlationsOfSpec } from '../../../server/api/schemas/spec-ids.ts';
import { endStates, type RunDetail } from '../../../server/api/schemas/run-view.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { WhenSeen } from '../../_components/when-seen.tsx';
import { stateWords } from '../../_components/state-badge.tsx';
import { useCatalog, useLiveRun, useRun } from '../../_lib/api.ts';
import { runName } from '../../_lib/describe-spec.ts';
import { useRunNotice } from '../../_lib/run-notice.ts';
import { formatDuration } from '../../../server/api/schemas/format.ts';
import { lazy, Suspense, useMemo } from 'react';
import { ProtocolThreat } from '../../_protocols/protocol-threat.tsx';
import { RunView } from '../../_run/run-view.tsx';
import { CitedBy } from './cited-by.tsx';
import { DownloadFile } from './download-file.tsx';
import { RunActions } from './run-actions.tsx';
import { hasReplay } from './has-replay.ts';

const LiveView = lazy(async () => ({ default: (await import('./live-view.tsx')).LiveView }));
const RunLogs = lazy(async () => ({ default: (await import('./run-logs.tsx')).RunLogs }));
const RunReplay = lazy(async () => ({ default: (await import('./run-replay.tsx')).RunReplay }));
const RunTimeline = lazy(async () => ({
  default: (await import('./run-timeline.tsx')).RunTimeline,
}));

export function RunPage({ id }: { id: string }) {
  const run = useRun(id);
  useRunNotice(useMemo(() => noticeOf(run.data), [run.data]));
  if (run.data === undefined) {
    return run.error === null ? (
      <Waiting what="the run" height={640} />
    ) : (
      <Failure title="This run cannot be shown" reason={run.error} retry={run.retry} />
    );
  }
  if (!endStates.includes(run.data.state)) {
    return (
      <Suspense fallback={<Waiting what="the run" height={640} />}>
        <LiveView run={run.data} />
      </Suspense>
    );
  }
  return run.data.provenance === 'imported' ? (
    <RunView
      run={run.data}
      actions={<RunActions run={run.data} />}
      related={<CitedBy runId={run.data.id} />}
    />
  ) : (
    <EndedRun run={run.data} />
  );
}

function noticeOf(run: RunDetail | undefined) {
  if (run === undefined) return null;
  const { id, state, headline, reason } = run;
  const outcome =
    headline === null ? (reason ?? '') : `Online ${formatDuration(headline.onlineMs.median)}`;
  return { id, state, name: runName(run.spec), word: stateWords[state].word, outcome };
}

/** Its events are read again: for its log, and to show how far it came when it stopped. */
function EndedRun({ run }: { run: RunDetail }) {
  const { live } = useLiveRun(run.id);
  const usual = useCatalog().data?.presets[0]?.spec ?? null;
  const recorded = hasReplay(run);
  return (
    <RunView
      run={run}
      actions={<RunActions run={run} />}
      related={<CitedBy runId={run.id} />}
      reached={run.state === 'done' ? null : live.reached}
      usual={usual}
      threat={
        <ProtocolThreat
          variant={run.spec.protocol.variant}
          correlations={correlationsOfSpec(run.spec)}
          truncation={run.spec.protocol.truncation}
          comparison={run.spec.protocol.comparison}
        />
      }
      certificateHref={
        run.artifacts.some(({ name }) => name === certificateArtifact)
          ? `/runs/${run.id}/certificate`
          : null
      }
      replay={
        recorded && (
          <WhenSeen what="the recording" height={900}>
            <RunReplay run={run} />
          </WhenSeen>
        )
      }
      timeline={recorded && <RunTimeline run={run} />}
      logs={<RunLogs run={run} live={live} />}
      renderFileAction={(file) => (
        <DownloadFile runId={run.id} name={file.name} bytes={file.bytes} />
      )}
    />
  );
}
