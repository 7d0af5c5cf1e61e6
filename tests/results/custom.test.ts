/** `is:custom` finds what customParts of the spec says, and the columns name it. */
import { beforeAll, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import { columns } from '../../server/api/schemas/results-columns.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { customParts } from '../../server/api/schemas/spec-steps.ts';
import { variantIds } from '../../server/api/schemas/spec-ids.ts';
import { fractionBitsOf } from '../../server/api/schemas/spec-steps.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const api = createCaller(async () => ({ connection: database, queue: rememberingQueue() }));

type Protocol = RunSpec['protocol'];
const own = variantIds.map((variant): Protocol => ({
  variant,
  ring: { bits: 64, fractionBits: fractionBitsOf(variant) },
}));
const custom: readonly Protocol[] = [
  ...own.map((protocol): Protocol => ({ ...protocol, ring: { bits: 64, fractionBits: 17 } })),
  ...own.map((protocol): Protocol => ({ ...protocol, comparison: otherComparison(protocol) })),
  { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 }, truncation: 'pair' },
  {
    variant: 'additive/fast',
    ring: { bits: 64, fractionBits: 18 },
    correlations: 'insecureFirstParty',
  },
];

function otherComparison({ variant }: Protocol): 'carryTree' | 'maskedGates' {
  return variant.endsWith('/fast') ? 'carryTree' : 'maskedGates';
}

const specOf = (protocol: Protocol): RunSpec => ({ ...smallSpec, protocol });
let plain: readonly string[] = [];
let changed: readonly string[] = [];

beforeAll(async () => {
  const at = (protocol: Protocol) => ({ spec: specOf(protocol), headline: null });
  plain = await storeRuns(database.db, own.map(at));
  changed = await storeRuns(database.db, custom.map(at));
});

const found = async (q: string): Promise<readonly string[]> => {
  const { ids } = await api.results.ids({ q });
  return ids.toSorted((a, b) => (a < b ? -1 : 1));
};

test('the query finds every custom variant and no other', async () => {
  const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => (a < b ? -1 : 1));
  expect(await found('is:custom')).toEqual(sorted(changed));
  expect(await found('-is:custom')).toEqual(sorted(plain));
  for (const protocol of own) expect(customParts(protocol)).toEqual([]);
  for (const protocol of custom) expect(customParts(protocol)).toHaveLength(1);
});

test('a column says in what it differs, for exports too', () => {
  const column = columns.find(({ id }) => id === 'custom');
  expect(column?.parts.map(({ key }) => key)).toEqual(['custom_settings']);
});
