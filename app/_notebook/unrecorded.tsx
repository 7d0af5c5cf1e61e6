'use client';
/**
 * Below a what-if or a timeline: which of its runs cannot be replayed, and one click that makes them here.
 * Of the runs that came with Parley only some have a recording.
 */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { asSentence, formatDuration, plural, shortHash } from '../../server/api/schemas/format.ts';
import type { Question } from '../../server/api/schemas/notebook-evaluate.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useAskAgain, useRecordRuns, useUnrecorded } from '../_lib/api-notebooks.ts';
import classes from './notebook.module.css';
import { Progress } from './run-progress.tsx';

export function Unrecorded({ question }: { readonly question: Question | null }) {
  const ids =
    question?.kind === 'whatif'
      ? question.runs.map(({ id }) => id)
      : question?.kind === 'timeline'
        ? [question.run.id]
        : [];
  const { data } = useUnrecorded(ids);
  const record = useRecordRuns();
  const askAgain = useAskAgain();
  if (data === undefined || data.runs.length === 0) return null;
  const twins = data.runs.flatMap(({ twin }) => twin ?? []).filter((id) => !ids.includes(id));
  const [current] = data.runs.flatMap(({ pending }) => pending ?? []);
  return (
    <div className={classes.run}>
      <p className={classes.stale}>
        {data.runs.length === ids.length
          ? ids.length === 1
            ? 'The run has no recording'
            : 'None of the runs has a recording'
          : `${data.runs.length} of the ${plural(ids.length, 'run')} ${data.runs.length === 1 ? 'has' : 'have'} no recording`}
        , so {data.runs.length === 1 ? 'it' : 'they'} cannot be replayed. Not every run that came
        with Parley has one, nor has any of before there were recordings. Made here, the same spec
        is recorded.
      </p>
      {twins.length > 0 && (
        <p>
          Recorded here already:{' '}
          {twins.map((id, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <Link href={`/runs/${id}`}>run {shortHash(id)}</Link>
            </span>
          ))}
          ; a query that finds {twins.length === 1 ? 'it' : 'them'} shows{' '}
          {twins.length === 1 ? 'it' : 'them'} here.
        </p>
      )}
      {data.toMake > 0 && current === undefined && (
        <>
          <p className={classes.price}>
            <ProvenanceMark of="predicted" /> {plural(data.toMake, 'run')}: about{' '}
            {formatDuration(data.runMs)} in all.
          </p>
          <Button
            size="xs"
            loading={record.isPending}
            onClick={() => record.mutate({ ids }, { onSuccess: askAgain })}
          >
            {data.toMake === 1 ? 'Run it here' : `Run ${data.toMake} here`}
          </Button>
        </>
      )}
      {record.error !== null && <p role="alert">{asSentence(record.error.message)}</p>}
      {current !== undefined && <Progress key={current} id={current} onEnd={askAgain} />}
    </div>
  );
}
