/**
 * Real runs of two parties: with a dealer of its own over emulated links, and with an insecure first
 * party. Real weights, real reviews, processes and TCP; what is sent is what was computed before.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { readArtifact } from '../../server/runs/artifacts.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { dealAhead } from '../../server/runs/deal-ahead.ts';
import { listStock } from '../../server/runs/dealt-stock.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { readDetail } from '../../server/runs/views.ts';
import { measuredOf } from '../../server/cli/measured.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec } from '../support/specs.ts';

const database = useDatabase();

async function perform(spec: RunSpec): Promise<RunDetail> {
  const context = { db: database.db, queue: rememberingQueue() };
  const { id } = await createRun(context, spec, 'cli');
  const claim = await claimRun(database.db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(database.db, id);
  expect(outcome, run.reason ?? '').toBe('done');
  expect(run.prediction?.agrees).toBe(true);
  expect(run.headline?.maxLogitError.protocol).toBeLessThan(0.05);
  expect(run.headline?.disagreement?.withClear).toBe(0);
  return run;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test('with a dealer: its links are shaped, probed and counted, its bytes are offline', async () => {
  const run = await perform({
    ...smallAdditiveSpec,
    network: {
      ...smallAdditiveSpec.network,
      name: 'test',
      backend: 'inline',
      bitsPerSecond: 1e9,
      rttMs: 2,
    },
  });
  const { headline, prediction, operations, linkCheck, dealer } = run;
  if (headline === null || linkCheck === null || dealer === null) throw new Error('no result');
  expect(run.warnings).toEqual([]);
  expect(headline.correlations).toBe('dealer');
  expect(linkCheck.pairs.map(({ link }) => link)).toEqual([
    '0>1',
    '0>dealer',
    '1>0',
    '1>dealer',
    'dealer>0',
    'dealer>1',
  ]);
  for (const { rttMs } of linkCheck.pairs) expect(rttMs.min).toBeGreaterThanOrEqual(2);

  expect(Object.keys(headline.links)).toEqual(['0>1', '1>0', 'dealer>0']);
  expect(headline.links['0>1']).toBe(headline.onlineBytesSent[0]);
  expect(headline.links['dealer>0']).toBe(headline.dealerBytes);
  expect(headline.dealerBytes).toBe(prediction?.dealerBytes);
  expect(headline.dealerBytes).toBeGreaterThan(0);
  expect(headline.totalBytesSent).toBe(sum(headline.onlineBytesSent) + headline.dealerBytes);
  // Operation by operation, too.
  const dealt = operations.filter((row) => row.dealerBytes > 0);
  expect(dealt.length).toBeGreaterThan(10);
  expect(sum(dealt.map((row) => row.dealerBytes))).toBe(headline.dealerBytes);
  for (const row of dealt) {
    expect(row.phase).toBe('offline');
    expect(row.dealerBytes, `${row.path} ${row.op}`).toBe(row.predictedDealerBytes);
  }
  // Two batches of two: what the dealer spent is its own, not a party's.
  expect(dealer.bytesSent).toBe(2 * headline.dealerBytes);
  expect(dealer.cpuMs).toBeGreaterThan(0);
  expect(run.parties.map(({ party }) => party)).toEqual([0, 1]);
  // Time: the offline phase lies before the online one, and both are in the total.
  expect(headline.offlineMs.min).toBeGreaterThan(0);
  expect(headline.totalMs.max).toBeGreaterThan(headline.onlineMs.min);
  const repeats = await database.db.repeat.findMany({ where: { runId: run.id } });
  for (const { offlineBytes, rounds } of repeats) {
    expect(Number(offlineBytes)).toBe(headline.dealerBytes);
    expect(rounds).toBe(headline.rounds);
  }

  expect(run.reveals).toEqual([
    expect.objectContaining({ path: 'reveal', to: 'owner', values: 8, inferences: 2 }),
  ]);
  expect(run.artifacts.map(({ name }) => name)).toContain('trace-dealer.json');
  const artifact = JSON.parse(
    (await readArtifact(database.db, run.id, 'run.json')).text,
  ) as RunDetail;
  expect(artifact).toMatchObject({ headline, dealer, warnings: [] });
  // No file of any role is left, corrections included.
  expect(await readdir(join(database.folder, 'runs'))).toEqual([]);

  const measured = measuredOf(run);
  expect(measured?.perInference).toMatchObject({
    samples: 2,
    rounds: headline.rounds,
    links: headline.links,
    bytesSentPerParty: Math.max(...headline.onlineBytesSent),
    bytesSentTotal: sum(headline.onlineBytesSent),
    dealerBytes: headline.dealerBytes,
  });
  expect(measured?.inAll).toMatchObject({
    samples: 4,
    inferences: 2,
    dealerBytes: dealer.bytesSent,
  });
});

test('with an insecure first party: no dealer, no offline bytes, and a warning wherever it shows', async () => {
  const run = await perform({
    ...smallAdditiveSpec,
    protocol: {
      variant: 'additive/crypten',
      correlations: 'insecureFirstParty',
      ring: { bits: 64, fractionBits: 16 },
    },
  });
  expect(run.warnings).toEqual(['insecureFirstParty']);
  expect(run.dealer).toBeNull();
  expect(run.headline).toMatchObject({
    correlations: 'insecureFirstParty',
    dealerBytes: 0,
    offlineMs: { max: 0 },
  });
  expect(run.linkCheck?.pairs.map(({ link }) => link)).toEqual(['0>1', '1>0']);
  const artifact = (await readArtifact(database.db, run.id, 'run.json')).text;
  expect(JSON.parse(artifact)).toMatchObject({ warnings: ['insecureFirstParty'] });
});

test('dealt ahead of time: the run has no dealer, and uses the stock up', async () => {
  const spec = smallAdditiveSpec;
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const sizes = batchSizesOf(spec.dataset.samples, spec.measurement.batchSize);
  const stock = await dealAhead({
    dataFolder: dataFolder(),
    spec,
    session: sessionOf(spec, plan, sizes),
    signal: new AbortController().signal,
  });
  expect(listStock(dataFolder()).map(({ id }) => id)).toEqual([stock.id]);
  const run = await perform(spec);
  expect(listStock(dataFolder())).toEqual([]);
  expect(run.headline?.dealerBytes).toBe(run.prediction?.dealerBytes);
  expect(run.headline?.offlineMs?.median).toBeGreaterThan(0);
  // No link of a dealer was there to be probed.
  expect(run.linkCheck?.pairs.map(({ link }) => link) ?? []).not.toContain('dealer>0');
});

test('nothing is dealt ahead without a dealer, or from a fixed seed', async () => {
  const plan = planOfSpec(smallAdditiveSpec, await modelConfigOf(smallAdditiveSpec.model));
  const deal = (spec: RunSpec, insecureSeed: string | null, variant: Plan['variant']) =>
    dealAhead({
      dataFolder: dataFolder(),
      spec,
      session: { ...sessionOf(spec, { ...plan, variant }, [1]), insecureSeed },
      signal: new AbortController().signal,
    });
  await expect(deal(smallAdditiveSpec, 'fixed', plan.variant)).rejects.toThrow(/random seed/);
  await expect(deal(smallAdditiveSpec, null, 'replicated/aby3')).rejects.toThrow(/has no dealer/);
});
