/** Runs of models of which only the shape is true: every page says so, and none shows an accuracy. */
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import { defaultUnits } from '../../server/api/schemas/compare-units.ts';
import { compared } from '../compare/fixtures.ts';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { compareScatter } from '../../app/_charts/compare-scatter.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import { Home } from '../../app/_home/home.tsx';
import { checkDraft } from '../../app/_lib/check-draft.ts';
import { draftOf, withModel } from '../../app/_lib/spec-draft.ts';
import { settingsOf, specSentence } from '../../app/_lib/describe-spec.ts';
import { readQuery, writeQuery } from '../../app/_lib/spec-query.ts';
import { NewRun } from '../../app/new/new-run.tsx';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import { Permalink } from '../../app/s/[slug]/permalink.tsx';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import {
  doneRun,
  preview,
  pumaSpec,
  shapeCatalog,
  shapeRun,
  shapeSpec,
  summaryOf,
} from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const note = 'random weights: latency and cost only';
const list = (runs: readonly RunDetail[]) => ({
  'runs.list': () => ({ runs: runs.map(summaryOf), nextCursor: null }),
});

/** Nothing that reads as a verdict on what the model says. */
function expectNoVerdict(element: HTMLElement): void {
  expect(element).not.toHaveTextContent(
    /\d %\s*(secure|plaintext)|plaintext \d|0\.0 %|NaN|Infinity/i,
  );
  expect(element).not.toHaveTextContent(/secure accuracy \d|label unlike|of 4 reviews/i);
}

describe.each([
  [
    'its page',
    () => {
      visit(`/runs/${shapeRun.id}`);
      renderApp(<RunPage id={shapeRun.id} />, { 'runs.get': () => shapeRun });
    },
  ],
  [
    'its permalink',
    () => {
      visit('/s/abc');
      renderApp(<Permalink slug="abc" />, {
        'permalinks.get': () => ({
          kind: 'run',
          run: shapeRun,
          contentHash: 'f'.repeat(64),
          createdAt: shapeRun.createdAt,
        }),
      });
    },
  ],
])('a finished run, on %s', (_, open) => {
  it('says what it is good for in the place of an accuracy', async () => {
    open();
    const outputs = await screen.findByRole('region', { name: 'Outputs' });
    expect(outputs).toHaveTextContent(note);
    expect(outputs).toHaveTextContent(/Largest output error, protocol\s*0\.00042/);
    expect(outputs).toHaveTextContent(/Mean output error, protocol\s*0\.00011/);
    expect(screen.getByRole('note', { name: 'What this run gives up' })).toHaveTextContent(
      /Random weights: latency and cost only/,
    );
    const numbers = screen.getByLabelText('Headline numbers');
    expect(numbers).not.toHaveTextContent(/accuracy/i);
    expect(numbers).toHaveTextContent(/Online, per input/);
    for (const name of ['Accuracy', 'Reviews']) {
      expect(screen.queryByRole('region', { name })).toBeNull();
    }
    expectNoVerdict(document.body);
  });
});

it('the picture of accuracies is exported without it', () => {
  const runs = [doneRun, shapeRun].map((run) => ({ name: run.spec.model, run: compared(run) }));
  const metrics = metricsOf(defaultUnits);
  const [x, y] = [metricById(metrics, 'time'), metricById(metrics, 'accuracy')];
  const { table, figure } = compareScatter(runs, { x, y, scale: 'auto', theme: lightTheme });
  expect(table.rows.map(({ name }) => name)).toEqual(['minilm-2l-imdb']);
  expect(figure.data).toHaveLength(1);
});

it('the start page shows its numbers when there are no others', async () => {
  visit('/');
  renderApp(<Home />, list([shapeRun]));
  expect(await screen.findByText(/Random weights: latency and cost only/)).toBeVisible();
  expect(screen.queryByText(/^Secure accuracy$/)).toBeNull();
});

