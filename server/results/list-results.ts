/** Use cases: which runs a query finds, in which order, how many, and their rows. Reads only. */
import type { Order } from '../api/schemas/results-query.ts';
import type { FigureId } from '../api/schemas/results-import.ts';
import type { ResultRow } from '../api/schemas/results-row.ts';
import type { Database } from '../db/client.ts';
import { Prisma, type Run } from '../db/generated/client.ts';
import { RunError } from '../runs/errors.ts';
import { summaryInclude, toSummary } from '../runs/views.ts';
import { sortSql, source } from './field-sql.ts';
import { asksForArchived, readQuery, termsSql, whereSql } from './where-sql.ts';

/** Runs without a value come last either way; the id makes the order total. */
function keysSql({ field, descending }: Order): Prisma.Sql {
  const { key } = sortSql(field);
  const way = Prisma.raw(descending ? 'DESC' : 'ASC');
  return Prisma.sql`(${key}) IS NULL, ${key} ${way}, r.id ${way}`;
}

const orderSql = (order: Order): Prisma.Sql => Prisma.sql`ORDER BY ${keysSql(order)}`;

export interface Group {
  /** The database's text of each field of the group; null for runs that have no value. */
  readonly values: readonly (string | null)[];
  readonly runs: number;
}

export interface FoundIds {
  /** All of them, in order: there is no cap. */
  readonly ids: readonly string[];
  /** How many of the ids, one group after the other, belong together; null where nobody asked. */
  readonly groups: readonly Group[] | null;
  /** Archived runs that fit and are not among them. */
  readonly archived: number;
}

/** Ids of every run that a query finds. @throws RunError 'invalid' for a query that cannot be read */
export async function findIds(db: Database, query: string): Promise<FoundIds> {
  const { terms, order, group } = readQuery(query);
  // One pass finds the archived ones too, which are counted and left out.
  const keys = group.map((field) => sortSql(field).key);
  const texts = keys.map((key) => Prisma.sql`(${key})::text`);
  const values = keys.length === 0 ? Prisma.sql`NULL` : Prisma.sql`ARRAY[${Prisma.join(texts)}]`;
  const groupsFirst = Prisma.join(
    [...keys.map((key) => Prisma.sql`(${key}) IS NULL, ${key},`), Prisma.empty],
    ' ',
  );
  const rows = await db.$queryRaw<{ id: string; values: (string | null)[]; archived: boolean }[]>`
    SELECT r.id, ${values} AS values, r.archived_at IS NOT NULL AS archived
    ${source} WHERE ${termsSql(terms)} ORDER BY ${groupsFirst} ${keysSql(order)}`;
  const shown = asksForArchived(terms) ? rows : rows.filter(({ archived }) => !archived);
  return {
    ids: shown.map(({ id }) => id),
    groups: group.length === 0 ? null : groupsOf(shown),
    archived: rows.length - shown.length,
  };
}

/** Neighbours with the same values. */
function groupsOf(rows: readonly { readonly values: readonly (string | null)[] }[]): Group[] {
  const groups: { values: readonly (string | null)[]; runs: number }[] = [];
  for (const { values } of rows) {
    const last = groups.at(-1);
    if (last?.values.every((value, at) => value === values[at]) === true) last.runs += 1;
    else groups.push({ values, runs: 1 });
  }
  return groups;
}

