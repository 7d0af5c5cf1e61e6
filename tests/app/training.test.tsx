/** Training pages: the forms with their price, the list, a training with its curves, and the front. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { lightTheme } from '../../app/_charts/chart.ts';
import { trainingCurve } from '../../app/_charts/training-curve.ts';
import { paretoFront, trainingPareto } from '../../app/_charts/training-pareto.ts';
import { TrainingView } from '../../app/training/[id]/training-view.tsx';
import { firstDrafts } from '../../app/training/new/draft.ts';
import { readDraft } from '../../app/training/new/read-draft.ts';
import { NewTraining } from '../../app/training/new/new-training.tsx';
import { Trainings } from '../../app/training/trainings.tsx';
import type { StudentPoint, TrainingDetail } from '../../server/api/schemas/training.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';

const price = {
  phases: [{ name: 'representation', steps: 750, stepSeconds: 0.8 }],
  judgingSeconds: 60,
  totalSeconds: 660,
};
const running: TrainingDetail = {
  id: 't-abcdefghjkmn',
  kind: 'distillation',
  title: 'my-student: Quad and 2Quad, distilled',
  recipeHash: 'a'.repeat(64),
  state: 'running',
  ending: false,
  reason: null,
  createdAt: '2026-11-23T08:00:00.000Z',
  startedAt: '2026-11-23T08:01:00.000Z',
  finishedAt: null,
  price,
  progress: {
    stage: 'representation',
    step: 40,
    ofSteps: 750,
    loss: 0.5,
    accuracy: 0.7,
    seconds: 30,
    bestAccuracy: 0.7,
    secondsLeft: 600,
  },
  product: null,
  curve: [
    { stage: 'representation', step: 20, loss: 2, accuracy: null, seconds: 15 },
    { stage: 'representation', step: 40, loss: 0.5, accuracy: 0.7, seconds: 30 },
  ],
  recipe: '{ "id": "my-student" }',
};
const done: TrainingDetail = {
  ...running,
  state: 'done',
  product: {
    models: [{ id: 'my-student', name: 'my-student', accuracy: 0.848, n: 5000 }],
    finished: true,
  },
};
const point = (model: string, accuracy: number, latencyMs: number): StudentPoint => ({
  model,
  teacher: 'teacher',
  isTeacher: model === 'teacher',
  functions: 'quad, 2quad',
  setting: 'fast2pc, lan, 64 tokens',
  provenance: 'measured',
  accuracy,
  accuracyRows: 100,
  latencyMs,
  runs: 3,
});

describe('the forms', () => {
  it('take the price first, then queue what was asked and go to it', async () => {
    const user = userEvent.setup();
    visit('/training/new');
    const { asked } = renderApp(<NewTraining />, {
      'training.price': () => price,
      'training.create': () => ({ id: running.id }),
    });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Softmax' }), '2relu');
    await user.click(screen.getByRole('button', { name: 'Take the price' }));
    const table = await screen.findByRole('table');
    expect(
      within(table).getByRole('row', { name: /representation 750 800\sms \S+\s(s|min)/ }),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Queue, about \S+\s(s|min)/ }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith(`/training/${running.id}`));
    expect(asked.find(({ path }) => path === 'training.create')?.input).toMatchObject({
      kind: 'distillation',
      softmax: '2relu',
      trainRows: 40000,
    });
  });

  it.each(Object.values(firstDrafts))('begin with a draft that is right: $kind', (draft) => {
    expect(readDraft(draft)).toMatchObject({ request: { kind: draft.kind } });
  });

  it('name the field that is wrong and ask nothing', async () => {
    const user = userEvent.setup();
    visit('/training/new');
    const { asked } = renderApp(<NewTraining />);
    const rows = screen.getByRole('textbox', { name: 'Training rows' });
    await user.clear(rows);
    await user.type(rows, '10');
    await waitFor(() => expect(rows).toBeInvalid());
    expect(screen.getByRole('button', { name: 'Take the price' })).toBeDisabled();
    expect(asked.filter(({ path }) => path.startsWith('training.'))).toEqual([]);
  });

  it('show why a training was refused', async () => {
    const user = userEvent.setup();
    visit('/training/new');
    renderApp(<NewTraining />, {
      'training.create': () => {
        throw new Error('the name "my-search" is taken; give the product another.');
      },
    });
    await user.click(screen.getByRole('radio', { name: 'Search attention' }));
    await user.click(screen.getByRole('button', { name: 'Queue, price when it starts' }));
    expect(await screen.findByText(/"my-search" is taken/)).toBeVisible();
  });
});

describe('the pages', () => {
  it('list trainings with where they are, and the plane with its front', async () => {
    visit('/training');
    renderApp(<Trainings />, {
      'training.list': () => [running],
      'training.pareto': () => [point('teacher', 0.86, 900), point('student', 0.85, 100)],
    });
    const link = await screen.findByRole('link', { name: running.title });
    expect(link).toHaveAttribute('href', `/training/${running.id}`);
    expect(
      await screen.findByText(/representation 40\/750, about 10\smin 0\ss left/),
    ).toBeVisible();
    expect(await screen.findByRole('combobox', { name: 'Teacher and setting' })).toHaveValue(
      'teacher: fast2pc, lan, 64 tokens, measured',
    );
  });

  it('show a finished training with its model, one click from a run', async () => {
    renderApp(<TrainingView id={done.id} />, {
      'training.get': () => done,
      'training.follow': () => [],
    });
    expect(await screen.findByRole('link', { name: 'Run it securely' })).toHaveAttribute(
      'href',
      '/new?model=my-student',
    );
    expect(screen.getByText(/^84\.8\s%$/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Cancel/ })).toBeNull();
  });

  it('cancel a living one', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<TrainingView id={running.id} />, {
      'training.get': () => running,
      'training.follow': () => [],
      'training.cancel': () => ({ id: running.id }),
    });
    await user.click(await screen.findByRole('button', { name: /keep the best checkpoint/ }));
    expect(asked.find(({ path }) => path === 'training.cancel')?.input).toEqual({ id: running.id });
  });
});

describe('the charts', () => {
  it('draw only validated points as accuracy', () => {
    const { table, label } = trainingCurve(running.curve, { what: 'accuracy', theme: lightTheme });
    expect(table.rows).toEqual([{ stage: 'representation', step: 40, accuracy: 0.7 }]);
    expect(label).toMatch(/step 40: accuracy 70\.0\s%/);
  });

  it('leave beaten points off the front', () => {
    const points = [point('teacher', 0.86, 900), point('a', 0.85, 100), point('b', 0.8, 200)];
    expect(paretoFront(points).map(({ model }) => model)).toEqual(['a', 'teacher']);
    const { table } = trainingPareto(points, lightTheme);
    expect(table.rows.map((row) => row['on_front'])).toEqual(['yes', 'yes', 'no']);
  });
});
