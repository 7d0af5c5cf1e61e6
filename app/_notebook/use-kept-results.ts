'use client';
/**
 * What JavaScript cells came to in this browser, told to the server a moment later: a live address shows them,
 * and the server runs no JavaScript. A failure is no one's loss; the next result tries again.
 */
import { useEffect, useRef } from 'react';
import type { CellValue } from '../../server/api/schemas/notebook-table.ts';
import {
  longestKept,
  mostKeptAtOnce,
  questionHash,
} from '../../server/api/schemas/notebook-question.ts';
import { useKeepResults } from '../_lib/api-notebooks.ts';
import type { LiveEvaluation } from './use-evaluation.ts';

/** After the last result. */
const pauseMs = 2000;

interface Computed {
  readonly question: string;
  readonly value: CellValue;
}

function computedIn({ results }: LiveEvaluation): readonly Computed[] {
  return [...results.values()].flatMap(({ outcome, question, isPinned }) =>
    isPinned || question?.kind !== 'javascript' || outcome.status !== 'ok' || outcome.value === null
      ? []
      : [{ question: questionHash(question), value: outcome.value }],
  );
}

/** @param isKept whether the notebook is one of this installation that was saved */
export function useKeptResults(id: string, evaluation: LiveEvaluation, isKept: boolean): void {
  const { mutate } = useKeepResults();
  const told = useRef(new Set<string>());
  useEffect(() => {
    if (!isKept || evaluation.open.size > 0) return;
    const timer = setTimeout(() => {
      const results = computedIn(evaluation)
        .filter(({ question }) => !told.current.has(question))
        .filter(({ value }) => JSON.stringify(value).length <= longestKept)
        .slice(0, mostKeptAtOnce);
      if (results.length === 0) return;
      const questions = results.map(({ question }) => question);
      for (const question of questions) told.current.add(question);
      mutate(
        { id, results: structuredClone(results) },
        {
          onError: () => {
            for (const question of questions) told.current.delete(question);
          },
        },
      );
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [id, evaluation, isKept, mutate]);
}
