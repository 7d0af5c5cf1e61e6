/** Use case: how good expectations were, of every run that was judged as it was queued. Reads only. */
import type {
  CalibrationGroup,
  CalibrationView,
  JudgedRun,
  StoredLatency,
} from '../../api/schemas/latency.ts';
import type { Database } from '../../db/client.ts';
import { median, wilson } from '../statistics.ts';
import { ownRuns } from './record.ts';
import { readRates } from './rates-store.ts';

function groupOf(variant: string | null, runs: readonly JudgedRun[]): CalibrationGroup {
  const own = variant === null ? runs : runs.filter((run) => run.variant === variant);
  if (own.length === 0) return { variant, inside: null, ratio: null };
  return {
    variant,
    inside: wilson(own.filter(({ inside }) => inside).length, own.length),
    ratio: median(own.map(({ measuredMs, expected }) => measuredMs / expected.onlineMs)).median,
  };
}

/** Every judged run of this installation; shipped and imported ones are in no statistic here. */
export async function readScore(db: Database): Promise<CalibrationView> {
  const rows = await db.run.findMany({
    where: ownRuns,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: {
      id: true,
      createdAt: true,
      onlineMs: true,
      expectedLatency: true,
      spec: { select: { variant: true, model: true, network: true } },
    },
  });
  const runs = rows.flatMap((row): JudgedRun[] => {
    const stored = row.expectedLatency as unknown as StoredLatency | null;
    if (stored === null || row.onlineMs === null) return [];
    const { onlineMs, offlineMs, low80, high80, basis } = stored;
    return [
      {
        id: row.id,
        ...row.spec,
        createdAt: row.createdAt.toISOString(),
        expected: { onlineMs, offlineMs, low80, high80, basis },
        measuredMs: row.onlineMs,
        inside: row.onlineMs >= low80 && row.onlineMs <= high80,
      },
    ];
  });
  const variants = [...new Set(runs.map(({ variant }) => variant))].sort();
  const rates = await readRates(db);
  return {
    groups: [null, ...variants].map((variant) => groupOf(variant, runs)),
    runs,
    unjudged: rows.length - runs.length,
    rates:
      rates === null
        ? null
        : {
            machine: rates.machine,
            commit: rates.commit,
            takenAt: rates.takenAt,
            tookMs: rates.tookMs,
          },
  };
}
