'use client';
/** Training: what was trained, what is being trained, and where students stand. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { formatAgo, formatDuration, formatPercent } from '../../server/api/schemas/format.ts';
import type { TrainingSummary } from '../../server/api/schemas/training.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Empty, Failure, Waiting } from '../_components/states.tsx';
import { useTrainings } from '../_lib/api-training.ts';
import { useNow } from '../_lib/use-now.ts';
import tables from '../_run/run-view.module.css';
import { Students } from './students.tsx';
import classes from './training.module.css';

export function Trainings() {
  const trainings = useTrainings();
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Training</h1>
        <p>
          Students whose functions are cheap in secure computation, distilled from a teacher; and
          attention that is searched head by head. A training waits in the queue behind runs and
          gives way to them: it goes on from its last checkpoint.
        </p>
        <Button component={Link} href="/training/new" mt={12}>
          New training
        </Button>
      </header>
      <Panel title="Trainings">
        {trainings.data !== undefined ? (
          <TrainingTable trainings={trainings.data} />
        ) : trainings.error !== null ? (
          <Failure
            title="Trainings cannot be read"
            reason={trainings.error}
            retry={trainings.retry}
          />
        ) : (
          <Waiting what="trainings" />
        )}
      </Panel>
      <Students />
    </Stack>
  );
}

function progressOf({ state, progress }: TrainingSummary): string {
  if (progress === null) return '';
  const place = `${progress.stage} ${progress.step}/${progress.ofSteps}`;
  if (state !== 'running' || progress.secondsLeft === null) return place;
  return `${place}, about ${formatDuration(1000 * progress.secondsLeft)} left`;
}

/** Of the product where there is one, else the best on the validation rows so far. */
function accuracyOf({ product, progress }: TrainingSummary): string {
  const [model] = product?.models ?? [];
  if (model !== undefined) return `${formatPercent(model.accuracy)} of ${model.n}`;
  const best = progress?.bestAccuracy ?? null;
  return best === null ? '' : `${formatPercent(best)}, validation`;
}

function TrainingTable({ trainings }: { trainings: readonly TrainingSummary[] }) {
  const now = useNow(30_000);
  if (trainings.length === 0) {
    return (
      <Empty
        title="Nothing was trained here yet"
        action={{ href: '/training/new', word: 'Distill a student' }}
      >
        A student with Quad and 2Quad takes about half an hour on one core; its price is taken
        before it starts.
      </Empty>
    );
  }
  return (
    <Scroll label="Trainings">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Training</th>
            <th scope="col">State</th>
            <th scope="col">Where it is</th>
            <th scope="col">Accuracy, measured</th>
            <th scope="col">Asked</th>
          </tr>
        </thead>
        <tbody>
          {trainings.map((training) => (
            <tr key={training.id}>
              <th scope="row" className={classes.words}>
                <Link href={`/training/${training.id}`}>{training.title}</Link>
              </th>
              <td>{training.ending && training.state === 'running' ? 'ending' : training.state}</td>
              <td>{progressOf(training)}</td>
              <td>{accuracyOf(training)}</td>
              <td>{formatAgo(training.createdAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
