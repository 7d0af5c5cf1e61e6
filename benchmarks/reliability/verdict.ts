/** What must hold of a run after a fault, read from the database and the data folder alone. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endStates } from '../../server/api/schemas/run-view.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Database } from '../../server/db/client.ts';
import { sha256 } from '../../server/runs/spec-hash.ts';
import { readFileSync } from 'node:fs';
import { rolesAlive } from './victims.ts';

/** Sentences that say what is wrong; empty when all is well. The run must have ended. */
export async function wrongsOf(
  db: Database,
  runId: string,
  spec: RunSpec,
  dataFolder: string,
): Promise<string[]> {
  const run = await db.run.findUnique({
    where: { id: runId },
    include: {
      repeats: true,
      parties: true,
      operations: true,
      samples: true,
      artifacts: true,
      events: true,
    },
  });
  if (run === null) return ['the run was acknowledged and is gone'];
  const wrongs: string[] = [];
  const must = (ok: boolean, sentence: string): void => {
    if (!ok) wrongs.push(sentence);
  };
  must(endStates.includes(run.state), `it is ${run.state} and has not ended`);
  if (run.state === 'done') {
    const parties = spec.protocol.variant.startsWith('additive/') ? 2 : 3;
    const batches = Math.ceil(spec.dataset.samples / spec.measurement.batchSize);
    must(run.headline !== null, 'it is done without a headline');
    must(run.parties.length === parties, `it is done with ${run.parties.length} parties`);
    must(
      run.repeats.length === batches * spec.measurement.repeats,
      'it is done with too few inferences',
    );
    must(run.operations.length > 0, 'it is done without operations');
    must(run.samples.length === spec.dataset.samples, 'it is done with too few samples');
    // The secure logits of a run that was tried again must be of that try, whole and right.
    for (const { position, clearLogits, secureLogits } of run.samples) {
      const far = secureLogits.some(
        (value, i) => Math.abs(value - (clearLogits[i] ?? Number.NaN)) > 0.05,
      );
      must(
        secureLogits.length === clearLogits.length && !far,
        `sample ${position} is not what clear says`,
      );
    }
  } else {
    must(run.headline === null && run.accuracy === null, `it is ${run.state} and shows numbers`);
    must((run.reason ?? '') !== '', `it is ${run.state} without a reason`);
  }
  const seqs = run.events.map(({ seq }) => seq).toSorted((a, b) => a - b);
  must(
    seqs.every((seq, i) => i === 0 || seq === (seqs[i - 1] ?? 0) + 1),
    'its log has a hole',
  );
  for (const { path, sha256: hash } of run.artifacts) {
    const file = join(dataFolder, 'blobs', path);
    must(
      existsSync(file) && sha256(readFileSync(file)) === hash,
      `${path} is not what its row says`,
    );
  }
  must(rolesAlive(dataFolder).length === 0, 'a process of a run is still alive');
  const left = existsSync(join(dataFolder, 'runs')) ? readdirSync(join(dataFolder, 'runs')) : [];
  must(
    left.every((name) => !name.startsWith(runId)),
    'its private folder is still there',
  );
  return wrongs;
}
