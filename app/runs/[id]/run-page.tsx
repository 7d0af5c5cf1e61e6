'use client';
/** One run: its live page until it ends, then its result or why there is none. */
import { certificateArtifact } from '../../../server/api/schemas/link-certificate.ts';
import { correlationsOfSpec } from '../../../server/api/schemas/run-spec.ts';
import { endStates, type RunDetail, type RunState } from '../../../server/api/schemas/run-view.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useLiveRun, useRun } from '../../_lib/api.ts';
import { ProtocolThreat } from '../../_protocols/protocol-threat.tsx';
import { RunView } from '../../_run/run-view.tsx';
import { DownloadFile } from './download-file.tsx';
import { LiveView } from './live-view.tsx';
import { RunActions } from './run-actions.tsx';
import { hasReplay, RunReplay } from './run-replay.tsx';

export function RunPage({ id }: { id: string }) {
  const run = useRun(id);
  if (run.data === undefined) {
    return run.error === null ? (
      <Waiting what="the run" height={640} />
    ) : (
      <Failure title="This run cannot be shown" reason={run.error} retry={run.retry} />
    );
  }
  if (!endStates.includes(run.data.state)) return <LiveView run={run.data} />;
  return run.data.state === 'done' ? <EndedRun run={run.data} /> : <StoppedRun run={run.data} />;
}

/** Its events are read again to show how far it came. */
function StoppedRun({ run }: { run: RunDetail }) {
  const { live } = useLiveRun(run.id);
  return <EndedRun run={run} reached={live.reached} />;
}

function EndedRun({ run, reached = null }: { run: RunDetail; reached?: RunState | null }) {
  return (
    <RunView
      run={run}
      actions={<RunActions run={run} />}
      reached={reached}
      threat={
        <ProtocolThreat
          variant={run.spec.protocol.variant}
          correlations={correlationsOfSpec(run.spec)}
        />
      }
      certificateHref={
        run.artifacts.some(({ name }) => name === certificateArtifact)
          ? `/runs/${run.id}/certificate`
          : null
      }
      replay={hasReplay(run) && <RunReplay run={run} />}
      renderFileAction={(name) => <DownloadFile runId={run.id} name={name} />}
    />
  );
}
