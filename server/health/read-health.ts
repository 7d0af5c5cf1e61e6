/** Whether this installation can take and finish a run now: for load balancers, monitors and people. */
import type { Database } from '../db/client.ts';
import { readSystemStatus, type SystemStatus } from '../runs/system-status.ts';

export interface HealthCheck {
  readonly name: 'database' | 'workers' | 'disk';
  readonly ok: boolean;
  /** A sentence that names the figure, and the fix where it is not well. */
  readonly text: string;
}

export interface Health {
  readonly ok: boolean;
  readonly version: string | null;
  readonly checks: readonly HealthCheck[];
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

function checksOf({ database, workers, workerHeartbeatAgeMs, disk }: SystemStatus): HealthCheck[] {
  const seen =
    workerHeartbeatAgeMs === null
      ? 'none was ever here'
      : `the last was heard of ${Math.round(workerHeartbeatAgeMs / 1000)} s ago`;
  return [
    { name: 'database', ok: true, text: `PostgreSQL ${database.version}, ${database.kind}` },
    {
      name: 'workers',
      ok: workers > 0,
      text: workers > 0 ? `${workers} at work` : `no worker: ${seen}; start one, "npm run worker"`,
    },
    {
      name: 'disk',
      ok: !disk.low,
      text: `${inGigabytes(disk.freeBytes)} free${disk.low ? '; runs leave traces: make room' : ''}`,
    },
  ];
}

/** Never throws: a database that does not answer is what is to be told. */
export async function readHealth(open: () => Promise<Database>): Promise<Health> {
  try {
    const status = await readSystemStatus(await open());
    const checks = checksOf(status);
    return { ok: checks.every(({ ok }) => ok), version: status.version, checks };
  } catch (error) {
    // The message may hold the database's address; the log of the server has it in full.
    console.error(`health: ${error instanceof Error ? error.message : String(error)}`);
    const text = 'the database does not answer; the log of the server says why';
    return { ok: false, version: null, checks: [{ name: 'database', ok: false, text }] };
  }
}
