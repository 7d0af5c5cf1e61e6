/** Puts finished runs into a database without running them: for tests and benchmarks of lists. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline, RunState } from '../../server/api/schemas/run-view.ts';
import type { Database, Prisma } from '../../server/db/client.ts';
import { newRunId } from '../../server/runs/create-run.ts';
import { figureColumns, specColumns } from '../../server/runs/listing-columns.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';

export interface StoredRun {
  readonly id?: string;
  readonly spec: RunSpec;
  /** Null for a run without a result. */
  readonly headline: Headline | null;
  readonly state?: RunState;
  readonly createdAt?: Date;
  readonly environment?: Readonly<Record<string, string>>;
  readonly linkVerdict?: 'met' | 'not met';
  readonly tags?: readonly string[];
  readonly note?: string;
  readonly starred?: boolean;
  readonly shipped?: boolean;
  readonly archivedAt?: Date;
}

const rowsAtATime = 500;

/** Stores all of them and returns their ids, in their order. */
export async function storeRuns(db: Database, runs: readonly StoredRun[]): Promise<string[]> {
  const specs = new Map<string, Prisma.SpecCreateManyInput>();
  const links: Prisma.LinkCertificateCreateManyInput[] = [];
  const rows = runs.map(({ spec, headline, linkVerdict, state, ...run }) => {
    const id = run.id ?? newRunId();
    const { hash, canonical } = hashSpec(spec);
    specs.set(hash, { hash, canonical, ...specColumns(spec) });
    if (linkVerdict !== undefined) {
      links.push({
        runId: id,
        verdict: linkVerdict,
        reasons: [],
        askedBitsPerSecond: spec.network.bitsPerSecond,
        askedRttMs: spec.network.rttMs,
        pairs: [],
        tolerance: 'none',
      });
    }
    return {
      ...run,
      id,
      specHash: hash,
      state: state ?? (headline === null ? 'queued' : 'done'),
      origin: 'web',
      tags: [...(run.tags ?? [])],
      ...(run.environment === undefined ? {} : { environment: { ...run.environment } }),
      ...(headline === null
        ? {}
        : {
            headline: headline as unknown as Prisma.InputJsonValue,
            ...figureColumns(headline),
            finishedAt: new Date((run.createdAt ?? new Date()).getTime() + 60_000),
          }),
    } satisfies Prisma.RunCreateManyInput;
  });
  await db.spec.createMany({ data: [...specs.values()], skipDuplicates: true });
  for (let start = 0; start < rows.length; start += rowsAtATime) {
    await db.run.createMany({ data: rows.slice(start, start + rowsAtATime) });
  }
  for (let start = 0; start < links.length; start += rowsAtATime) {
    await db.linkCertificate.createMany({ data: links.slice(start, start + rowsAtATime) });
  }
  return rows.map(({ id }) => id);
}
