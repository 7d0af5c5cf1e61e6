/** What replays of runs on other networks say about a run: which runs count, and the number itself. */
import { describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { compactRecording } from '../../server/network/replay/codec.ts';
import { replayArtifact, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { writeArtifact } from '../../server/runs/artifacts.ts';
import { linkOfSpec } from '../../server/runs/link-of-spec.ts';
import { recordingFrom } from '../network/replay-support.ts';
import { headline } from '../support/fixtures.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

const on = (rttMs: number, change: Partial<RunSpec> = {}): RunSpec => ({
  ...smallSpec,
  ...change,
  network: { name: `r${rttMs}`, backend: 'inline', bitsPerSecond: 1e9, rttMs, topology: 'pair' },
});

/** 30 ms of computing, one empty frame there and one back. */
const recording = recordingFrom([
  { role: 0, steps: [{ compute: 30 }, { send: 1, bytes: 0 }, { receive: 1 }] },
  { role: 1, steps: [{ receive: 0 }, { send: 0, bytes: 0 }] },
]);

async function withRecording(id: string, spec: RunSpec): Promise<void> {
  const file: ReplayFile = {
    version: 1,
    link: linkOfSpec(spec.network),
    matrix: null,
    samples: 1,
    measuredMs: 31,
    machineCores: 2,
    residual: { measuredMs: 31, replayedMs: 30.5, n: 1, share: -0.016, cores: null },
    recording: compactRecording(recording),
  };
  await writeArtifact(database.db, id, replayArtifact, JSON.stringify(file));
}

describe('a run', () => {
  test('is foretold by runs that differ in their network alone', async () => {
    const near = on(1);
    const other = on(1, { sequenceLength: 24 });
    const asked = on(100);
    const [nearId = '', otherId = '', againId = '', id = ''] = await storeRuns(database.db, [
      { spec: near, headline },
      { spec: other, headline },
      { spec: asked, headline },
      { spec: asked, headline },
    ]);
    await withRecording(nearId, near);
    await withRecording(otherId, other);
    await withRecording(againId, asked);
    const foretold = await api.runs.foretold({ id });
    expect(foretold).toMatchObject({ measuredMs: headline.onlineMs.median });
    expect(foretold?.from.map(({ runId }) => runId)).toEqual([nearId]);
    const [only] = foretold?.from ?? [];
    expect(only).toMatchObject({ network: near.network, ownShare: -0.016 });
    // 30 ms of computing and a round trip of 100.
    expect(only?.replayedMs).toBeCloseTo(130, 6);
  });

  test('without a result, or that does not exist', async () => {
    const [id = ''] = await storeRuns(database.db, [{ spec: on(3), headline: null }]);
    expect(await api.runs.foretold({ id })).toBeNull();
    await expect(api.runs.foretold({ id: 'nobody' })).rejects.toThrow(/there is no run nobody/);
  });
});
