/** Language models that were added: judged by the piece that follows a text, and run for real. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { computeYardsticks, prepareInputs } from '../../server/runs/coordinator.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import type { OwnerTask } from '../../server/runs/messages.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { readDetail } from '../../server/runs/views.ts';
import { addDataset } from '../../server/zoo/add-dataset.ts';
import { addModel } from '../../server/zoo/add-model.ts';
import { windowsOf } from '../../server/zoo/language-model.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { configs, hubFolder } from '../support/tiny-classifier.ts';

const database = useDatabase();
const before = process.env['PARLEY_DATA'];
let room = '';
const data = () => join(room, 'data');
const models = ['gpt2', 'llama'] as const;

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-language-'));
  process.env['PARLEY_DATA'] = data();
  for (const id of models) {
    const folder = await hubFolder(join(room, id), { config: configs[id] });
    const origin = { title: `me/${id}`, source: `Hugging Face Hub, me/${id} at 0123456789ab` };
    await addModel(folder, { id: `me--${id}`, dataFolder: data(), origin });
  }
  const file = join(room, 'rows.csv');
  await writeFile(
    file,
    'text,label\ngood good good good,1\nod good go,0\nd good o g,1\ngood do,0\n',
  );
  const card = { title: 'Rows', licence: 'CC0', origin: 'file rows.csv', most: 10 };
  await addDataset(file, { id: 'rows', dataFolder: data(), ...card });
});
afterAll(async () => {
  if (before === undefined) delete process.env['PARLEY_DATA'];
  else process.env['PARLEY_DATA'] = before;
  await rm(room, { recursive: true });
});

const specOf = (model: string, more: Partial<RunSpec> = {}): RunSpec => ({
  ...smallSpec,
  model,
  dataset: { id: 'rows', samples: 2 },
  sequenceLength: 5,
  approximations: { gelu: 'shaft', softmax: 'exponential' },
  ...more,
});

const taskOf = async (spec: RunSpec): Promise<OwnerTask> =>
  ({
    model: spec.model,
    dataset: spec.dataset,
    batchSize: 2,
    plan: planOfSpec(spec, await modelConfigOf(spec.model)),
    dataFolder: data(),
  }) as OwnerTask;

test('texts too short for the windows asked for are refused before anything is queued', async () => {
  expect(await choiceIssues(specOf('me--gpt2'))).toEqual([]);
  const [many] = await choiceIssues(
    specOf('me--gpt2', { dataset: { id: 'rows', samples: 4 }, sequenceLength: 12 }),
  );
  expect(many).toMatchObject({ field: 'dataset.samples' });
  expect(many?.message).toMatch(/the texts of rows hold \d+ windows? ?.*of 12 tokens/);
  expect(many?.message).toMatch(/Use at most \d+, or a shorter length|Use a shorter length/);
});

describe('windows', () => {
  const pieces = {
    vocabularySize: 10,
    largestId: 9,
    encode: (text: string) => Array.from(text, Number),
    decode: (ids: readonly number[]) => ids.join(''),
    names: () => [],
  };

  test('follow one another through the texts; each has the piece after it', () => {
    expect(windowsOf(['1234', '56789'], 3, 2, pieces, 'digits')).toEqual([
      { ids: [1, 2], next: 3 },
      { ids: [4, 5], next: 6 },
      { ids: [7, 8], next: 9 },
    ]);
  });

  test('that the texts do not have are refused with how many there are', () => {
    expect(() => windowsOf(['1234'], 2, 2, pieces, 'digits')).toThrow(
      /digits: its texts have 4 pieces in all, 1 windows of 2.*2 are asked for/,
    );
  });
});

test('stand in the catalogue beside every set of single texts', async () => {
  const found = (await readCatalog()).models.filter(({ id }) => id.startsWith('me--'));
  expect(found).toHaveLength(2);
  for (const entry of found) {
    expect(entry).toMatchObject({ kind: 'text', labels: [], datasets: ['imdb-heldout', 'rows'] });
    expect(entry.description).toMatch(/accuracy is the share of next pieces/);
  }
});

test('are accepted in a spec, and held to their length', async () => {
  expect(await choiceIssues(specOf('me--gpt2'))).toEqual([]);
  const silu = { gelu: 'puma', softmax: 'puma', silu: 'puma' } as const;
  expect(await choiceIssues(specOf('me--llama', { approximations: silu }))).toEqual([]);
  expect(await choiceIssues(specOf('me--gpt2', { approximations: silu }))).toMatchObject([
    { field: 'approximations.silu' },
  ]);
  expect(await choiceIssues(specOf('me--gpt2', { sequenceLength: 17 }))).toMatchObject([
    { field: 'sequenceLength' },
  ]);
});

describe.each(models)('%s', (name) => {
  test('the exact, the approximated and the fixed-point logits agree', async () => {
    const task = await taskOf(specOf(`me--${name}`));
    const inputs = await prepareInputs(task);
    expect(inputs.labels).toHaveLength(12);
    const { samples } = await computeYardsticks(inputs, task.plan, loadKernels(), () => undefined);
    expect(samples).toHaveLength(2);
    // PUMA's SiLU is off by up to 0.07.
    const bound = name === 'llama' ? 0.1 : 0.02;
    for (const { plaintextLogits, approximatedLogits, clearLogits, label } of samples) {
      expect(plaintextLogits).toHaveLength(12);
      expect(label).toBeLessThan(12);
      plaintextLogits.forEach((value, piece) => {
        expect(Math.abs(value - (approximatedLogits?.[piece] ?? NaN))).toBeLessThan(bound);
        expect(Math.abs(value - (clearLogits[piece] ?? NaN))).toBeLessThan(bound);
      });
    }
  });

  test('a real run: parties as processes, next pieces scored', async () => {
    const spec = specOf(`me--${name}`);
    const context = { db: database.db, queue: rememberingQueue() };
    const { id } = await createRun(context, spec, 'cli');
    const claim = await claimRun(database.db, id);
    if (claim === null) throw new Error('the run could not be claimed');
    const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
    const run = await readDetail(database.db, id);
    expect(outcome, run.reason ?? '').toBe('done');
    expect(run.prediction?.agrees).toBe(true);
    expect(run.headline?.maxLogitError.protocol).toBeLessThan(0.05);
    expect(run.headline?.accuracy?.secure.n).toBe(2);
    expect(run.samples).toHaveLength(2);
  });
});
