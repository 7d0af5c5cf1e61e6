'use client';
/** Reads a run's recording, where it has one, for the parts of its page that are replayed. */
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useReplayFile } from '../../_lib/api-replay.ts';
import { ForetoldPanel } from './foretold.tsx';
import { ReplayPanels } from './replay-panels.tsx';

export function RunReplay({ run }: { run: RunDetail }) {
  const file = useReplayFile(run.id);
  if (file.data === undefined) {
    return file.error === null ? (
      <Waiting what="the recording" height={420} />
    ) : (
      <Failure title="The recording cannot be read" reason={file.error} retry={file.retry} />
    );
  }
  return file.data === null ? null : (
    <>
      <ForetoldPanel run={run} />
      <ReplayPanels run={run} file={file.data} />
    </>
  );
}
