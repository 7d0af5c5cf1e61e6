'use client';
/** Reads a run's recording for its timeline. */
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useReplayFile } from '../../_lib/api-replay.ts';
import { TimelinePanel } from '../../_run/timeline/timeline-panel.tsx';

export function RunTimeline({ run }: { run: RunDetail }) {
  const file = useReplayFile(run.id);
  if (file.data === undefined) {
    return file.error === null ? (
      <Waiting what="the recording" height={420} />
    ) : (
      <Failure title="The recording cannot be read" reason={file.error} retry={file.retry} />
    );
  }
  return file.data === null ? null : <TimelinePanel runId={run.id} file={file.data} />;
}