async function count(db: Database, where: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n ${source} WHERE ${where}`;
  return row?.n ?? 0;
}

/** How many runs a query finds. @throws RunError 'invalid' */
export const countResults = (db: Database, query: string): Promise<number> =>
  count(db, whereSql(readQuery(query).terms));

const stringOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** "AMD EPYC, 2 cores" from an environment. */
function machineOf(environment: Readonly<Record<string, unknown>>): string | null {
  const cpu = stringOf(environment['cpu']);
  const cores = stringOf(environment['cores']);
  return cpu === null ? null : cores === null ? cpu : `${cpu}, ${cores} cores`;
}

/** Figures of an imported run, without those that it does not have. */
function figuresOf(
  row: Omit<Run, 'prediction' | 'reveals' | 'dealer' | 'labels'>,
): NonNullable<ResultRow['figures']> {
  const bytes = (value: bigint | null): number | null => (value === null ? null : Number(value));
  const all: Readonly<Record<FigureId, number | null>> = {
    acc: row.accuracy,
    plain: row.plaintextAccuracy,
    latency: row.onlineMsPerSample,
    batchtime: row.onlineMs,
    offline: row.offlineMs,
    total: row.totalMs,
    bytes: bytes(row.onlineBytes),
    allbytes: bytes(row.totalBytes),
    dealt: bytes(row.dealerBytes),
    rounds: row.rounds,
    memory: bytes(row.peakRssBytes),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** Rows of these runs in this order; runs that do not exist are left out. */
export async function readRows(db: Database, ids: readonly string[]): Promise<ResultRow[]> {
  const rows = await db.run.findMany({
    where: { id: { in: [...ids] } },
    omit: { prediction: true, reveals: true, dealer: true, labels: true },
    include: summaryInclude,
  });
  const byId = new Map(
    rows.map((row): [string, ResultRow] => {
      const environment = (row.environment ?? {}) as Readonly<Record<string, unknown>>;
      const { tags, note, starred, shipped, archivedAt } = row;
      return [
        row.id,
        {
          ...toSummary(row),
          tags,
          note,
          starred,
          shipped,
          archivedAt: archivedAt?.toISOString() ?? null,
          figures: row.provenance === 'imported' ? figuresOf(row) : null,
          importedFrom: stringOf(environment['importedFrom']),
          machine: machineOf(environment),
          commit: stringOf(environment['commit']),
        },
      ];
    }),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface ResultPage {
  readonly rows: readonly ResultRow[];
  /** Of the whole query, whatever the page. */
  readonly total: number;
  /** Give this to read on; null at the end. */
  readonly nextCursor: string | null;
}

interface Cursor {
  readonly key: string | number | null;
  readonly id: string;
}

function decodeCursor(text: string): Cursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === 2 && typeof value[1] === 'string') {
      const key: unknown = value[0];
      if (key === null || typeof key === 'string' || typeof key === 'number') {
        return { key, id: value[1] };
      }
    }
  } catch {
    // Said below, as for every other text that is no cursor.
  }
  throw new RunError(
    'invalid',
    `"${text.slice(0, 40)}" is no cursor; take the one of the page before.`,
  );
}

/** What follows a cursor in the order of `orderSql`. */
function afterSql({ field, descending }: Order, { key, id }: Cursor): Prisma.Sql {
  const { key: expression, type } = sortSql(field);
  const beyond = Prisma.raw(descending ? '<' : '>');
  if (key === null) return Prisma.sql`((${expression}) IS NULL AND r.id ${beyond} ${id})`;
  const value = Prisma.sql`${String(key)}::text::${type}`;
  return Prisma.sql`((${expression}) IS NULL OR ${expression} ${beyond} ${value}
    OR (${expression} = ${value} AND r.id ${beyond} ${id}))`;
}

/**
 * A page of what a query finds, by keyset: pages follow each other without gap or overlap while runs
 * are added; a `group:` does not matter to them. `cursor` is the `nextCursor` of the page before.
 * @throws RunError 'invalid'
 */
export async function listResults(
  db: Database,
  query: string,
  limit: number,
  cursor?: string,
): Promise<ResultPage> {
  const { terms, order } = readQuery(query);
  const where = whereSql(terms);
  const after = cursor === undefined ? Prisma.sql`true` : afterSql(order, decodeCursor(cursor));
  // Text keeps all digits of a float8 and all of a timestamp's: the cursor compares equal.
  const found = await db.$queryRaw<{ id: string; key: string | null }[]>`
    SELECT r.id, (${sortSql(order.field).key})::text AS key
    ${source} WHERE ${where} AND ${after} ${orderSql(order)} LIMIT ${limit + 1}::int`;
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  const next = more ? Buffer.from(JSON.stringify([last.key, last.id])).toString('base64url') : null;
  return {
    rows: await readRows(
      db,
      page.map(({ id }) => id),
    ),
    total: await count(db, where),
    nextCursor: next,
  };
}
