/**
 * What the page asks of a replay, and the answer. Pure but for the recordings that it keeps unpacked; it
 * runs in a worker of the browser, or in the page itself where there are no workers.
 */
import { crossoverMap } from '../../server/network/replay/crossover.ts';
import type {
  Contestant,
  CrossoverCell,
  CrossoverGrid,
} from '../../server/network/replay/crossover.ts';
import { ownLinkOf, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import {
  layerLanes,
  unpackReplay,
  whatIfNumbers,
  type AskedPoint,
  type LayerLane,
  type UnpackedReplay,
  type WhatIfNumbers,
} from '../../server/network/replay/what-if.ts';
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

/** Many runs on one network, their times only. In the order asked. */
export interface NumbersQuestion {
  readonly kind: 'numbers';
  readonly runs: readonly string[];
  readonly point: AskedPoint;
}

/** What every role of a run did, layer by layer. */
export interface LanesQuestion {
  readonly kind: 'lanes';
  readonly run: string;
}

export type Question = WhatIfQuestion | CrossoverQuestion | NumbersQuestion | LanesQuestion;
/** Online in full; of the offline phase before it, where one was recorded, how long it takes. */
export interface WhatIfAnswer extends WhereTime {
  readonly offlineMs: number | null;
}

export type AnswerTo<Q extends Question> = Q extends WhatIfQuestion
  ? WhatIfAnswer
  : Q extends NumbersQuestion
    ? readonly WhatIfNumbers[]
    : Q extends LanesQuestion
      ? readonly LayerLane[]
      : readonly CrossoverCell[];

export class Answerer {
  readonly #files = new Map<string, ReplayFile>();
  readonly #known = new Map<string, UnpackedReplay>();

  learn(run: string, file: ReplayFile): void {
    this.#files.set(run, file);
    this.#known.delete(run);
  }

  /** Every role has a machine of its own. Throws `EngineError` as `readRecording` and `replay` do. */
  answer<Q extends Question>(question: Q): AnswerTo<Q>;
  answer(
    question: Question,
  ): WhatIfAnswer | readonly CrossoverCell[] | readonly WhatIfNumbers[] | readonly LayerLane[] {
    const cores = Infinity;
    if (question.kind === 'numbers') {
      return question.runs.map((run) => whatIfNumbers(this.#get(run), question.point));
    }
    if (question.kind === 'lanes') return layerLanes(this.#get(question.run));
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

  #get(run: string): UnpackedReplay {
    const known = this.#known.get(run);
    if (known !== undefined) return known;
    const file = this.#files.get(run);
    if (file === undefined) throw new Error(`run ${run} has no recording here`);
    const read = unpackReplay(file);
    this.#known.set(run, read);
    return read;
  }
}

const contestantOf = ({ file, recording }: UnpackedReplay): Contestant => ({
  recording,
  samples: file.samples,
  residual: Math.abs(file.residual.share),
});
