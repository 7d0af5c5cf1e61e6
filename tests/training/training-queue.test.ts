/** A training in the queue: done, failed, cancelled, giving way to a run, and dying with its process. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import type { DistillRequest } from '../../server/api/schemas/training.ts';
import { createRun } from '../../server/runs/create-run.ts';
import {
  executeTraining,
  findForgottenTrainings,
} from '../../server/runs/training/execute-training.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();
const api = createCaller(() => ({ connection: database, queue }));
const entry = join(import.meta.dirname, 'roles', 'fake-training.ts');

const request = (name: string): DistillRequest => ({
  kind: 'distillation',
  name,
  teacher: 'minilm-2l-imdb',
  gelu: 'quad',
  softmax: '2quad',
  initialisation: 'teacher',
  distilled: true,
  trainRows: 64,
  epochs: 1,
  seed: 1,
});

/** The fake process acts by the first word of the title, which is the product's name. */
const create = async (name: string): Promise<string> =>
  (await api.training.create(request(name))).id;
const execute = (id: string, stop = new AbortController().signal) =>
  executeTraining(database.db, id, { stop, entry });

test('a training keeps its price, its curve without repeated points, and its product', async () => {
  const id = await create('good-one');
  expect(await execute(id)).toBe('done');
  const training = await api.training.get({ id });
  expect(training).toMatchObject({ state: 'done', reason: null, price: { totalSeconds: 5 } });
  expect(training.curve.map(({ step, accuracy }) => [step, accuracy])).toEqual([
    [20, null],
    [40, 0.7],
  ]);
  expect(training.product?.models).toEqual([{ id: 'made', name: 'made', accuracy: 0.8, n: 10 }]);
  expect(JSON.parse(training.recipe)).toMatchObject({ id: 'good-one', kind: 'distillation' });
  expect(await execute(id)).toBeNull();
  await expect(api.training.cancel({ id })).rejects.toThrow(/is done already/);
});

test('a loss that is no number fails the training with the step', async () => {
  const id = await create('diverges-one');
  expect(await execute(id)).toBe('failed');
  const { state, reason, curve } = await api.training.get({ id });
  expect({ state, reason }).toEqual({
    state: 'failed',
    reason: expect.stringContaining('step 41 of 80: loss NaN') as string,
  });
  expect(curve).toHaveLength(2);
});

test('one that is cancelled makes its product of the best checkpoint', async () => {
  const id = await create('long-one');
  const executed = execute(id);
  const step = async () => (await api.training.get({ id })).progress?.step;
  await expect.poll(step, { timeout: 20_000 }).toBe(40);
  await api.training.cancel({ id });
  expect(await executed).toBe('cancelled');
  const { product, ending } = await api.training.get({ id });
  expect({ finished: product?.finished, ending }).toEqual({ finished: false, ending: true });
});

test('it gives way to a run that waits, and to a worker that stops, and costs no attempt', async () => {
  const id = await create('waits-one');
  const run = await createRun({ db: database.db, queue }, smallSpec, 'web');
  expect(await execute(id)).toBe('queued');
  await database.db.run.update({ where: { id: run.id }, data: { state: 'done' } });
  expect(await execute(id, AbortSignal.abort())).toBe('queued');
  const row = await database.db.training.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ state: 'queued', attempts: 0, product: null });
  await api.training.cancel({ id });
  expect((await api.training.get({ id })).state).toBe('cancelled');
});

test('a process that dies three times is given up, with how it ended', async () => {
  const id = await create('dies-one');
  expect([await execute(id), await execute(id), await execute(id)]).toEqual([
    'queued',
    'queued',
    'lost',
  ]);
  expect((await api.training.get({ id })).reason).toMatch(/ended with code 3/);
});

test('a training whose worker is gone is found and can be taken over', async () => {
  const id = await create('good-orphan');
  const long = new Date(Date.now() - 60_000);
  const gone = { state: 'running', claimId: 'gone', heartbeatAt: long };
  await database.db.training.update({ where: { id }, data: gone });
  expect(await findForgottenTrainings(database.db)).toContain(id);
  expect(await execute(id)).toBe('done');
});

test('what cannot be trained is refused with the field or the name', async () => {
  await create('taken-one');
  await expect(create('taken-one')).rejects.toThrow(/name "taken-one" is taken/);
  await expect(create('minilm-2l-imdb')).rejects.toThrow(/is taken/);
  const ask = (part: Partial<DistillRequest>) =>
    api.training.create({ ...request('x-y'), ...part });
  await expect(ask({ teacher: 'nobody' })).rejects.toThrow(/teacher "nobody" is no model here/);
  await expect(ask({ teacher: 'minilm-2l-imdb-quad-2quad' })).rejects.toThrow(/student itself/);
  await expect(ask({ trainRows: 0 })).rejects.toThrow(/trainRows/);
  await expect(api.training.get({ id: 't-aaaaaaaaaaaa' })).rejects.toThrow(/no training/);
});
