'use client';
/** Reads a run's recording, where it has one, for the parts of its page that are replayed. */
import { replayArtifactName } from '../../_replay/point.ts';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { durationQuantity, formatPercent } from '../../../server/api/schemas/format.ts';
import { Stat } from '../../_components/stat.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useReplayFile } from '../../_lib/api-replay.ts';
import { useReplayed } from '../../_replay/use-replay.ts';
import type { WhatIfQuestion } from '../../_replay/answer.ts';
import { useMemo } from 'react';
import type { ReplayFile } from '../../../server/network/replay/replay-file.ts';
import { ReplayPanels } from './replay-panels.tsx';

/** Runs from before there were recordings have none, and so do some that failed. */
export const hasReplay = ({ artifacts }: RunDetail): boolean =>
  artifacts.some(({ name }) => name === replayArtifactName);

export function RunReplay({ run }: { run: RunDetail }) {
  const file = useReplayFile(run.id);
  if (file.data === undefined) {
    return file.error === null ? (
      <Waiting what="the recording" height={420} />
    ) : (
      <Failure title="The recording cannot be read" reason={file.error} retry={file.retry} />
    );
  }
  return file.data === null ? null : <ReplayPanels run={run} file={file.data} />;
}

/** In the headline of a run whose frames were late: what the link itself would have taken. */
export function LinkLatencyStat({ run }: { run: RunDetail }) {
  const { data } = useReplayFile(run.id);
  return data === undefined || data === null ? null : <LinkLatency run={run} file={data} />;
}

function LinkLatency({ run, file }: { run: RunDetail; file: ReplayFile }) {
  const files = useMemo(() => ({ [run.id]: file }), [run.id, file]);
  const { answer } = useReplayed<WhatIfQuestion>(files, {
    kind: 'whatIf',
    run: run.id,
    point: null,
  });
  if (answer === null) return null;
  return (
    <Stat
      label="Online on the asked link, replayed"
      quantity={durationQuantity(answer.latencyMs)}
      note={`too many frames were late to measure it; a machine for each party, n = 1; ${formatPercent(Math.abs(file.residual.share))} off this machine’s time`}
      exact={`${answer.latencyMs} ms`}
    />
  );
}
