/**
 * Use case: freeze what a run's page shows now under an address that nobody can guess. The snapshot
 * is text, hashed as it is; later changes of the run, of the code or of the page do not reach it.
 */
import { randomBytes } from 'node:crypto';
import { endStates } from '../api/schemas/run-view.ts';
import type { Database } from '../db/client.ts';
import { readExpected } from '../runs/calibration/read-expected.ts';
import { RunError } from '../runs/errors.ts';
import { canonicalJson, sha256 } from '../runs/spec-hash.ts';
import { readDetail } from '../runs/views.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** 32 base32 characters: 160 random bits. */
export const newSlug = (): string =>
  [...randomBytes(32)].map((byte) => alphabet[byte & 31]).join('');

export interface CreatedPermalink {
  readonly slug: string;
  /** Path of the page, e.g. `/s/abc...`. */
  readonly path: string;
  readonly contentHash: string;
}

const dayMs = 86_400_000;

/** When a link ends that was asked for so many days; null for never. */
export const endOf = (expiresInDays: number | null): Date | null =>
  expiresInDays === null ? null : new Date(Date.now() + expiresInDays * dayMs);

/**
 * Publishes an ended run. The same run with the same content keeps its address, unless it is to end by
 * itself.
 * @param expiresInDays null for a link that stays until it is taken back
 * @throws RunError 'notFound', or 'conflict' while the run is still going on
 */
export async function createPermalink(
  db: Database,
  runId: string,
  expiresInDays: number | null = null,
): Promise<CreatedPermalink> {
  const [detail, expected] = await Promise.all([readDetail(db, runId), readExpected(db, runId)]);
  const run = { ...detail, expected };
  if (!endStates.includes(run.state)) {
    throw new RunError('conflict', `run ${runId} is ${run.state}: publish it when it has ended.`);
  }
  const snapshot = canonicalJson({ version: 1, kind: 'run', run });
  const contentHash = sha256(snapshot);
  const expiresAt = endOf(expiresInDays);
  const same =
    expiresAt !== null
      ? null
      : await db.permalink.findFirst({
          where: { runId, contentHash, revokedAt: null, expiresAt: null },
          select: { slug: true },
        });
  const slug = same?.slug ?? newSlug();
  if (same === null) {
    await db.permalink.create({
      data: { slug, kind: 'run', runId, snapshot, contentHash, expiresAt },
    });
  }
  return { slug, path: `/s/${slug}`, contentHash };
}
