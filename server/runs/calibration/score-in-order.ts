/**
 * Use case: what would have been said of stored runs, each from the ones that had ended before it, and how
 * many lie in that interval. For runs of which nothing was said when they were queued: those that ship,
 * and those from before expectations were kept. Runs of one origin and machine teach one another only.
 * Reads only.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InOrderGroup, InOrderScore } from '../../api/schemas/latency.ts';
import type { RunSpec } from '../../api/schemas/run-spec.ts';
import type { Database } from '../../db/client.ts';
import { median, wilson } from '../statistics.ts';
import { expectFrom } from './predict-latency.ts';
import { machineName, readRates, type StoredRates } from './rates-store.ts';
import { mostRuns, type EarlierRun } from './record.ts';

/** The newest of a group are judged; the ones before them have long stopped to teach them. */
const mostJudged = 200;

interface StoredRun extends EarlierRun {
  readonly startedAtMs: number;
  readonly variant: string;
}

interface Group {
  readonly shipped: boolean;
  readonly machine: string;
  readonly runs: StoredRun[];
}

/** The runs that had ended when this one started: the latest of its variant and the latest of all. */
function recordAt(run: StoredRun, ended: readonly StoredRun[]): readonly StoredRun[] {
  const before = ended.filter(({ finishedAtMs }) => finishedAtMs <= run.startedAtMs);
  const newest = before.toSorted((a, b) => b.finishedAtMs - a.finishedAtMs);
  const own = newest.filter(({ variant }) => variant === run.variant).slice(0, mostRuns);
  const known = new Set([...own, ...newest.slice(0, mostRuns)]);
  return newest.filter((one) => known.has(one));
}

async function judge(
  { shipped, machine, runs }: Group,
  rates: StoredRates | null,
): Promise<InOrderGroup | null> {
  const inOrder = runs.toSorted((a, b) => a.startedAtMs - b.startedAtMs).slice(-mostJudged);
  const ended: StoredRun[] = [];
  const ratios: number[] = [];
  let inside = 0;
  let taught = 0;
  for (const run of inOrder) {
    // A walk of a plan takes milliseconds, and there are hundreds: others are answered between them.
    await nextTurn();
    const record = recordAt(run, ended);
    // A spec of an older engine may not be one any more; nothing can be said of such a run.
    const expected = await expectFrom(run.spec, rates, record).catch(() => null);
    if (expected === null) continue;
    const { low80, high80, onlineMs, basis } = expected;
    if (run.onlineMs >= low80 && run.onlineMs <= high80) inside += 1;
    if (basis !== 'formula') taught += 1;
    ratios.push(run.onlineMs / onlineMs);
    // What is said now is what later intervals are widened by, as if it had been said then.
    ended.push({ ...run, expected });
  }
  if (ratios.length === 0) return null;
  return {
    shipped,
    machine,
    inside: wilson(inside, ratios.length),
    taught,
    ratio: median(ratios).median,
  };
}

/** One group for every origin and machine, this installation's first, then by size. */
export async function scoreInOrder(db: Database): Promise<InOrderScore> {
  const rows = await db.run.findMany({
    where: {
      state: 'done',
      provenance: 'measured',
      onlineMs: { not: null },
      startedAt: { not: null },
      finishedAt: { not: null },
    },
    select: {
      id: true,
      specHash: true,
      shipped: true,
      onlineMs: true,
      offlineMs: true,
      startedAt: true,
      finishedAt: true,
      environment: true,
      spec: { select: { canonical: true, variant: true } },
    },
    orderBy: { startedAt: 'desc' },
  });
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { shipped } = row;
    const machine = machineName((row.environment ?? {}) as Readonly<Record<string, string>>);
    const key = `${shipped} ${machine}`;
    const group = groups.get(key) ?? { shipped, machine, runs: [] };
    groups.set(key, group);
    if (group.runs.length >= mostJudged) continue;
    group.runs.push({
      id: row.id,
      specHash: row.specHash,
      spec: JSON.parse(row.spec.canonical) as RunSpec,
      variant: row.spec.variant,
      onlineMs: row.onlineMs ?? 0,
      offlineMs: row.offlineMs ?? 0,
      startedAtMs: row.startedAt?.getTime() ?? 0,
      finishedAtMs: row.finishedAt?.getTime() ?? 0,
      expected: null,
    });
  }
  const rates = await readRates(db);
  const judged: InOrderGroup[] = [];
  for (const group of groups.values()) {
    // These rates are of this kind of machine; others start from the built-in ones.
    const own = rates?.machine === group.machine ? rates : null;
    const answer = await judge(group, own);
    if (answer !== null) judged.push(answer);
  }
  const groupsByWeight = judged.toSorted(
    (a, b) => Number(a.shipped) - Number(b.shipped) || b.inside.n - a.inside.n,
  );
  return { groups: groupsByWeight, mostJudged };
}
