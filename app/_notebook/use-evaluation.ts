'use client';
/** A notebook's results as they come: questions are asked, answers put in, until nothing is open. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Notebook } from '../../server/api/schemas/notebook-cells.ts';
import {
  evaluateNotebook,
  keyOf,
  type Answered,
  type Evaluation,
  type Question,
} from '../../server/api/schemas/notebook-evaluate.ts';
import type { CellValue } from '../../server/api/schemas/notebook-table.ts';
import { useReadReplay, useServerAnswers, type AskedOfServer } from '../_lib/api-notebooks.ts';
import type { ReplayQuestion } from './replay-answers.ts';

type JavascriptQuestion = Extract<Question, { kind: 'javascript' }>;

const isJavascript = (question: Question): question is JavascriptQuestion =>
  question.kind === 'javascript';
const isReplay = (question: Question): question is ReplayQuestion =>
  question.kind === 'whatif' || question.kind === 'timeline';
const isServers = (question: Question): question is AskedOfServer =>
  !isJavascript(question) && !isReplay(question);

/** Questions that the cells ask, answered or not, each once. */
function questionsOf({ results }: Evaluation): readonly Question[] {
  const asked = [...results.values()].flatMap(({ question }) => question ?? []);
  return [...new Map(asked.map((question) => [keyOf(question), question])).values()];
}

const mostKept = 100;
/** After the last change, before a JavaScript cell runs. */
const pauseMs = 250;

/**
 * Answers open questions of one kind in this browser, one at a time, and only what is still asked: while
 * somebody types or drags, every step is a new question.
 */
function useRunner<Q extends Question>(
  { open }: Evaluation,
  isMine: (question: Question) => question is Q,
  run: (question: Q) => Promise<Answered>,
  { wait, take }: { readonly wait: number; readonly take: (key: string, answer: Answered) => void },
): void {
  const isRunning = useRef(false);
  useEffect(() => {
    const next = [...open].find((entry): entry is [string, Q] => isMine(entry[1]));
    if (next === undefined || isRunning.current) return;
    const [key, question] = next;
    const start = (): void => {
      isRunning.current = true;
      void run(question).then((answer) => {
        isRunning.current = false;
        take(key, answer);
        return null;
      });
    };
    if (wait === 0) {
      start();
      return;
    }
    const timer = setTimeout(start, wait);
    return () => clearTimeout(timer);
    // The functions are of the module or kept; what is open says when there is something to do.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [open]);
}

export interface LiveEvaluation extends Evaluation {
  /** The last value that a cell had, shown while the next one is on its way. */
  readonly before: ReadonlyMap<string, CellValue>;
}

export function useEvaluation(notebook: Notebook): LiveEvaluation {
  const [computed, setComputed] = useState<ReadonlyMap<string, Answered>>(new Map());
  const [asked, setAsked] = useState<readonly AskedOfServer[]>([]);
  const replies = useServerAnswers(asked);
  const kept = useRef(new Map<string, CellValue>());

  const evaluation = useMemo(() => {
    const answers = new Map(computed);
    replies.forEach((reply, index) => {
      const question = asked[index];
      if (question !== undefined && reply !== null) answers.set(keyOf(question), reply);
    });
    return evaluateNotebook(notebook, answers);
  }, [notebook, computed, replies, asked]);

  // What is asked follows from what was answered: one layer of the graph after the other.
  const wanted = questionsOf(evaluation).filter(isServers);
  const key = wanted.map(keyOf).join('\n');
  useEffect(() => {
    setAsked(wanted);
    // The key says whether the questions changed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key]);

  const take = (openKey: string, given: Answered): void =>
    setComputed((before) => new Map([...[...before].slice(-mostKept), [openKey, given]]));
  const read = useReadReplay();
  useRunner(
    evaluation,
    isJavascript,
    async (question) => (await import('./sandbox.ts')).runJavascript(question),
    { wait: pauseMs, take },
  );
  useRunner(
    evaluation,
    isReplay,
    async (question) => (await import('./replay-answers.ts')).replayAnswer(question, read),
    { wait: 0, take },
  );

  return useMemo(() => {
    for (const [id, { outcome }] of evaluation.results) {
      if (outcome.status === 'ok' && outcome.value !== null) kept.current.set(id, outcome.value);
    }
    return { ...evaluation, before: new Map(kept.current) };
  }, [evaluation]);
}
