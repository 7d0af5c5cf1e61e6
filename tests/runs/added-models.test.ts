/** Models and data sets that were added: in the catalogue, accepted in a spec, and computed as the owner does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { computeYardsticks, prepareInputs } from '../../server/runs/coordinator.ts';
import type { OwnedSample, OwnerTask } from '../../server/runs/messages.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { predictFullBatch } from '../../server/runs/prediction.ts';
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
    const inputs = await inputsOf(specOf(model));
    expect(inputs.batches.map(({ size }) => size)).toEqual([2, 2]);
    const samples = await yardsticksOf(specOf(model));
    expect(new Set(samples.map(({ plaintextLogits }) => plaintextLogits[0])).size).toBe(4);
    expectAgreement(samples);
  },
);

test('pairs of texts: filled into the spec, priced, and computed with their types', async () => {
  const file = join(room, 'pairs.csv');
  await writeFile(
    file,
    'sentence1,sentence2,label\ngood film,bad film,1\nbad film,good film,0\ngood,good,1\n',
  );
  const card = { title: 'Pairs', licence: 'CC0', origin: 'file pairs.csv', most: 10 };
  await addDataset(file, { id: 'pairs', dataFolder: join(room, 'data'), ...card });
  const asked = { dataset: { id: 'pairs', samples: 3 } };
  const { spec, issues } = await checkSpec(specOf('me--bert', asked));
  expect(issues).toEqual([]);
  expect(spec?.dataset).toEqual({ id: 'pairs', samples: 3, pairs: true });
  const config = await modelConfigOf('me--bert');
  const single = await predictFullBatch(specOf('me--bert', asked), config);
  const paired = await predictFullBatch(spec ?? specOf('me--bert'), config);
  expect(paired.onlineBytesSent[0]).toBeGreaterThan(single.onlineBytesSent[0] ?? NaN);
  expect(paired.rounds - single.rounds).toBeLessThanOrEqual(1);
  const wrong = { dataset: { id: 'rows', samples: 3, pairs: true as const } };
  expect(await choiceIssues(specOf('me--bert', wrong))).toMatchObject([{ field: 'dataset.pairs' }]);
  for (const model of ['me--bert', 'me--roberta']) {
    const samples = await yardsticksOf((await checkSpec(specOf(model, asked))).spec);
    expect(samples.map(({ excerpt }) => excerpt).sort()[0]).toBe('bad film / good film');
    expectAgreement(samples);
  }
  // The order of the two texts counts: their pieces are the same, and in BERT their types.
  const [types] = (await inputsOf(spec)).batches.map((batch) => 'types' in batch && batch.types);
  expect([...(types || [])].slice(0, 8)).toContain(1);
});

async function taskOf(spec: RunSpec): Promise<OwnerTask> {
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const dataFolder = join(room, 'data');
  return { model: spec.model, dataset: spec.dataset, batchSize: 2, plan, dataFolder } as OwnerTask;
}

async function inputsOf(spec: RunSpec | null) {
  if (spec === null) throw new Error('no spec');
  return prepareInputs(await taskOf(spec));
}

async function yardsticksOf(spec: RunSpec | null): Promise<readonly OwnedSample[]> {
  if (spec === null) throw new Error('no spec');
  const { plan } = await taskOf(spec);
  const inputs = await inputsOf(spec);
  return (await computeYardsticks(inputs, plan, loadKernels(), () => undefined)).samples;
}

function expectAgreement(samples: readonly OwnedSample[]): void {
  for (const { plaintextLogits, approximatedLogits, clearLogits } of samples) {
    plaintextLogits.forEach((value, label) => {
      expect(Math.abs(value - (approximatedLogits?.[label] ?? NaN))).toBeLessThan(0.02);
      expect(Math.abs(value - (clearLogits[label] ?? NaN))).toBeLessThan(0.02);
    });
  }
}
