/** Runs stored before the results' columns were: the migration fills in what the server would have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import type { Prisma } from '../../server/db/client.ts';
import { useDatabase } from '../support/database.ts';
import { cryptenSpec, dealtRun, doneRun, pumaSpec, shapeRun } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();

/** The statements of the migration that fill in values. */
async function fillIn(): Promise<void> {
  const file = join('prisma', 'migrations', '20261123010000_results', 'migration.sql');
  const statements = (await readFile(file, 'utf8'))
    .split(';')
    .map((statement) => statement.replaceAll(/^--.*$/gm, '').trim())
    .filter((statement) => statement.startsWith('UPDATE'));
  expect(statements).toHaveLength(2);
  for (const statement of statements) await database.db.$executeRawUnsafe(statement);
}

test('equals what is stored today, for every kind of run', async () => {
  const { db } = database;
  await storeRuns(db, [
    { id: 'done', spec: doneRun.spec, headline: doneRun.headline },
    { id: 'dealt', spec: dealtRun.spec, headline: dealtRun.headline },
    { id: 'shape', spec: shapeRun.spec, headline: shapeRun.headline },
    { id: 'waits', spec: pumaSpec, headline: null },
    {
      id: 'insecure',
      spec: {
        ...cryptenSpec,
        protocol: { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' },
        seed: { kind: 'insecure', value: 'x' },
      },
      headline: dealtRun.headline,
    },
  ]);
  const runs = () => db.run.findMany({ orderBy: { id: 'asc' } });
  const specs = () => db.spec.findMany({ orderBy: { hash: 'asc' } });
  const [runsBefore, specsBefore] = [await runs(), await specs()];
  await db.run.updateMany({
    data: {
      accuracy: null,
      plaintextAccuracy: null,
      onlineMs: null,
      onlineMsPerSample: null,
      offlineMs: null,
      totalMs: null,
      onlineBytes: null,
      totalBytes: null,
      dealerBytes: null,
      rounds: null,
      peakRssBytes: null,
      unlikePlaintext: null,
      protocolError: null,
    },
  });
  await db.spec.updateMany({
    data: { gelu: '', softmax: '', samples: 0, network: '', rttMs: -1, correlations: null },
  });
  expect(await runs()).not.toEqual(runsBefore);
  await fillIn();
  expect(await runs()).toEqual(runsBefore);
  expect(await specs()).toEqual(specsBefore);
});

test('reads headlines from before there were dealers', async () => {
  const { db } = database;
  const {
    totalMs: _total,
    dealerBytes: _dealer,
    totalBytesSent: _sent,
    ...old
  } = doneRun.headline as Headline;
  const [id = ''] = await storeRuns(db, [{ spec: pumaSpec, headline: doneRun.headline }]);
  await db.run.update({
    where: { id },
    data: {
      headline: old as unknown as Prisma.InputJsonValue,
      totalMs: null,
      dealerBytes: null,
      totalBytes: null,
    },
  });
  await fillIn();
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  expect(await db.run.findUnique({ where: { id } })).toMatchObject({
    totalMs: old.onlineMs.median,
    dealerBytes: 0n,
    totalBytes: BigInt(sum(old.onlineBytesSent) + sum(old.offlineBytesSent)),
  });
});
