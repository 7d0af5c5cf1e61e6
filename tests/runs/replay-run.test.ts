/** A real run leaves a recording that can be replayed: two parties over an emulated link. */
import { expect, test } from 'vitest';
import { readRecording } from '../../server/network/replay/codec.ts';
import type { RecordingsFile } from '../../server/network/replay/replay-file.ts';
import { recordingsArtifact } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { timeParts, whereTime } from '../../server/network/replay/where-time.ts';
import { readArtifact } from '../../server/runs/artifacts.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { executeRun } from '../../server/runs/execute-run.ts';
import { claimRun } from '../../server/runs/lifecycle.ts';
import { readReplay } from '../../server/runs/read-replay.ts';
import { readDetail } from '../../server/runs/views.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec } from '../support/specs.ts';

const database = useDatabase();

test('the recording of a real run: complete, small, and slower on a slower link', async () => {
  const network = {
    name: 'test',
    backend: 'inline' as const,
    bitsPerSecond: 1e9,
    rttMs: 4,
    topology: 'pair' as const,
  };
  const spec = { ...smallAdditiveSpec, network };
  const { db } = database;
  const { id } = await createRun({ db, queue: rememberingQueue() }, spec, 'cli');
  const claim = await claimRun(db, id);
  if (claim === null) throw new Error('the run could not be claimed');
  const outcome = await executeRun(database, claim, { stop: new AbortController().signal });
  const run = await readDetail(db, id);
  expect(outcome, run.reason ?? '').toBe('done');

  const file = await readReplay(db, id);
  if (file === null) throw new Error('no replay was kept');
  expect(JSON.stringify(file).length).toBeLessThan(300_000);
  expect(file.samples).toBe(2);
  expect(file.residual.n).toBe(2);
  const recording = readRecording(file.recording);
  expect(recording.roles.map(({ role }) => role)).toEqual([0, 1]);
  const at = (rttMs: number): number =>
    replay(recording, { link: { ...file.link, rttMs }, cores: Infinity }).latencyMs;
  // Every round is at least one way of the link, and all else stays.
  const rounds = run.headline?.rounds ?? 0;
  expect(at(40) - at(4)).toBeGreaterThan(rounds * 17.9);
  expect(at(4)).toBeGreaterThan(rounds * 2);
  // What the parties spent in computing, they spend in the replay.
  const where = whereTime(recording, replay(recording, { link: file.link, cores: Infinity }));
  for (const { ms } of where.roles) {
    expect(timeParts.reduce((sum, part) => sum + ms[part], 0)).toBeCloseTo(where.latencyMs, 6);
  }
  expect(timeParts.reduce((sum, part) => sum + where.criticalMs[part], 0)).toBeCloseTo(
    where.latencyMs,
    6,
  );
  expect(where.rows.some(({ op, ms }) => op === 'matmul' && ms.compute > 0)).toBe(true);

  // The dealer has its part in the offline phase: party 0 asks it, and then tells party 1 to begin.
  const { offline } = file;
  if (offline === undefined) throw new Error('no offline phase was kept');
  const dealt = readRecording(offline.recording);
  expect(dealt.roles.map(({ role }) => role)).toEqual([0, 1, 'dealer']);
  expect(offline.residual.n).toBe(2);
  const dealing = (rttMs: number): number =>
    replay(dealt, { link: { ...file.link, rttMs }, cores: Infinity }).latencyMs;
  // The request, what is dealt, the word to party 1: three ways at least.
  expect(dealing(4)).toBeGreaterThan(6);
  expect(dealing(40) - dealing(4)).toBeGreaterThan(53.9);
  const parts = whereTime(dealt, replay(dealt, { link: file.link, cores: Infinity }));
  expect(parts.rows.some(({ role, ms }) => role === 'dealer' && ms.compute > 0)).toBe(true);

  const packed = await readArtifact(db, id, recordingsArtifact);
  expect(packed.name).toBe('recordings.json');
  const all = JSON.parse(packed.text) as RecordingsFile;
  expect(all.inferences.map(({ index }) => index)).toEqual([0, 1]);
  for (const { offline: kept } of all.inferences) expect(kept?.measuredMs).toBeGreaterThan(6);
  // By place, of all of them: what is missing to the latency was waited before the first operation.
  const latencies = all.inferences.map(
    ({ recording: compact }) =>
      replay(readRecording(compact), { link: file.link, cores: Infinity }).latencyMs,
  );
  const meanMs = latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
  const online = run.operations.filter(({ phase }) => phase === 'online');
  const byPlace = online.reduce(
    (sum, { replayed }) => sum + (replayed?.computeMs ?? NaN) + (replayed?.waitMs ?? NaN),
    0,
  );
  expect(byPlace).toBeLessThan(meanMs * 1.000001);
  expect(byPlace).toBeGreaterThan(meanMs * 0.8);
  // The traces are not made larger by it.
  const trace = await readArtifact(db, id, 'trace-party-0.json');
  expect(trace.text).not.toContain('timeline');
  expect((await readArtifact(db, id, 'trace-dealer.json')).text).not.toContain('timeline');
});
