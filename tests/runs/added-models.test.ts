/** Models and data sets that were added: in the catalogue, accepted in a spec, and computed as the owner does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { computeYardsticks, prepareInputs } from '../../server/runs/coordinator.ts';
import type { OwnerTask } from '../../server/runs/messages.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { addDataset } from '../../server/zoo/add-dataset.ts';
import { addModel } from '../../server/zoo/add-model.ts';
import { smallSpec } from '../support/specs.ts';
import { configs, hubFolder } from '../support/tiny-classifier.ts';

const before = process.env['PARLEY_DATA'];
let room = '';

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-added-'));
  const data = join(room, 'data');
  process.env['PARLEY_DATA'] = data;
  for (const id of ['bert', 'roberta'] as const) {
    const folder = await hubFolder(join(room, id), { config: configs[id] });
    const origin = { title: `me/${id}`, source: `Hugging Face Hub, me/${id} at 0123456789ab` };
    await addModel(folder, { id: `me--${id}`, dataFolder: data, origin });
  }
  const file = join(room, 'rows.csv');
  await writeFile(file, 'text,label\ngood film,1\nbad film,0\ngood,1\nod,0\n');
  const card = { title: 'Rows', licence: 'CC0', origin: 'file rows.csv', most: 10 };
  await addDataset(file, { id: 'rows', dataFolder: data, ...card });
});
afterAll(async () => {
  if (before === undefined) delete process.env['PARLEY_DATA'];
  else process.env['PARLEY_DATA'] = before;
  await rm(room, { recursive: true });
});

const specOf = (model: string, more: Partial<RunSpec> = {}): RunSpec => ({
  ...smallSpec,
  model,
  dataset: { id: 'rows', samples: 4 },
  approximations: { gelu: 'shaft', softmax: 'exponential' },
  ...more,
});

test('stand in the catalogue with source and licence, without an accuracy that nobody reported', async () => {
  const { models, datasets } = await readCatalog();
  expect(models.find(({ id }) => id === 'me--roberta')).toMatchObject({
    title: 'me/roberta',
    source: 'Hugging Face Hub, me/roberta at 0123456789ab',
    randomWeights: false,
    reportedAccuracy: null,
    maxLength: 16,
    labels: ['LABEL_0', 'LABEL_1'],
    datasets: ['imdb-heldout', 'rows'],
  });
  expect(datasets.find(({ id }) => id === 'rows')).toMatchObject({ samples: 4, source: 'CC0' });
});

test('are accepted in a spec, and held to what they are', async () => {
  expect(await choiceIssues(specOf('me--bert'))).toEqual([]);
  const long = await choiceIssues(specOf('me--roberta', { sequenceLength: 17 }));
  expect(long).toMatchObject([{ field: 'sequenceLength' }]);
  const many = await choiceIssues(specOf('me--bert', { dataset: { id: 'rows', samples: 5 } }));
  expect(many).toMatchObject([{ field: 'dataset.samples' }]);
});

test('the same classes in another order are refused: every answer would be scored as the other', async () => {
  const file = join(room, 'turned.csv');
  await writeFile(file, 'text,label\ngood film,0\nbad film,1\n');
  const card = { title: 'Turned', licence: 'CC0', origin: 'file turned.csv', most: 10 };
  const turned = { id: 'turned', dataFolder: join(room, 'data'), labels: ['yes', 'no'], ...card };
  await addDataset(file, turned);
  const asked = { dataset: { id: 'turned', samples: 2 } };
  const [issue] = await choiceIssues(specOf('me--bert', asked));
  expect(issue?.message).toMatch(/class 0 of the model is "no", which is class 1 of the data set/);
  // Numbers only: nothing says that they are others.
  expect(await choiceIssues(specOf('me--roberta', asked))).toEqual([]);
  const { models } = await readCatalog();
  expect(models.find(({ id }) => id === 'me--bert')?.datasets).toEqual(['imdb-heldout', 'rows']);
});

test.each(['me--bert', 'me--roberta'])(
  '%s: the float model, the approximated and the fixed-point twin agree',
  async (model) => {
    const spec = specOf(model);
    const plan = planOfSpec(spec, await modelConfigOf(model));
    const task = {
      model,
      dataset: spec.dataset,
      batchSize: 2,
      plan,
      dataFolder: join(room, 'data'),
    } as OwnerTask;
    const inputs = await prepareInputs(task);
    expect(inputs.batches.map(({ size }) => size)).toEqual([2, 2]);
    const { samples } = await computeYardsticks(inputs, plan, loadKernels(), () => undefined);
    expect(new Set(samples.map(({ plaintextLogits }) => plaintextLogits[0])).size).toBe(4);
    for (const { plaintextLogits, approximatedLogits, clearLogits } of samples) {
      plaintextLogits.forEach((value, label) => {
        expect(Math.abs(value - (approximatedLogits?.[label] ?? NaN))).toBeLessThan(0.02);
        expect(Math.abs(value - (clearLogits[label] ?? NaN))).toBeLessThan(0.02);
      });
    }
  },
);
