/** Keeps what a finished run needs to be replayed on other networks, and how well that works. */
import { availableParallelism } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { ReplayedLatency } from '../api/schemas/run-view.ts';
import type { NetworkSpec } from '../api/schemas/network-spec.ts';
import type { Database } from '../db/client.ts';
import type { PartyTrace } from '../engine/trace.ts';
import { headerBytes } from '../network/frame.ts';
import { compactRecording } from '../network/replay/codec.ts';
import { recordingOf, type Recording } from '../network/replay/recording.ts';
import {
  ownLinkOf,
  recordingsArtifact,
  replayArtifact,
  type RecordingsFile,
  type ReplayFile,
} from '../network/replay/replay-file.ts';
import { residualOf } from '../network/replay/residual.ts';
import { wakeUpInside, wakeUpOf } from '../network/replay/wake-up.ts';
import { writeArtifact } from './artifacts.ts';
import type { LaunchResult } from './launch-types.ts';
import { linkOfSpec, matrixOfSpec } from './link-of-spec.ts';
import { onlineSpan, timedInferences, type RunShape } from './score-run.ts';

/** One timed inference of a session. */
export interface RecordedInference {
  /** Position in the session, from 0. */
  readonly index: number;
  readonly recording: Recording;
  /** Milliseconds, as the headline counts them. */
  readonly measuredMs: number;
}

type Recorded = Pick<LaunchResult, 'parties' | 'certificate'>;

/**
 * The timed inferences of a session; `startFrame` says whether a dealer took part in the session, so
 * that party 0 told party 1 to begin.
 */
export function recordedInferences(
  { parties, certificate }: Recorded,
  shape: Pick<RunShape, 'batchSizes' | 'repeats'>,
  startFrame: boolean,
): RecordedInference[] {
  const outside = wakeUpOf(certificate.before);
  return timedInferences(shape).flatMap((index) => {
    // The first trace is that of the setup.
    const traces = parties.flatMap((party) => party.traces[index + 1] ?? []);
    const roles = traces.flatMap((trace) => recordedRole(trace));
    if (roles.length < parties.length) return [];
    const { startMs, endMs } = onlineSpan(traces);
    const wakeMs = wakeUpInside(
      roles.map(({ timeline }) => timeline),
      outside,
    );
    const recording = recordingOf(roles, { startedAtMs: startMs, headerBytes, wakeMs, startFrame });
    return [{ index, recording, measuredMs: endMs - startMs }];
  });
}

const recordedRole = ({ party, startedAtMs, timeline }: PartyTrace) =>
  timeline === undefined ? [] : [{ role: party, startedAtMs, timeline }];

/** What the what-if of a run is made from: its median inference. Null where nothing was recorded. */
export function replayFileOf(
  inferences: readonly RecordedInference[],
  network: NetworkSpec,
  samples: number,
  machineCores: number,
): ReplayFile | null {
  const link = linkOfSpec(network);
  const matrix = matrixOfSpec(network) ?? null;
  const byTime = inferences.toSorted((a, b) => a.measuredMs - b.measuredMs);
  const median = byTime[Math.floor((byTime.length - 1) / 2)];
  if (median === undefined) return null;
  return {
    version: 1,
    link,
    matrix,
    samples,
    measuredMs: median.measuredMs,
    machineCores,
    residual: residualOf(inferences, ownLinkOf({ link, matrix }), machineCores),
    recording: compactRecording(median.recording),
  };
}

/**
 * Stores both files of the run; what the headline says of them, null where nothing was recorded. Throws `EngineError('protocol')` when the recording cannot be replayed.
 */
export async function storeReplay(
  db: Database,
  runId: string,
  result: Recorded,
  {
    shape,
    network,
    startFrame,
  }: { readonly shape: RunShape; readonly network: NetworkSpec; readonly startFrame: boolean },
): Promise<ReplayedLatency | null> {
  const inferences = recordedInferences(result, shape, startFrame);
  const samples = Math.max(...shape.batchSizes);
  const file = replayFileOf(inferences, network, samples, availableParallelism());
  if (file === null) return null;
  await writeArtifact(db, runId, replayArtifact, JSON.stringify(file));
  const { link, matrix } = file;
  const all: RecordingsFile = {
    version: 1,
    link,
    matrix,
    inferences: inferences.map(({ recording, ...inference }) => ({
      ...inference,
      recording: compactRecording(recording),
    })),
  };
  await writeArtifact(db, runId, recordingsArtifact, new Uint8Array(gzipSync(JSON.stringify(all))));
  const machines = residualOf(inferences, ownLinkOf({ link, matrix }), Infinity);
  return { onlineMs: machines.replayedMs, n: machines.n, share: file.residual.share };
}
