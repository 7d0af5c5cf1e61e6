/** What Learn > Approximations and Learn > Models are given. */
import { expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { randomWeightsNote } from '../../server/api/schemas/warnings.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

test('an approximation comes with formula, domain, errors, curve and a cost per protocol', async () => {
  const entries = await api.learn.approximations();
  const puma = entries.find(({ key }) => key === 'gelu/puma');
  expect(puma).toMatchObject({ kind: 'gelu', domain: [-12, 12], needsTraining: false });
  expect(puma?.max).toBeLessThan(0.021);
  expect(puma?.curve.x).toHaveLength(241);
  expect(puma?.costs.map(({ variant }) => variant)).toEqual(
    variantDescriptions.map(({ id }) => id),
  );
  const shipped = entries.find(({ key }) => key === 'gelu/crypten-erf');
  expect(shipped?.defect).toContain('Odd powers');
  for (const { formula, curve } of entries) {
    expect(formula).not.toBe('');
    expect(curve.error).toHaveLength(curve.x.length);
  }
});

test('a model is trained with a checksum and a licence, or marked as random with neither', async () => {
  const { models, datasets } = await api.learn.models();
  for (const { licence, sha256, mark, parameters } of models) {
    expect(parameters).toBeGreaterThan(0);
    if (mark === null) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(licence).not.toBeNull();
    } else {
      expect(mark).toBe(randomWeightsNote);
      expect([licence, sha256]).toEqual([null, null]);
    }
  }
  // 124,439,808 in the checkpoint gpt2, whose head is tied.
  expect(models.find(({ id }) => id === 'gpt2')?.parameters).toBe(124_439_808);
  expect(datasets.filter(({ mark }) => mark !== null).map(({ id }) => id)).toEqual(['random']);
});