describe('the Run form', () => {
  const answers = {
    'catalog.get': () => shapeCatalog,
    'runs.preview': () => ({ ...preview, warnings: ['randomWeights'] }),
  };

  it('lists them in a group of their own, and fits data set and length to the choice', async () => {
    const user = userEvent.setup();
    visit('/new');
    renderApp(<NewRun />, answers);
    const group = await screen.findByRole('group', { name: `Shape only, ${note}` });
    expect(within(group).getAllByRole('radio')).toHaveLength(2);
    const checkpoints = screen.getByRole('group', { name: /^Checkpoint/ });
    expect(within(checkpoints).queryByRole('radio', { name: /BERT/ })).toBeNull();

    await user.click(within(group).getByRole('radio', { name: /ViT-Lite/ }));
    expect(screen.getByRole('radio', { name: /^Random inputs/ })).toBeChecked();
    expect(screen.getByRole('radio', { name: /^IMDb/ })).toBeDisabled();
    expect(screen.getByRole('textbox', { name: /^Tokens per image/ })).toHaveValue('65');
    expect(screen.getByText(/there is no accuracy to count/)).toBeVisible();
    expect(screen.queryByText(/to settle first/)).toBeNull();
    const panel = screen.getByRole('complementary', { name: 'Preview' });
    await waitFor(() => expect(panel).toHaveTextContent(/Random weights: latency and cost only/));

    await user.click(within(checkpoints).getByRole('radio', { name: /MiniLM/ }));
    expect(screen.getByRole('radio', { name: /^IMDb/ })).toBeChecked();
    expect(screen.queryByText(/to settle first/)).toBeNull();
  });

  it('prices the memory of all roles, and passes on that it does not fit', async () => {
    visit('/new?model=bert-base&dataset=random&length=32&samples=4');
    const message = 'model is "bert-base": its roles together need about 26.4 GB of memory';
    const { unmount } = renderApp(<NewRun />, answers);
    const panel = await screen.findByRole('complementary', { name: 'Preview' });
    await waitFor(() =>
      expect(panel).toHaveTextContent(
        /Memory at the peak: about 1\.79 GB of this machine’s 24\.0 GB; 480 MB each party, 350 MB the owner\./,
      ),
    );
    unmount();
    renderApp(<NewRun />, {
      ...answers,
      'runs.preview': () => ({
        ...preview,
        prediction: null,
        memory: null,
        issues: [{ field: 'model', message }],
      }),
    });
    expect((await screen.findAllByText(new RegExp(message.slice(0, 40)))).length).toBeGreaterThan(
      0,
    );
  });

  it('checks length and data set before it asks the server', () => {
    const fieldsOf = (spec: typeof shapeSpec) =>
      checkDraft(draftOf(spec), shapeCatalog).issues.map(({ field, message }) => [field, message]);
    expect(fieldsOf(shapeSpec)).toEqual([]);
    expect(fieldsOf({ ...shapeSpec, dataset: { id: 'imdb', samples: 4 } })).toEqual([
      ['dataset.id', 'BERT base has random weights: it reads random inputs only.'],
    ]);
    expect(fieldsOf({ ...pumaSpec, dataset: { id: 'random', samples: 16 } })).toEqual([
      ['dataset.id', expect.stringMatching(/is trained/)],
    ]);
    expect(fieldsOf({ ...shapeSpec, model: 'vit_7_4_32' })).toEqual([
      [
        'sequenceLength',
        expect.stringMatching(/65 tokens, 64 patches and the class token: use 65/),
      ],
    ]);
    expect(fieldsOf({ ...shapeSpec, sequenceLength: 513 })).toHaveLength(1);
    const draft = withModel(draftOf(pumaSpec), 'vit_7_4_32', shapeCatalog);
    expect(draft).toMatchObject({ dataset: { id: 'random' }, sequenceLength: 65 });
  });

  it('takes the functions that a student was made for, and gives them back with the student', () => {
    const [first] = shapeCatalog.models;
    if (first === undefined) throw new Error('no model');
    const madeFor = { gelu: 'quad', softmax: '2quad' };
    const withStudent = {
      ...shapeCatalog,
      models: [...shapeCatalog.models, { ...first, id: 'student', madeFor }],
    };
    const student = withModel(draftOf(pumaSpec), 'student', withStudent);
    expect(student.approximations).toMatchObject(madeFor);
    const { gelu, softmax } = pumaSpec.approximations;
    const back = withModel(student, first.id, withStudent);
    expect(back.approximations).toMatchObject({ gelu, softmax });
    // What was chosen by hand stays.
    const chosen = { ...student, approximations: { ...student.approximations, softmax: '2relu' } };
    expect(withModel(chosen, first.id, withStudent).approximations.softmax).toBe('2relu');
  });
});

it('an address that names the model alone is a run that can start', () => {
  const asked = readQuery(new URLSearchParams('model=vit_7_4_32'), shapeCatalog);
  if (asked === null) throw new Error('no preset');
  expect(checkDraft(asked.draft, shapeCatalog)).toMatchObject({
    issues: [],
    spec: { model: 'vit_7_4_32', dataset: { id: 'random' }, sequenceLength: 65 },
  });
  const written = writeQuery(asked.presetId, asked.draft, shapeCatalog);
  expect(readQuery(written, shapeCatalog)).toEqual(asked);
});

it('a spec in words speaks of inputs and tokens', () => {
  expect(specSentence(shapeSpec)).toMatch(/^4 random inputs of 32 tokens each, by/);
  const names = settingsOf(shapeSpec).map(({ name }) => name);
  expect(names).toContain('Inputs');
  expect(names.join()).not.toMatch(/review|wordpiece/i);
});
