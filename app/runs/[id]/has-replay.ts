/** Whether a run left a recording. */
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { replayArtifactName } from '../../_replay/point.ts';

/** Runs from before there were recordings have none, and so do some that failed. */
export const hasReplay = ({ artifacts }: RunDetail): boolean =>
  artifacts.some(({ name }) => name === replayArtifactName);
