/** The side-by-side page: stored runs of every entry, or their price. Runs here and shipped ones stay apart. */
import type { ComparedRun } from '../api/schemas/compare-run.ts';
import {
  sideMethods,
  sideSets,
  type SideBySide,
  type SideEntry,
  type SideMethod,
  type SideSet,
  type SideSubject,
} from '../api/schemas/papers-side-by-side.ts';
import { endStates } from '../api/schemas/run-view.ts';
import { readComparison } from '../compare/read-comparison.ts';
import type { Database } from '../db/client.ts';
import { requireProfile } from '../demo/profile-network.ts';
import { createRun, type RunContext } from '../runs/create-run.ts';
import { RunError } from '../runs/errors.ts';
import { previewRun } from '../runs/preview-run.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { notHidden, readStoredRuns } from './stored-runs.ts';
import { sideChoice, sideNetwork, sideSamples, sideTitles } from './side-by-side-specs.ts';

interface Attempt {
  readonly id: string;
  readonly state: ComparedRun['state'];
  readonly shipped: boolean;
  readonly reason: string | null;
}

/** Every attempt at a spec that was made by Parley itself, newest first. */
const attemptsAt = (db: Database, specHash: string): Promise<Attempt[]> =>
  db.run.findMany({
    where: { specHash, provenance: 'measured', ...notHidden },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, state: true, shipped: true, reason: true },
    take: 50,
  });

async function readRun(db: Database, id: string | undefined): Promise<ComparedRun | null> {
  if (id === undefined) return null;
  return (await readComparison(db, { ids: [id] })).runs[0] ?? null;
}

async function entryOf(
  db: Database,
  subject: SideSubject,
  method: SideMethod,
  set: SideSet,
): Promise<SideEntry> {
  const choice = sideChoice(subject, method, set);
  const none = { own: null, shipped: null, underway: null, failed: null, wallMs: null };
  if (choice.spec === null) return { method, set, ...choice, ...none };
  const { hash } = hashSpec(choice.spec);
  const [attempts, stored, price] = await Promise.all([
    attemptsAt(db, hash),
    readStoredRuns(db, [choice.spec]),
    previewRun(db, choice.spec),
  ]);
  // What did not end well, lacks samples or is of another engine fills nothing, as in the papers' cells.
  const usable = stored.get(hash)?.usable ?? [];
  const mine = attempts.filter(({ shipped }) => !shipped);
  const [newest] = mine;
  const failed = newest !== undefined && (newest.state === 'failed' || newest.state === 'lost');
  const issue = price.issues[0];
  return {
    method,
    set,
    ...choice,
    obstacle: issue === undefined ? null : `${issue.field}: ${issue.message}`,
    own: await readRun(db, usable.find(({ shipped }) => !shipped)?.id),
    shipped: await readRun(db, usable.find(({ shipped }) => shipped)?.id),
    underway: mine.find(({ state }) => !endStates.includes(state))?.id ?? null,
    failed: failed ? { runId: newest.id, reason: newest.reason } : null,
    wallMs: price.runMs,
  };
}

/** Three methods, first each on its own protocol, then all on one. Reads only. */
export async function readSideBySide(db: Database, subject: SideSubject): Promise<SideBySide> {
  const asked = sideSets.flatMap((set) => sideMethods.map((method) => [method, set] as const));
  return {
    subject,
    title: sideTitles[subject],
    network: requireProfile(sideNetwork),
    samples: sideSamples[subject],
    entries: await Promise.all(asked.map(([method, set]) => entryOf(db, subject, method, set))),
  };
}

/**
 * Queues the run of one entry; one that waits or runs already is answered in its place.
 * @throws RunError 'invalid' where the method cannot be had on this model
 */
export async function queueSideBySide(
  context: RunContext,
  asked: { readonly subject: SideSubject; readonly method: SideMethod; readonly set: SideSet },
): Promise<{ readonly runId: string }> {
  const { spec, obstacle } = sideChoice(asked.subject, asked.method, asked.set);
  if (spec === null) {
    throw new RunError(
      'invalid',
      `method "${asked.method}" on ${asked.subject}: ${obstacle ?? ''}`,
    );
  }
  const attempts = await attemptsAt(context.db, hashSpec(spec).hash);
  const waiting = attempts.find((one) => !one.shipped && !endStates.includes(one.state));
  return { runId: waiting?.id ?? (await createRun(context, spec, 'web')).id };
}
