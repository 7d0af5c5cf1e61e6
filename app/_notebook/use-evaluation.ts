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
import { useServerAnswers } from '../_lib/api-notebooks.ts';

type JavascriptQuestion = Extract<Question, { kind: 'javascript' }>;
type ServerQuestion = Exclude<Question, JavascriptQuestion>;

const isServers = (question: Question): question is ServerQuestion =>
  question.kind !== 'javascript';

/** Questions that the cells ask, answered or not, each once. */
function questionsOf({ results }: Evaluation): readonly Question[] {
  const asked = [...results.values()].flatMap(({ question }) => question ?? []);
  return [...new Map(asked.map((question) => [keyOf(question), question])).values()];
}

const mostKept = 100;
/** After the last change, before a JavaScript cell runs. */
const pauseMs = 250;

export interface LiveEvaluation extends Evaluation {
  /** The last value that a cell had, shown while the next one is on its way. */
  readonly before: ReadonlyMap<string, CellValue>;
}

export function useEvaluation(notebook: Notebook): LiveEvaluation {
  const [computed, setComputed] = useState<ReadonlyMap<string, Answered>>(new Map());
  const [asked, setAsked] = useState<readonly ServerQuestion[]>([]);
  const replies = useServerAnswers(asked);
  const isRunning = useRef(false);
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

  // One at a time, and only what is still asked: while somebody types, every letter is a new question.
  useEffect(() => {
    const next = [...evaluation.open].find(
      (entry): entry is [string, JavascriptQuestion] => !isServers(entry[1]),
    );
    if (next === undefined || isRunning.current) return;
    const [openKey, question] = next;
    const timer = setTimeout(() => {
      isRunning.current = true;
      void import('./sandbox.ts')
        .then(({ runJavascript }) => runJavascript(question))
        .then((answer) => {
          isRunning.current = false;
          setComputed((before) => new Map([...[...before].slice(-mostKept), [openKey, answer]]));
          return null;
        });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [evaluation]);

  return useMemo(() => {
    for (const [id, { outcome }] of evaluation.results) {
      if (outcome.status === 'ok' && outcome.value !== null) kept.current.set(id, outcome.value);
    }
    return { ...evaluation, before: new Map(kept.current) };
  }, [evaluation]);
}
