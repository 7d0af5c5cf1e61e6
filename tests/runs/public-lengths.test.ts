/** `length: public`: a run of processes computes only the tokens there are, says so, and is priced by them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { normaliseSpec } from '../../server/api/schemas/run-spec.ts';
import { warningsOf } from '../../server/api/schemas/warnings.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { dealAhead } from '../../server/runs/deal-ahead.ts';
import { listStock } from '../../server/runs/dealt-stock.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { previewRun } from '../../server/runs/preview-run.ts';
import { priceOf } from '../../server/runs/price.ts';
import { lengthsOfSpec, longestByBatch, middleLength } from '../../server/runs/public-lengths.ts';
import { termsOf } from '../../server/runs/role-main.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { readDetail } from '../../server/runs/views.ts';
import { addDataset } from '../../server/zoo/add-dataset.ts';
import { addModel } from '../../server/zoo/add-model.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { configs, hubFolder } from '../support/tiny-classifier.ts';

const before = process.env['PARLEY_DATA'];
let room = '';
const database = useDatabase();

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-lengths-'));
  const data = join(room, 'data');
  process.env['PARLEY_DATA'] = data;
  const folder = await hubFolder(join(room, 'bert'), { config: configs.bert });
  const origin = { title: 'me/bert', source: 'a folder' };
  await addModel(folder, { id: 'me--bert', dataFolder: data, origin });
  const file = join(room, 'rows.csv');
  const film = (count: number) => Array<string>(count).fill('film').join(' ');
  const rows = [`${film(6)},1`, 'bad,0', `good ${film(1)},1`, `bad ${film(3)},0`, 'good,1'];
  await writeFile(file, `text,label\n${rows.join('\n')}\n`);
  const card = { title: 'Rows', licence: 'CC0', origin: 'file rows.csv', most: 10 };
  await addDataset(file, { id: 'rows', dataFolder: data, ...card });
});
afterAll(async () => {
  if (before === undefined) delete process.env['PARLEY_DATA'];
  else process.env['PARLEY_DATA'] = before;
  await rm(room, { recursive: true });
});

const hidden: RunSpec = {
  ...smallSpec,
  model: 'me--bert',
  dataset: { id: 'rows', samples: 5 },
  sequenceLength: 12,
  protocol: { variant: 'additive/fast', ring: { bits: 64, fractionBits: 18 } },
  measurement: { batchSize: 2, repeats: 2 },
};
const open: RunSpec = { ...hidden, length: 'public' };

async function run(spec: RunSpec) {
  const { id } = await createRun({ db: database.db, queue: rememberingQueue() }, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const detail = await readDetail(database.db, id);
  expect(outcome, detail.reason ?? '').toBe('done');
  return detail;
}

test('a batch is padded to its longest text, and the middle one is what costs are stated for', () => {
  expect(longestByBatch([8, 3, 4, 6, 3], 2)).toEqual([8, 6, 3]);
  expect(middleLength([8, 6, 3], [2, 2, 1])).toBe(6);
  expect(middleLength([5, 9, 7], [1, 1, 1])).toBe(7);
});

test('hidden is the default and no part of a spec; public is, and is said', async () => {
  expect(normaliseSpec({ ...hidden, length: 'hidden' })).not.toHaveProperty('length');
  expect(normaliseSpec(open)).toHaveProperty('length', 'public');
  expect(warningsOf(open)).toEqual(['publicLength']);
  expect(await lengthsOfSpec(hidden)).toBeUndefined();
  expect(await lengthsOfSpec(open)).toHaveLength(3);
});

test('is refused where every sample has as many tokens', async () => {
  const shape = {
    ...open,
    model: 'vit_7_4_32',
    dataset: { id: 'random', samples: 1 },
    sequenceLength: 65,
    measurement: { batchSize: 1, repeats: 1 },
  };
  const [issue] = await choiceIssues(shape);
  expect(issue?.message).toMatch(/length.*random inputs of vit_7_4_32 are all of one length/);
  const { issues } = await checkSpec({ ...open, length: 'secret' });
  expect(issues[0]?.message).toMatch(/length.*"hidden" or "public"/);
});

test('all roles have to be told the same lengths', async () => {
  const plan = planOfSpec(open, await modelConfigOf(open.model));
  const lengths = await lengthsOfSpec(open);
  const terms = (told: readonly number[] | undefined) =>
    Buffer.from(termsOf(sessionOf(open, plan, [2, 2, 1], told)).planHash).toString('hex');
  expect(sessionOf(open, plan, [2, 2, 1], lengths).lengths).toHaveLength(6);
  expect(new Set([terms(lengths), terms([1, 1, 1]), terms(undefined)]).size).toBe(3);
});

test('a real run: secure = clear, declared = measured, fewer bytes, and the lengths are told', async () => {
  const [shown, padded] = [await run(open), await run(hidden)];
  const lengths = (await lengthsOfSpec(open)) ?? [];
  const [first = 0, second = 0] = lengths;
  // Two full batches of different lengths; the third has one text.
  expect(first).not.toBe(second);
  const stated = Math.min(first, second);
  expect(shown.headline?.lengths).toEqual({ byBatch: lengths, stated });
  expect(padded.headline?.lengths).toBeUndefined();
  // Each inference was held to the price of its own length; the headline has that of the middle.
  expect(shown.prediction?.agrees).toBe(true);
  const { cost } = await priceOf(open);
  expect(shown.headline?.onlineBytesSent).toEqual(cost.onlineBytesSent);
  expect(shown.headline?.totalBytesSent).toBeLessThan(padded.headline?.totalBytesSent ?? 0);
  const rows = await database.db.repeat.findMany({
    where: { runId: shown.id },
    orderBy: [{ repeat: 'asc' }, { batch: 'asc' }],
  });
  const bytes = rows.map(({ onlineBytes }) => Number(onlineBytes));
  const [shorter = 0, longer = 1] = first < second ? [0, 1] : [1, 0];
  expect(bytes[shorter]).toBeLessThan(0.9 * (bytes[longer] ?? 0));
  expect(bytes.slice(3)).toEqual(bytes.slice(0, 3));
  expect(shown.headline?.maxLogitError.protocol).toBeLessThan(0.05);
  expect(shown.samples).toHaveLength(5);
  expect(shown.reveals.find(({ path }) => path === 'input')).toMatchObject({
    to: 'everybody',
    values: 6,
    inferences: 6,
  });
  expect(padded.reveals.map(({ path }) => path)).toEqual(['reveal']);
  const preview = await previewRun(database.db, open);
  expect(preview.prediction?.onlineBytesSent).toEqual(cost.onlineBytesSent);
  expect(preview.warnings).toEqual(['publicLength']);
});

test('dealt ahead of time for these lengths: used by a run that has them, and by no other', async () => {
  const asked: RunSpec = { ...open, measurement: { batchSize: 2, repeats: 1 } };
  const plan = planOfSpec(asked, await modelConfigOf(asked.model));
  const lengths = await lengthsOfSpec(asked);
  const stock = await dealAhead({
    dataFolder: dataFolder(),
    spec: asked,
    session: sessionOf(asked, plan, [2, 2, 1], lengths),
    signal: new AbortController().signal,
  });
  await run({ ...hidden, measurement: asked.measurement });
  expect(listStock(dataFolder()).map(({ id }) => id)).toEqual([stock.id]);
  const used = await run(asked);
  expect(listStock(dataFolder())).toEqual([]);
  expect(used.prediction?.agrees).toBe(true);
  expect(used.headline?.dealerBytes).toBe((await priceOf(asked)).cost.dealerBytes);
});
