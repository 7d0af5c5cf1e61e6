/** Use cases: what a page needs to know of all runs that a query finds, without reading them. */
import { columnsOf } from '../api/schemas/results-columns.ts';
import type { Database } from '../db/client.ts';
import { Prisma } from '../db/generated/client.ts';
import { sortSql, source } from './field-sql.ts';
import { readQuery, whereSql } from './where-sql.ts';

/**
 * How many runs there would be without one term each, in the order of the terms: what a reader whose
 * query finds nothing may want to drop. One pass over the runs.
 * @throws RunError 'invalid'
 */
export async function countWithoutEach(db: Database, query: string): Promise<readonly number[]> {
  const { terms } = readQuery(query);
  if (terms.length === 0) return [];
  const counts = terms.map(
    (_, left) => Prisma.sql`count(*) FILTER (WHERE ${whereSql(terms.toSpliced(left, 1))})::int`,
  );
  const [row] = await db.$queryRaw<{ counts: number[] }[]>`
    SELECT ARRAY[${Prisma.join(counts)}] AS counts ${source}`;
  return row?.counts ?? [];
}

/** The name of a run is its link, and stays. Tags and notes have no single value to compare. */
const always: readonly string[] = ['name', 'tags', 'note'];

/**
 * Of these columns, the ones that are the same in every run that a query finds.
 * @throws RunError 'invalid'
 */
export async function constantColumns(
  db: Database,
  query: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { terms } = readQuery(query);
  const asked = columnsOf(ids).flatMap(({ id, sort }) =>
    sort === null || always.includes(id) ? [] : [{ id, key: sortSql(sort).key }],
  );
  if (asked.length === 0) return [];
  // Each key is worked out once per run, in the inner query.
  const inner = asked.map(({ key }, index) => Prisma.sql`${key} AS ${Prisma.raw(`k${index}`)}`);
  const same = asked.map((_, index) => {
    const key = Prisma.raw(`k${index}`);
    return Prisma.sql`(count(${key}) = 0 OR (count(${key}) = count(*) AND min(${key}) = max(${key})))`;
  });
  const [row] = await db.$queryRaw<{ same: boolean[] }[]>`
    SELECT ARRAY[${Prisma.join(same)}] AS same
    FROM (SELECT ${Prisma.join(inner)} ${source} WHERE ${whereSql(terms)} OFFSET 0) AS found`;
  return asked.filter((_, index) => row?.same[index] === true).map(({ id }) => id);
}

export interface KnownValue {
  readonly field: 'model' | 'dataset' | 'network' | 'tag' | 'machine' | 'commit';
  readonly value: string;
  readonly runs: number;
}

/** Values that stored runs have, the commonest first, for completion: at most 50 of each field. */
export async function knownValues(db: Database): Promise<readonly KnownValue[]> {
  return db.$queryRaw<KnownValue[]>`
    WITH found AS (
      SELECT 'model' AS field, s.model AS value ${source}
      UNION ALL SELECT 'dataset', s.dataset ${source}
      UNION ALL SELECT 'network', s.network ${source}
      UNION ALL SELECT 'tag', unnest(r.tags) FROM runs r
      UNION ALL SELECT 'machine', r.environment ->> 'cpu' FROM runs r
      UNION ALL SELECT 'commit', r.environment ->> 'commit' FROM runs r
    ), counted AS (
      SELECT field, value, count(*)::int AS runs,
        row_number() OVER (PARTITION BY field ORDER BY count(*) DESC, value) AS place
      FROM found WHERE value IS NOT NULL AND value <> '' GROUP BY field, value
    )
    SELECT field, value, runs FROM counted WHERE place <= 50 ORDER BY field, place`;
}
