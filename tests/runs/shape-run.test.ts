/**
 * A real run of a model of which only the shape is true: processes and TCP, seeded weights and inputs;
 * costs as computed before, outputs as in the clear, and nowhere an accuracy, a label or a sample.
 */
import { expect, test } from 'vitest';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { measuredOf } from '../../server/cli/measured.ts';
import { resultTable } from '../../server/cli/result-table.ts';
import { createPermalink } from '../../server/permalinks/create-permalink.ts';
import { readArtifact } from '../../server/runs/artifacts.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { listRuns, readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallShapeSpec } from '../support/specs.ts';

const database = useDatabase();

/** Every field of an object, however deep, as dotted paths with their values. */
function fieldsOf(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, `${path}.${key}`));
}

/** Whatever would be an accuracy, an agreement or a label must be null or empty. */
function expectNoJudgement(view: unknown): void {
  const judging = fieldsOf(view).filter(([path]) =>
    /accuracy|disagreement|agreement|label|correct|excerpt|plaintext/i.test(path),
  );
  expect(judging.filter(([, value]) => value !== null)).toEqual([]);
}

test('ViT-Lite on two parties and a dealer', async () => {
  const spec = {
    ...smallShapeSpec,
    protocol: { variant: 'additive/fast', ring: { bits: 64, fractionBits: 18 } },
  } as const;
  const context = { db: database.db, queue: rememberingQueue() };
  const { id } = await createRun(context, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  const { headline, prediction } = run;
  if (headline === null) throw new Error('no result');

  expect(prediction?.agrees).toBe(true);
  expect(headline.rounds).toBe(prediction?.rounds);
  expect(headline.onlineBytesSent).toEqual(prediction?.onlineBytesSent);
  expect(headline.dealerBytes).toBe(prediction?.dealerBytes);
  expect(headline.dealerBytes).toBeGreaterThan(0);
  // Ten classes, so that ten numbers are compared and ten revealed.
  expect(run.reveals).toEqual([
    expect.objectContaining({ to: 'owner', values: 10, inferences: 1 }),
  ]);
  expect(headline.maxLogitError.protocol).toBeGreaterThan(0);
  expect(headline.maxLogitError.protocol).toBeLessThan(0.01);
  expect(headline.meanLogitError).toBeGreaterThan(0);
  expect(headline.meanLogitError).toBeLessThanOrEqual(
    headline.maxLogitError.protocol ?? Number.NaN,
  );

  expect(run.warnings).toEqual(['randomWeights']);
  expect(headline).toMatchObject({ samples: 1, accuracy: null, disagreement: null });
  expect(headline.maxLogitError.approximation).toBeNull();
  expect(run).toMatchObject({ labels: [], samples: [] });
  expect(await database.db.sample.count({ where: { runId: id } })).toBe(0);

  const { runs } = await listRuns(database.db, { model: 'vit_7_4_32' }, 10);
  const artifact = JSON.parse((await readArtifact(database.db, id, 'run.json')).text) as RunDetail;
  expect(artifact.warnings).toEqual(['randomWeights']);
  await createPermalink(database.db, id);
  const permalink = await database.db.permalink.findFirstOrThrow({ where: { runId: id } });
  for (const view of [run, runs, artifact, measuredOf(run), JSON.parse(permalink.snapshot)]) {
    expectNoJudgement(view);
  }
}, 60_000);

test('one block of LLaMA with uniform weights: no setup, little memory, nothing compared', async () => {
  const spec = {
    ...smallShapeSpec,
    model: 'llama-7b-block',
    sequenceLength: 4,
    approximations: { gelu: 'even', softmax: 'exponential' },
    protocol: {
      variant: 'replicated/fast',
      ring: { bits: 64, fractionBits: 18 },
      weights: 'uniform',
    },
  } as const;
  const context = { db: database.db, queue: rememberingQueue() };
  const { id } = await createRun(context, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  expect(run.prediction?.agrees).toBe(true);
  expect(run.warnings).toEqual(['uniformWeights']);
  expect(run.headline).toMatchObject({
    accuracy: null,
    disagreement: null,
    maxLogitError: { protocol: null, approximation: null },
    meanLogitError: null,
    setupBytes: 0,
  });
  // The weights alone would be 3.2 GB for each party.
  expect(run.headline?.peakRssBytes).toBeLessThan(0.7e9);
  expect(run).toMatchObject({ labels: [], samples: [] });
  expectNoJudgement(run);
  const table = resultTable(run);
  expect(table).toMatch(/NOTE +Uniform weights: timing only/);
  expect(table).toMatch(/outputs +mean nothing, compared with nothing/);
  const artifact = JSON.parse((await readArtifact(database.db, id, 'run.json')).text) as RunDetail;
  expect(artifact.warnings).toEqual(['uniformWeights']);
}, 120_000);
