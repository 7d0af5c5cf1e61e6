/**
 * Use case: freeze a comparison under an address that nobody can guess: the runs as they are now, the
 * pinned one, the units, and for two runs where their time and bytes went.
 */
import type { z } from 'zod';
import type { publishComparisonSchema } from '../api/schemas/compare-request.ts';
import { readUnits, writeUnits } from '../api/schemas/compare-units.ts';
import { plural } from '../api/schemas/format.ts';
import { endStates } from '../api/schemas/run-view.ts';
import { comparedNames } from '../api/schemas/spec-settings.ts';
import { readComparison, readProfiles } from '../compare/read-comparison.ts';
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { canonicalJson, sha256 } from '../runs/spec-hash.ts';
import { endOf, newSlug, type CreatedPermalink } from './create-permalink.ts';

/**
 * The same comparison with the same content keeps its address, unless it is to end by itself.
 * @throws RunError 'notFound' naming a run that is not stored, 'conflict' one that has not ended
 */
export async function publishComparison(
  db: Database,
  { ids, base, units, view, expiresInDays }: z.infer<typeof publishComparisonSchema>,
): Promise<CreatedPermalink> {
  const { runs, missing } = await readComparison(db, { ids });
  const [absent] = missing;
  if (absent !== undefined) throw new RunError('notFound', `there is no run ${absent}.`);
  const going = runs.find(({ state }) => !endStates.includes(state));
  if (going !== undefined) {
    const text = `run ${going.id} is ${going.state}: publish the comparison when it has ended.`;
    throw new RunError('conflict', text);
  }
  const snapshot = canonicalJson({
    version: 1,
    kind: 'comparison',
    base: runs.some(({ id }) => id === base) ? base : null,
    units: writeUnits(readUnits(units)),
    // Left out where there is none, so that earlier copies of a comparison keep their address.
    ...(view === null ? {} : { view }),
    runs,
    profiles:
      runs.length === 2
        ? await readProfiles(
            db,
            runs.map(({ id }) => id),
          )
        : [],
  });
  const contentHash = sha256(snapshot);
  const expiresAt = endOf(expiresInDays);
  const same =
    expiresAt !== null
      ? null
      : await db.permalink.findFirst({
          where: { kind: 'comparison', contentHash, revokedAt: null, expiresAt: null },
          select: { slug: true },
        });
  const slug = same?.slug ?? newSlug();
  if (same === null) {
    const names = comparedNames(runs.map(({ spec }) => spec));
    const title =
      view !== null
        ? `${view.name === '' ? 'Results' : view.name}: ${plural(names.length, 'run')}`
        : names.length <= 3
          ? names.join(' against ')
          : `${names[0] ?? ''} and ${plural(names.length - 1, 'other run')}`;
    const data = { slug, kind: 'comparison', title, snapshot, contentHash, expiresAt } as const;
    await db.permalink.create({ data });
  }
  return { slug, path: `/s/${slug}`, contentHash };
}
