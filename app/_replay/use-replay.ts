'use client';
/** Asks the replay of this browser: the newest question counts, those overtaken by it are dropped. */
import { useEffect, useRef, useState } from 'react';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import type { AnswerTo, Question } from './answer.ts';
import { startBackend, type Backend } from './backend.ts';

export interface Replayed<Q extends Question> {
  /** Of the latest question that was answered; null before the first. */
  readonly answer: AnswerTo<Q> | null;
  readonly question: Q | null;
  readonly error: string | null;
}

/**
 * `files` by run id; give the same object again as long as nothing changes in it. Questions are
 * compared by their JSON.
 */
export function useReplayed<Q extends Question>(
  files: Readonly<Record<string, ReplayFile>>,
  question: Q,
): Replayed<Q> {
  const backend = useRef<Backend | null>(null);
  const state = useRef({ number: 0, busy: null as Q | null, next: null as Q | null });
  const [replayed, setReplayed] = useState<Replayed<Q>>({
    answer: null,
    question: null,
    error: null,
  });

  useEffect(() => {
    const asked = state.current;
    const ask = (next: Q): void => {
      asked.busy = next;
      asked.number += 1;
      started.ask({ number: asked.number, question: next });
    };
    const started = startBackend((reply) => {
      const { busy, next } = asked;
      asked.busy = null;
      asked.next = null;
      if ('error' in reply) setReplayed((last) => ({ ...last, error: reply.error }));
      else setReplayed({ answer: reply.answer as AnswerTo<Q>, question: busy, error: null });
      if (next !== null) ask(next);
    });
    for (const [run, file] of Object.entries(files)) started.ask({ run, file });
    backend.current = started;
    return () => {
      started.end();
      asked.busy = null;
      asked.next = null;
      backend.current = null;
    };
  }, [files]);

  const text = JSON.stringify(question);
  useEffect(() => {
    // New files come with a new worker, which is asked anew.
    if (Object.keys(files).length === 0) return;
    const asked = state.current;
    const wanted = JSON.parse(text) as Q;
    if (asked.busy !== null) {
      asked.next = wanted;
      return;
    }
    asked.busy = wanted;
    asked.number += 1;
    backend.current?.ask({ number: asked.number, question: wanted });
  }, [text, files]);

  return replayed;
}
