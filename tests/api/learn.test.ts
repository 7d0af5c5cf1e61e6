/** What the pages that explain protocols are given, and the frozen copies that a run page lists. */
import { createCaller } from '../../server/api/root.ts';
import { needsCorrelations } from '../../server/api/schemas/run-spec.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { describe, expect, test } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

describe('learn', () => {
  test('every variant that a run can name is there with its threat models', async () => {
    const entries = await api.learn.protocols();
    expect(entries.map(({ id }) => id)).toEqual([
      ...variantDescriptions.map(({ id }) => id),
      'clear',
    ]);
    for (const { id, threats } of entries) {
      const dealt = id !== 'clear' && needsCorrelations(id as never);
      expect(threats.map(({ correlations }) => correlations)).toEqual(
        dealt ? ['dealer', 'insecureFirstParty'] : [null],
      );
    }
  });

  test('every variant has its operations, with the unit of a cost per element', async () => {
    const { rows, environment } = await api.learn.operations();
    expect(new Set(rows.map(({ variant }) => variant))).toEqual(
      new Set(variantDescriptions.map(({ id }) => id)),
    );
    const of = (op: string, variant: string) =>
      rows.find((row) => row.op === op && row.variant === variant);
    expect(of('mul', 'replicated/aby3')).toMatchObject({
      shape: '1',
      elements: 1,
      bytesSentTotal: 24,
      dealerBytes: 0,
    });
    expect(of('softmax', 'additive/crypten')).toMatchObject({ shape: '1x32', elements: 32 });
    expect(of('matmul', 'additive/crypten')?.elements).toBeNull();
    expect(rows.filter(({ dealerBytes }) => dealerBytes > 0).length).toBeGreaterThan(0);
    expect(environment['date']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

test('the frozen copies of a run are listed until they are taken back', async () => {
  const { id } = await api.runs.create(smallSpec);
  await api.runs.cancel({ id });
  expect(await api.permalinks.list({ runId: id })).toEqual([]);
  const { slug, path, contentHash } = await api.permalinks.create({ runId: id });
  const listed = await api.permalinks.list({ runId: id });
  expect(listed).toMatchObject([{ slug, path, contentHash }]);
  expect(Object.keys(listed[0] ?? {}).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'contentHash',
    'createdAt',
    'expiresAt',
    'path',
    'slug',
  ]);
  const other = await api.runs.create(smallSpec);
  expect(await api.permalinks.list({ runId: other.id })).toEqual([]);
  await api.permalinks.revoke({ slug });
  expect(await api.permalinks.list({ runId: id })).toEqual([]);
});
