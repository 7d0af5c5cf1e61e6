/** Keeps what a finished run needs to be replayed on other networks, and how well that works. */
import { availableParallelism } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { ReplayedLatency } from '../api/schemas/run-view.ts';
import type { NetworkSpec } from '../api/schemas/network-spec.ts';
import type { Database } from '../db/client.ts';
import type { PartyTrace } from '../engine/trace.ts';
import { headerBytes } from '../network/frame.ts';
import { compactRecording } from '../network/replay/codec.ts';
import {
  offlineRequest,
  onlineStart,
  recordingOf,
  type RecordedRole,
  type Recording,
} from '../network/replay/recording.ts';
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
import { replayedPlaces, type ReplayedPlaces } from './replayed-places.ts';
import { onlineSpan, timedInferences, type RunShape } from './score-run.ts';

/** A phase of an inference as it was recorded. */
export interface RecordedPhase {
  readonly recording: Recording;
  /** From the first party's start to the last one's end. Milliseconds. */
  readonly measuredMs: number;
}

/** One timed inference of a session; online as the headline counts it. */
export interface RecordedInference extends RecordedPhase {
  /** Position in the session, from 0. */
  readonly index: number;
  /** Null where no dealer took part in the session. */
  readonly offline: RecordedPhase | null;
}

type Recorded = Pick<LaunchResult, 'parties' | 'dealer' | 'certificate'>;

/**
 * The timed inferences of a session; `startFrame` says whether a dealer took part in the session, so
 * that party 0 told party 1 to begin.
 */
export function recordedInferences(
  { parties, dealer, certificate }: Recorded,
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
    const recording = recordingOf(roles, {
      startedAtMs: startMs,
      headerBytes,
      wakeMs: wakeUpOfRoles(roles, outside),
      firstFrame: startFrame ? onlineStart : null,
    });
    const dealt = startFrame ? dealer?.traces[index + 1] : undefined;
    const offline = dealt === undefined ? null : offlinePhase(traces, dealt, outside);
    return [{ index, recording, measuredMs: endMs - startMs, offline }];
  });
}

const recordedRole = ({ party, startedAtMs, timeline }: PartyTrace): RecordedRole[] =>
  timeline === undefined ? [] : [{ role: party, startedAtMs, timeline }];

const wakeUpOfRoles = (roles: readonly RecordedRole[], otherwise: number): number =>
  wakeUpInside(
    roles.map(({ timeline }) => timeline),
    otherwise,
  );

/** The dealer's own trace is of the offline phase alone. */
function offlinePhase(
  parties: readonly PartyTrace[],
  dealer: PartyTrace,
  outside: number,
): RecordedPhase | null {
  const phases = parties.flatMap(({ party, offline }) =>
    offline === undefined ? [] : [{ role: party, ...offline }],
  );
  const roles = [...phases, ...recordedRole(dealer)];
  if (roles.length <= parties.length) return null;
  const startMs = Math.min(...phases.map(({ startedAtMs }) => startedAtMs));
  const endMs = Math.max(...phases.map(({ endedAtMs }) => endedAtMs));
  const recording = recordingOf(roles, {
    startedAtMs: startMs,
    headerBytes,
    wakeMs: wakeUpOfRoles(roles, outside),
    firstFrame: offlineRequest,
  });
  return { recording, measuredMs: endMs - startMs };
}

/** The one in the middle, the lower of two. */
const medianOf = <T extends RecordedPhase>(phases: readonly T[]): T | undefined =>
  phases.toSorted((a, b) => a.measuredMs - b.measuredMs)[Math.floor((phases.length - 1) / 2)];

/** What the what-if of a run is made from: its median inference. Null where nothing was recorded. */
export function replayFileOf(
  inferences: readonly RecordedInference[],
  network: NetworkSpec,
  samples: number,
  machineCores: number,
): ReplayFile | null {
  const link = linkOfSpec(network);
  const matrix = matrixOfSpec(network) ?? null;
  const own = ownLinkOf({ link, matrix });
  const kept = (phases: readonly RecordedPhase[]) => {
    const median = medianOf(phases);
    return median === undefined
      ? null
      : {
          measuredMs: median.measuredMs,
          residual: residualOf(phases, own, machineCores),
          recording: compactRecording(median.recording),
        };
  };
  const online = kept(inferences);
  if (online === null) return null;
  const offline = kept(inferences.flatMap((inference) => inference.offline ?? []));
  return {
    version: 1,
    link,
    matrix,
    samples,
    machineCores,
    ...online,
    ...(offline === null ? {} : { offline }),
  };
}

const compactPhase = ({ recording, measuredMs }: RecordedPhase) => ({
  measuredMs,
  recording: compactRecording(recording),
});

/** What the run's own recordings say of the link that was asked for. */
export interface StoredReplay {
  readonly latency: ReplayedLatency;
  readonly places: ReplayedPlaces;
}

/**
 * Stores both files of the run; what the result says of them, null where nothing was recorded. Throws
 * `EngineError('protocol')` when the recording cannot be replayed.
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
): Promise<StoredReplay | null> {
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
    inferences: inferences.map(({ index, offline, ...online }) => ({
      index,
      ...compactPhase(online),
      ...(offline === null ? {} : { offline: compactPhase(offline) }),
    })),
  };
  await writeArtifact(db, runId, recordingsArtifact, new Uint8Array(gzipSync(JSON.stringify(all))));
  const own = ownLinkOf({ link, matrix });
  const machines = residualOf(inferences, own, Infinity);
  return {
    latency: { onlineMs: machines.replayedMs, n: machines.n, share: file.residual.share },
    places: replayedPlaces(inferences, own),
  };
}
