/** From a run's recording to its timeline: the replay at its own network gives all roles one clock. */
import { readRecording } from '../../server/network/replay/codec.ts';
import { ownLinkOf, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { timelineOf, type Timeline } from './timeline.ts';

/** Throws `EngineError` for a recording that is damaged or does not fit together. */
export function readTimeline(file: ReplayFile): Timeline {
  const recording = readRecording(file.recording);
  const cores = file.residual.cores ?? Infinity;
  return timelineOf(recording, replay(recording, { link: ownLinkOf(file), cores }));
}
