/**
 * Use cases: what people say about runs, many at once, and the way back. A change returns what was
 * true before of the runs that it changed; `restoreRuns` puts just that back.
 */
import type { RunAnnotations } from '../api/schemas/results-row.ts';
import type { AnnotationChange } from '../api/schemas/results-requests.ts';
import type { Database, Prisma } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';

const selection = {
  id: true,
  tags: true,
  note: true,
  starred: true,
  archivedAt: true,
} satisfies Prisma.RunSelect;

/** Which of these runs the change changes at all. */
function affected(change: AnnotationChange): Prisma.RunWhereInput {
  switch (change.kind) {
    case 'tag':
      return change.on ? { NOT: { tags: { has: change.tag } } } : { tags: { has: change.tag } };
    case 'star':
      return { starred: !change.on };
    case 'archive':
      return { archivedAt: change.on ? null : { not: null } };
    case 'note':
      return { note: { not: change.text } };
  }
}

/** All but tags, which depend on those that a run has. */
function dataOf(
  change: Exclude<AnnotationChange, { kind: 'tag' }>,
): Prisma.RunUpdateManyMutationInput {
  switch (change.kind) {
    case 'star':
      return { starred: change.on };
    case 'archive':
      return { archivedAt: change.on ? new Date() : null };
    case 'note':
      return { note: change.text };
  }
}

/**
 * Changes all of these runs in one transaction.
 * @returns what was true before, of the runs that were changed
 * @throws RunError 'notFound' when one of them does not exist: nothing is changed then
 */
export async function annotateRuns(
  db: Database,
  ids: readonly string[],
  change: AnnotationChange,
): Promise<readonly RunAnnotations[]> {
  const wanted = [...new Set(ids)];
  return db.$transaction(async (tx) => {
    const found = await tx.run.findMany({ where: { id: { in: wanted } }, select: { id: true } });
    if (found.length < wanted.length) {
      const known = new Set(found.map(({ id }) => id));
      const missing = wanted.find((id) => !known.has(id)) ?? '';
      throw new RunError('notFound', `there is no run ${missing}; nothing was changed.`);
    }
    const where = { id: { in: wanted }, ...affected(change) };
    const before = await tx.run.findMany({ where, select: selection });
    const changed = before.map(({ id }) => id);
    if (change.kind !== 'tag') {
      await tx.run.updateMany({ where: { id: { in: changed } }, data: dataOf(change) });
    } else if (change.on) {
      await tx.$executeRaw`
        UPDATE runs SET tags = array_append(coalesce(tags, '{}'), ${change.tag})
        WHERE id = ANY(${changed}::text[])`;
    } else {
      await tx.$executeRaw`
        UPDATE runs SET tags = array_remove(tags, ${change.tag})
        WHERE id = ANY(${changed}::text[])`;
    }
    return before.map(({ archivedAt, ...row }) => ({
      ...row,
      archivedAt: archivedAt?.toISOString() ?? null,
    }));
  });
}

/** Puts back what was true of these runs. Runs that are gone meanwhile stay gone. */
export async function restoreRuns(
  db: Database,
  before: readonly RunAnnotations[],
): Promise<number> {
  const text = JSON.stringify(before);
  return db.$executeRaw`
    UPDATE runs SET
      tags = ARRAY(SELECT jsonb_array_elements_text(was -> 'tags')),
      note = was ->> 'note',
      starred = (was ->> 'starred')::boolean,
      archived_at = (was ->> 'archivedAt')::timestamptz
    FROM jsonb_array_elements(${text}::jsonb) AS was
    WHERE runs.id = was ->> 'id'`;
}
