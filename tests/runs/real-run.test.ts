/** The shortest real run: three party processes and an owner over TCP, real weights, real reviews. */
import { expect, test, vi } from 'vitest';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();

test('two repeats of three reviews: logits near the clear twin, cost as computed', async () => {
  const spec = {
    ...smallSpec,
    dataset: { ...smallSpec.dataset, samples: 3 },
    measurement: { batchSize: 2, repeats: 2 },
  };
  const context = { db: database.db, queue: rememberingQueue() };
  const { id } = await createRun(context, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  const { headline, prediction } = run;
  expect(prediction?.agrees).toBe(true);
  expect(headline?.rounds).toBe(prediction?.rounds);
  expect(headline?.maxLogitError.protocol).toBeLessThan(0.05);
  expect(headline?.disagreement?.withClear).toBe(0);
  expect(headline?.onlineMs.n).toBe(1);
  expect(await database.db.repeat.count({ where: { runId: id } })).toBe(4);
  expect(run.samples).toHaveLength(3);
  expect(run.operations.every(({ bytesSent }) => bytesSent.length === 3)).toBe(true);
  const sent = (phase: string) =>
    run.operations
      .filter((row) => row.phase === phase)
      .reduce((sum, { bytesSent }) => sum + bytesSent.reduce((a, b) => a + b, 0), 0);
  expect(sent('online')).toBe(headline?.onlineBytesSent.reduce((a, b) => a + b, 0));
  // Computing and waiting are those of one party: all places together, no more than the inference took.
  const spentMs = run.operations
    .filter(({ phase }) => phase === 'online')
    .reduce((total, { computeMs, waitMs }) => total + computeMs + waitMs, 0);
  expect(spentMs).toBeGreaterThan(0);
  expect(spentMs).toBeLessThanOrEqual(headline?.onlineMs.max ?? 0);
  // Two repeats of three reviews with two logits each, and nothing else.
  expect(run.reveals).toEqual([
    expect.objectContaining({ path: 'reveal', to: 'owner', values: 12, inferences: 4 }),
  ]);
  expect(run.environment['kernels']).toMatch(/native|wasm/);
  expect(run.linkVerdict).toBe('met');
});

test('a run with kernels whose time depends on secrets fails before anything is shared', async () => {
  vi.stubEnv('PARLEY_KERNELS', 'reference');
  try {
    const { id } = await createRun(
      { db: database.db, queue: rememberingQueue() },
      smallSpec,
      'cli',
    );
    const claim = await claimRun(database.db, id);
    if (claim === null) throw new Error('the run could not be claimed');
    expect(await executeRun(database, claim, { stop: new AbortController().signal })).toBe(
      'failed',
    );
    const { state, reason, artifacts } = await readDetail(database.db, id);
    expect(state).toBe('failed');
    expect(reason).toMatch(
      /^(Party \d|The owner) failed: a run refuses PARLEY_KERNELS=reference: its time depends on secret values; unset it, or set it to native or wasm\.$/,
    );
    expect(artifacts.map(({ name }) => name)).not.toContain('trace-party-0.json');
  } finally {
    vi.unstubAllEnvs();
  }
});
