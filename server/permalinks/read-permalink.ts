/**
 * Use case: what a reader of a permalink gets, which is the frozen snapshot and nothing else: only
 * named columns are selected, so that a column added later cannot leak. A live notebook is the exception
 * that its owner asked for: its text and results are those of now.
 */
import type { ComparedRun, RunProfile } from '../api/schemas/compare-run.ts';
import type { RunDetail } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { completeDetail, completeHeadline } from '../runs/complete-view.ts';
import { liveNotebook } from '../notebooks/live.ts';
import { RunError } from '../runs/errors.ts';
import { sha256 } from '../runs/spec-hash.ts';

interface Frozen {
  readonly slug: string;
  /** SHA-256 of the snapshot text, hex. */
  readonly contentHash: string;
  readonly createdAt: string;
  /** When it ends by itself; null for never. */
  readonly expiresAt: string | null;
}

export interface RunPermalink extends Frozen {
  readonly kind: 'run';
  readonly run: RunDetail;
}

export interface ComparisonPermalink extends Frozen {
  readonly kind: 'comparison';
  /** Id of the pinned run; the first where null. */
  readonly base: string | null;
  /** Units as an address writes them. */
  readonly units: string;
  /** The view of the results that was published, where it was one. */
  readonly view?: { readonly name: string; readonly q: string };
  readonly runs: readonly ComparedRun[];
  /** For two runs, where their time and bytes went; else empty. */
  readonly profiles: readonly RunProfile[];
}

export interface NotebookPermalink extends Frozen {
  readonly kind: 'notebook';
  readonly title: string;
  /** The notebook in the format of notebook-file.ts, every result pinned that there is. */
  readonly text: string;
  /** As it is now, not as it was when it was published. */
  readonly live: boolean;
}

export type PermalinkView = RunPermalink | ComparisonPermalink | NotebookPermalink;

/** Live: neither taken back nor over. */
export const liveWhere = (now: Date) => ({
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});

/** The very text that was hashed. @throws RunError 'notFound' */
export async function readSnapshot(db: Database, slug: string) {
  const row = await db.permalink.findFirst({
    where: { slug, ...liveWhere(new Date()) },
    select: { snapshot: true, contentHash: true, createdAt: true, expiresAt: true },
  });
  if (row === null) {
    throw new RunError('notFound', 'this link does not exist, or its owner has taken it back.');
  }
  return row;
}

/** @throws RunError 'notFound', the same for unknown, revoked and expired ones */
export async function readPermalink(db: Database, slug: string): Promise<PermalinkView> {
  const row = await readSnapshot(db, slug);
  const frozen: Frozen = {
    slug,
    contentHash: row.contentHash,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
  const stored = JSON.parse(row.snapshot) as
    | { readonly kind: 'run'; readonly run: RunDetail }
    | Pick<NotebookPermalink, 'kind' | 'title' | 'text'>
    | { readonly kind: 'notebook'; readonly live: string }
    | Pick<ComparisonPermalink, 'kind' | 'base' | 'units' | 'view' | 'runs' | 'profiles'>;
  if (stored.kind === 'run') {
    return { ...frozen, kind: 'run', run: completeDetail(stored.run) };
  }
  if (stored.kind === 'notebook') {
    if (!('live' in stored)) {
      return { ...frozen, kind: 'notebook', title: stored.title, text: stored.text, live: false };
    }
    const { title, text } = await liveNotebook(db, stored.live);
    return { ...frozen, kind: 'notebook', title, text, live: true, contentHash: sha256(text) };
  }
  const { kind, base, units, view, runs, profiles } = stored;
  const complete = runs.map((run) => ({
    ...run,
    headline: completeHeadline(run.headline, run.spec),
  }));
  return {
    ...frozen,
    kind,
    base,
    units,
    ...(view === undefined ? {} : { view }),
    runs: complete,
    profiles,
  };
}
