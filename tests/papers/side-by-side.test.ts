/** Side by side: which stored runs fill a row, by the rule of the papers' cells. */
import { expect, test } from 'vitest';
import { readSideBySide } from '../../server/papers/side-by-side.ts';
import { sideChoice } from '../../server/papers/side-by-side-specs.ts';
import { useDatabase } from '../support/database.ts';
import { storeRuns, type StoredRun } from '../support/stored-runs.ts';
import { wholeRun } from '../support/whole-run.ts';

const database = useDatabase();
const subject = 'minilm-2l-imdb';

async function ownOfPuma(): Promise<string | null> {
  const { entries } = await readSideBySide(database.db, subject);
  const entry = entries.find(({ method, set }) => method === 'puma' && set === 'own');
  return entry?.own?.id ?? null;
}

test('a row is filled by a whole run of this engine, and by nothing else', async () => {
  const { spec } = sideChoice(subject, 'puma', 'own');
  if (spec === null) throw new Error('PUMA has no spec of its own');
  const { headline: whole, environment } = await wholeRun(spec);
  const store = async (row: Partial<StoredRun>): Promise<string | undefined> =>
    (await storeRuns(database.db, [{ spec, headline: whole, environment, ...row }]))[0];
  expect(await ownOfPuma()).toBeNull();
  await store({ headline: { ...whole, samples: spec.dataset.samples - 1 } });
  await store({ headline: { ...whole, rounds: whole.rounds + 1 } });
  await store({ environment: { ...environment, parley: '0.0.0' } });
  await store({ headline: null, state: 'failed' });
  await store({ shipped: true });
  expect(await ownOfPuma()).toBeNull();
  const id = await store({});
  expect(await ownOfPuma()).toBe(id);
});
