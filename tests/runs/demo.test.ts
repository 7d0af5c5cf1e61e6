/** Shipped runs: which are made, that a file of them comes back whole, and that nothing counts them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { variantIds } from '../../server/api/schemas/run-spec.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { readDemo, writeDemo, type DemoRun } from '../../server/demo/demo-file.ts';
import { demoSpecs } from '../../server/demo/demo-specs.ts';
import { hideDemo } from '../../server/demo/hide-demo.ts';
import { loadDemo } from '../../server/demo/load-demo.ts';
import { makeDemo, priceDemo } from '../../server/demo/make-demo.ts';
import { findIds, readRows } from '../../server/results/list-results.ts';
import { compactRecording } from '../../server/network/replay/codec.ts';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { readReplay } from '../../server/runs/read-replay.ts';
import { recordingFrom } from '../network/replay-support.ts';
import { ownEnvironment } from '../../server/runs/calibration/rates-store.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { queueFirstRun } from '../../server/runs/first-run.ts';
import { figureColumns } from '../../server/runs/listing-columns.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const queue = rememberingQueue();
let folder = '';
let demo: DemoRun;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  const file = join(
    import.meta.dirname,
    '../../benchmarks/results/runs/semi2k-minilm2-imdb-lan.json',
  );
  const run = JSON.parse(await readFile(file, 'utf8')) as RunDetail;
  const repeat = { repeat: 0, batch: 0, size: 1, onlineMs: 1, offlineMs: 2, rounds: 3 };
  demo = { run, repeats: [{ ...repeat, onlineBytes: 4, offlineBytes: 5 }] };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const written = async (): Promise<string> => {
  const path = join(folder, 'demo.json.gz');
  await writeDemo({ version: 1, machine: 'test', commit: 'abc', runs: [demo] }, path);
  return path;
};

describe('the list', () => {
  test('has about 60 different specs, each of which can be run here', async () => {
    const specs = demoSpecs();
    expect(specs.length).toBeGreaterThanOrEqual(55);
    expect(specs.length).toBeLessThanOrEqual(70);
    expect(new Set(specs.map((spec) => hashSpec(spec).hash)).size).toBe(specs.length);
    for (const spec of specs) expect((await checkSpec(spec)).issues).toEqual([]);
  });

  test('has every variant with both models, over at least three networks', () => {
    const specs = demoSpecs();
    for (const variant of variantIds) {
      const own = specs.filter(({ protocol }) => protocol.variant === variant);
      expect(new Set(own.map(({ model }) => model)).size).toBe(2);
      expect(new Set(own.map(({ network }) => network.name)).size).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('the file', () => {
  test('comes back as it was, without words of the data set', async () => {
    const back = await readDemo(await written());
    const [only] = back?.runs ?? [];
    expect(only?.run.headline).toEqual(demo.run.headline);
    expect(only?.run.operations).toEqual(demo.run.operations);
    expect(only?.repeats).toEqual(demo.repeats);
    expect(only?.run.samples.map(({ excerpt }) => excerpt).join('')).toBe('');
  });

  test('one that is not there ships nothing, one that is none says so', async () => {
    expect(await readDemo(join(folder, 'absent.gz'))).toBeNull();
    const path = join(folder, 'broken.gz');
    await writeFile(path, 'hello');
    await expect(readDemo(path)).rejects.toThrow(/broken\.gz is no file of demo runs/);
  });
});

describe('loaded', () => {
  const context = () => ({ db: database.db, queue });

  test('once, marked as shipped, with its machine, commit and date', async () => {
    const path = await written();
    expect(await loadDemo(database.db, path)).toBe(1);
    expect(await loadDemo(database.db, path)).toBe(0);
    const [row] = await readRows(database.db, [demo.run.id]);
    expect(row).toMatchObject({
      shipped: true,
      provenance: 'measured',
      state: 'done',
      createdAt: demo.run.createdAt,
      commit: demo.run.environment['commit'],
      linkVerdict: demo.run.linkVerdict,
    });
    const detail = await readDetail(database.db, demo.run.id);
    expect(detail.shipped).toBe(true);
    expect(detail.operations).toEqual(demo.run.operations);
    expect(detail.parties).toEqual(demo.run.parties);
    expect((await findIds(database.db, 'is:shipped')).ids).toEqual([demo.run.id]);
  });

  test('is not among the runs of this installation, and does not stand for its first one', async () => {
    const api = createCaller(() => ({ connection: database, queue }));
    expect((await api.runs.list()).runs).toEqual([]);
    const preview = await api.runs.preview(demo.run.spec);
    expect(preview).toMatchObject({ identicalRunIds: [], earlierWallMs: null });
    expect((await api.learn.calibration()).unjudged).toBe(0);
    expect(await queueFirstRun(context())).not.toBeNull();
  });

  test('brings the recording that ships with it, also to a run that came without', async () => {
    expect(await readReplay(database.db, demo.run.id)).toBeNull();
    const replay = {
      version: 1,
      link: { name: 'lan-1g', bitsPerSecond: 1e9, rttMs: 1, overheadFactor: 1, topology: 'pair' },
      matrix: null,
      samples: 1,
      measuredMs: 110,
      machineCores: 4,
      residual: { measuredMs: 110, replayedMs: 110, n: 3, share: 0, cores: null },
      recording: compactRecording(
        recordingFrom([
          { role: 0, steps: [{ compute: 100 }, { send: 1, bytes: 0 }, { receive: 1 }] },
          { role: 1, steps: [{ receive: 0 }, { send: 0, bytes: 0 }] },
        ]),
      ),
    } as unknown as ReplayFile;
    const path = join(folder, 'recorded.json.gz');
    const runs = [{ ...demo, replay }];
    await writeDemo({ version: 1, machine: 'test', commit: 'abc', runs }, path);
    expect((await readDemo(path))?.runs[0]?.replay).toEqual(replay);
    expect(await loadDemo(database.db, path)).toBe(0);
    expect(await readReplay(database.db, demo.run.id)).toEqual(replay);
    const api = createCaller(() => ({ connection: database, queue }));
    expect((await api.notebooks.unrecorded({ ids: [demo.run.id] })).runs).toEqual([]);
  });

  test('is put away and brought back; what comes later follows', async () => {
    expect(await hideDemo(database.db, true)).toEqual({ runs: 1, hidden: 1 });
    expect((await findIds(database.db, 'is:done')).ids).toEqual([]);
    const path = join(folder, 'later.json.gz');
    const later = { ...demo, run: { ...demo.run, id: 'later' } };
    await writeDemo({ version: 1, machine: 'test', commit: 'abd', runs: [demo, later] }, path);
    expect(await loadDemo(database.db, path)).toBe(1);
    expect(await hideDemo(database.db, false)).toEqual({ runs: 2, hidden: 0 });
  });
});

describe('making', () => {
  test('prices first, makes what is missing, and goes on where it was', async () => {
    const context = { db: database.db, queue };
    const specs = [smallSpec, { ...smallSpec, sequenceLength: 9 }];
    const priced = await priceDemo(database.db, specs);
    expect(priced.map(({ runId }) => runId)).toEqual([null, null]);
    expect(priced[0]?.wallMs).toBeGreaterThan(1000);
    const path = join(folder, 'made.json.gz');
    const { headline } = demo.run;
    if (headline === null) throw new Error('the fixture has no headline');
    // The second one fails; the first one is in the file all the same.
    const made = await makeDemo(context, priced, {
      path,
      follow: async (id, index) => {
        const environment = await ownEnvironment();
        const data =
          index === 0
            ? { state: 'done' as const, headline: headline as never, environment }
            : { state: 'failed' as const, reason: 'No luck.' };
        await database.db.run.update({
          where: { id },
          data: { ...data, ...(index === 0 ? figureColumns(headline) : {}) },
        });
      },
    });
    expect(made).toMatchObject({ runs: 1, failed: [{ reason: 'No luck.' }] });
    const file = await readDemo(path);
    expect(file?.runs.map(({ run }) => run.spec)).toEqual([smallSpec]);
    const again = await priceDemo(database.db, specs);
    expect(again.map(({ runId }) => runId)).toEqual([file?.runs[0]?.run.id, null]);
  });
});
