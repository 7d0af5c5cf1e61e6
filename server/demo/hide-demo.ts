/** Use case: all shipped runs are put away, or brought back. They are never deleted. */
import type { Database } from '../db/client.ts';

export interface DemoStatus {
  /** Shipped runs of this installation. */
  readonly runs: number;
  /** How many of them are put away. */
  readonly hidden: number;
}

export async function readDemoStatus(db: Database): Promise<DemoStatus> {
  const [runs, hidden] = await Promise.all([
    db.run.count({ where: { shipped: true } }),
    db.run.count({ where: { shipped: true, archivedAt: { not: null } } }),
  ]);
  return { runs, hidden };
}

export async function hideDemo(db: Database, hide: boolean): Promise<DemoStatus> {
  await db.run.updateMany({
    where: { shipped: true, archivedAt: hide ? null : { not: null } },
    data: { archivedAt: hide ? new Date() : null },
  });
  return readDemoStatus(db);
}
