/** Whether everything that a run needs is there: for the status line of every page, and `doctor`. */
import { statfs } from 'node:fs/promises';
import { sharedFolder } from '../db/data-folder.ts';
import type { Database } from '../db/client.ts';
import { packageVersion } from './environment.ts';
import { activeStates } from './active-states.ts';

export interface SystemStatus {
  readonly version: string;
  /** The process that answers this: how long it has been up. */
  readonly web: { readonly uptimeMs: number };
  /** Worker processes heard of within the last 10 s. */
  readonly workers: number;
  /** Age of the newest sign of life of any worker; null when there was never one. */
  readonly workerHeartbeatAgeMs: number | null;
  /** Runs that a worker works on, and runs that wait. */
  readonly running: number;
  readonly queued: number;
  readonly database: { readonly kind: 'embedded' | 'external'; readonly version: string };
  readonly disk: { readonly freeBytes: number; readonly low: boolean };
}

const workerSilentMs = 10_000;
/** A run's traces and the database need room; below this the pages warn. */
const lowDiskBytes = 500 * 2 ** 20;

export async function readSystemStatus(db: Database): Promise<SystemStatus> {
  const [[database], workers, queued, running, disk] = await Promise.all([
    db.$queryRaw<{ version: string }[]>`SELECT current_setting('server_version') AS version`,
    db.worker.findMany({ orderBy: { heartbeatAt: 'desc' }, take: 50 }),
    db.run.count({ where: { state: 'queued' } }),
    db.run.count({ where: { state: { in: [...activeStates] } } }),
    statfs(sharedFolder()),
  ]);
  const ages = workers.map(({ heartbeatAt }) => Math.max(0, Date.now() - heartbeatAt.getTime()));
  const freeBytes = disk.bavail * disk.bsize;
  const external = (process.env['DATABASE_URL'] ?? '') !== '';
  return {
    version: packageVersion(),
    web: { uptimeMs: Math.round(process.uptime() * 1000) },
    workers: ages.filter((age) => age < workerSilentMs).length,
    workerHeartbeatAgeMs: ages[0] ?? null,
    running,
    queued,
    database: { kind: external ? 'external' : 'embedded', version: database?.version ?? 'unknown' },
    disk: { freeBytes, low: freeBytes < lowDiskBytes },
  };
}
