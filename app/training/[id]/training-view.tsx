'use client';
/** One training: where it is, its curves, what came of it, and its recipe. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useMemo } from 'react';
import { formatDuration, formatPercent, plural } from '../../../server/api/schemas/format.ts';
import {
  isEnded,
  type TrainingDetail,
  type TrainingProduct,
} from '../../../server/api/schemas/training.ts';
import { ChartFrame } from '../../_charts/chart-frame.tsx';
import { lightTheme } from '../../_charts/chart.ts';
import { trainingCurve } from '../../_charts/training-curve.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Failure, Notice, Waiting } from '../../_components/states.tsx';
import { useCancelTraining, useTraining } from '../../_lib/api-training.ts';
import tables from '../../_run/run-view.module.css';
import classes from '../training.module.css';
import { PriceTable } from '../price-table.tsx';

export function TrainingView({ id }: { id: string }) {
  const training = useTraining(id);
  if (training.data !== undefined) return <Shown training={training.data} />;
  if (training.error === null) return <Waiting what="the training" height={600} />;
  return <Failure title="No such training" reason={training.error} retry={training.retry} />;
}

function Shown({ training }: { training: TrainingDetail }) {
  const { title, price, product, recipe, reason, recipeHash } = training;
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <p>
          <Link href="/training">Training</Link>
        </p>
        <h1>{title}</h1>
        <Standing training={training} />
      </header>
      {reason !== null && <Notice tone="bad">{reason}</Notice>}
      {product !== null && <Product product={product} />}
      <Curves training={training} />
      {price !== null && (
        <Panel title="Price" note="Predicted from a few timed steps before the first one.">
          <PriceTable price={price} />
        </Panel>
      )}
      <Panel
        title="Recipe"
        note={`SHA-256 ${recipeHash}. Saved as a file, "parley train" trains the same.`}
        aside={<CopyButton value={recipe} label="Copy recipe" variant="subtle" />}
      >
        <Scroll label="Recipe">
          <pre>{recipe}</pre>
        </Scroll>
      </Panel>
    </Stack>
  );
}

function Standing({ training }: { training: TrainingDetail }) {
  const { id, state, ending, progress } = training;
  const cancel = useCancelTraining();
  const left =
    state === 'running' && progress !== null && progress.secondsLeft !== null
      ? `, about ${formatDuration(1000 * progress.secondsLeft)} left`
      : '';
  const place =
    progress === null ? '' : ` · ${progress.stage}, step ${progress.step} of ${progress.ofSteps}`;
  return (
    <>
      <p aria-live="polite">
        {ending && state === 'running' ? 'ending after this step' : state}
        {place}
        {left}
      </p>
      {!isEnded(state) && (
        <div className={classes.actions}>
          <Button
            variant="default"
            mt={10}
            disabled={ending}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(id)}
          >
            {state === 'queued' ? 'Cancel' : 'Cancel, keep the best checkpoint'}
          </Button>
          {cancel.error !== null && <span role="alert">{cancel.error.message}</span>}
        </div>
      )}
    </>
  );
}

function Product({ product: { models, finished } }: { product: TrainingProduct }) {
  return (
    <Panel
      title="Product"
      note={`${plural(models.length, 'model')}, judged once on rows that nothing was chosen by. Measured${finished ? '' : '; the training ended early'}.`}
    >
      <Scroll label="Product">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Accuracy</th>
              <th scope="col">Rows</th>
              <th scope="col">Next</th>
            </tr>
          </thead>
          <tbody>
            {models.map(({ id, name, accuracy, n }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{formatPercent(accuracy)}</td>
                <td>{n}</td>
                <td>
                  {id === null ? (
                    'no run takes it yet'
                  ) : (
                    <Link href={`/new?model=${id}`}>Run it securely</Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Curves({ training: { curve } }: { training: TrainingDetail }) {
  const theme = useChartTheme();
  const charts = useMemo(
    () =>
      (['loss', 'accuracy'] as const).map((what) => ({
        what,
        model: trainingCurve(curve, { what, theme }),
        light: trainingCurve(curve, { what, theme: lightTheme }),
      })),
    [curve, theme],
  );
  if (curve.length === 0) {
    return (
      <Panel title="Curves">
        <p className={classes.quiet}>
          The first point comes after 20 steps; before them data is read and steps are timed.
        </p>
      </Panel>
    );
  }
  return charts.map(({ what, model, light }) => (
    <Panel key={what} title={what === 'loss' ? 'Loss' : 'Validation accuracy'}>
      <ChartFrame title={`Training ${what}`} model={model} forExport={light} />
    </Panel>
  ));
}
