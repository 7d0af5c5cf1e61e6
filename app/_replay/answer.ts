/**
 * What the page asks of a replay, and the answer. Pure but for the recordings that it keeps unpacked; it
 * runs in a worker of the browser, or in the page itself where there are no workers.
 */
import { readRecording } from '../../server/network/replay/codec.ts';
import { crossoverMap } from '../../server/network/replay/crossover.ts';
import type {
  Contestant,
  CrossoverCell,
  CrossoverGrid,
} from '../../server/network/replay/crossover.ts';
import type { Recording } from '../../server/network/replay/recording.ts';
import { ownLinkOf, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { whereTime, type WhereTime } from '../../server/network/replay/where-time.ts';
import { askedLink, type Point } from './point.ts';

/** One run on one network; `point` null = its own. Runs go by their ids. */
export interface WhatIfQuestion {
  readonly kind: 'whatIf';
  readonly run: string;
  readonly point: Point | null;
}

/** Two runs on many networks: which is faster where. */
export interface CrossoverQuestion {
  readonly kind: 'crossover';
  readonly runs: readonly [string, string];
  readonly grid: Pick<CrossoverGrid, 'rttMs' | 'bitsPerSecond'>;
}

export type Question = WhatIfQuestion | CrossoverQuestion;
/** Online in full; of the offline phase before it, where one was recorded, how long it takes. */
export interface WhatIfAnswer extends WhereTime {
  readonly offlineMs: number | null;
}

export type AnswerTo<Q extends Question> = Q extends WhatIfQuestion
  ? WhatIfAnswer
  : readonly CrossoverCell[];

interface Known {
  readonly file: ReplayFile;
  readonly recording: Recording;
  readonly offline: Recording | null;
}

export class Answerer {
  readonly #files = new Map<string, ReplayFile>();
  readonly #known = new Map<string, Known>();

  learn(run: string, file: ReplayFile): void {
    this.#files.set(run, file);
    this.#known.delete(run);
  }

  /** Every role has a machine of its own. Throws `EngineError` as `readRecording` and `replay` do. */
  answer<Q extends Question>(question: Q): AnswerTo<Q>;
  answer(question: Question): WhatIfAnswer | readonly CrossoverCell[] {
    const cores = Infinity;
    if (question.kind === 'whatIf') {
      const { file, recording, offline } = this.#get(question.run);
      const { point } = question;
      const link = point === null ? ownLinkOf(file) : askedLink(file, point);
      return {
        ...whereTime(recording, replay(recording, { link, cores })),
        offlineMs: offline === null ? null : replay(offline, { link, cores }).latencyMs,
      };
    }
    const [first, second] = question.runs.map((run) => this.#get(run));
    if (first === undefined || second === undefined) throw new Error('a map needs two runs');
    const { link } = first.file;
    return crossoverMap(contestantOf(first), contestantOf(second), {
      ...question.grid,
      link: askedLink({ link }, { rttMs: link.rttMs, bitsPerSecond: 1e9 }),
      cores,
    });
  }

  #get(run: string): Known {
    const known = this.#known.get(run);
    if (known !== undefined) return known;
    const file = this.#files.get(run);
    if (file === undefined) throw new Error(`run ${run} has no recording here`);
    const read = {
      file,
      recording: readRecording(file.recording),
      offline: file.offline === undefined ? null : readRecording(file.offline.recording),
    };
    this.#known.set(run, read);
    return read;
  }
}

const contestantOf = ({ file, recording }: Known): Contestant => ({
  recording,
  samples: file.samples,
  residual: Math.abs(file.residual.share),
});
