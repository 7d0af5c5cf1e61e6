/**
 * What each field of the query language is in the database, over `runs r JOIN specs s`. Constant texts
 * only: whatever a person typed goes in as a parameter, in where-sql.ts.
 */
import type { FieldOf, Flag, Having, SortId } from '../api/schemas/results-fields.ts';
import { fractionBitsOf } from '../api/schemas/spec-steps.ts';
import { Prisma } from '../db/generated/client.ts';
import { activeStates } from '../runs/active-states.ts';

export const source = Prisma.sql`FROM runs r JOIN specs s ON s.hash = r.spec_hash`;

const sql = Prisma.raw;

/** Null where a run has none. */
export const textSql: Readonly<Record<FieldOf<'text'>, Prisma.Sql>> = {
  approx: sql(`(s.gelu || '/' || s.softmax)`),
  variant: sql('s.variant'),
  model: sql('s.model'),
  dataset: sql('s.dataset'),
  network: sql('s.network'),
  gelu: sql('s.gelu'),
  softmax: sql('s.softmax'),
  tag: sql(`array_to_string(r.tags, ' ')`),
  note: sql('r.note'),
  machine: sql(`(r.environment ->> 'cpu')`),
  commit: sql(`(r.environment ->> 'commit')`),
  id: sql('r.id'),
  spec: sql('r.spec_hash'),
};

/** A statistic of a run's times that has no column of its own: out of the stored headline. */
const inference = (time: string, part: 'min' | 'max' | 'p95'): Prisma.Sql =>
  sql(`((r.headline #>> '{${time},${part}}')::float8)`);

type NumberField = FieldOf<'number'>;

/** In ms, bytes, bit/s, fractions of 1; null where a run has none. */
export const numberSql: Readonly<Record<NumberField, Prisma.Sql>> = {
  acc: sql('r.accuracy'),
  plain: sql('r.plaintext_accuracy'),
  latency: sql('r.online_ms_per_sample'),
  batchtime: sql('r.online_ms'),
  offline: sql('r.offline_ms'),
  total: sql('r.total_ms'),
  'latency-least': inference('onlineMsPerSample', 'min'),
  'latency-most': inference('onlineMsPerSample', 'max'),
  'latency-tail': inference('onlineMsPerSample', 'p95'),
  'batchtime-least': inference('onlineMs', 'min'),
  'batchtime-most': inference('onlineMs', 'max'),
  'batchtime-tail': inference('onlineMs', 'p95'),
  'offline-least': inference('offlineMs', 'min'),
  'offline-most': inference('offlineMs', 'max'),
  'offline-tail': inference('offlineMs', 'p95'),
  'total-least': inference('totalMs', 'min'),
  'total-most': inference('totalMs', 'max'),
  'total-tail': inference('totalMs', 'p95'),
  bytes: sql('r.online_bytes'),
  allbytes: sql('r.total_bytes'),
  dealt: sql('r.dealer_bytes'),
  rounds: sql('r.rounds'),
  memory: sql('r.peak_rss_bytes'),
  unlike: sql('r.unlike_plaintext'),
  error: sql('r.protocol_error'),
  rtt: sql('s.rtt_ms'),
  rate: sql('s.bits_per_second'),
  samples: sql('s.samples'),
  length: sql('s.sequence_length'),
  batch: sql('s.batch_size'),
  repeats: sql('s.repeats'),
  bits: sql('s.fraction_bits'),
  age: sql('(extract(epoch FROM now() - r.created_at) * 1000)'),
};

export const dateSql: Readonly<Record<FieldOf<'date'>, Prisma.Sql>> = {
  created: sql('r.created_at'),
  finished: sql('r.finished_at'),
};

type PlainChoice = Exclude<FieldOf<'choice'>, 'is' | 'has' | 'with'>;

/** The word of each choice, as the query language writes it. */
export const choiceSql: Readonly<Record<PlainChoice, Prisma.Sql>> = {
  state: sql('r.state::text'),
  class: sql('r.provenance'),
  origin: sql('r.origin::text'),
  link: sql(
    `coalesce((SELECT replace(l.verdict, ' ', '-') FROM link_certificates l WHERE l.run_id = r.id), 'none')`,
  ),
  dealing: sql(`coalesce(s.correlations, 'none')`),
};

const listOf = (states: readonly string[]): string =>
  states.map((state) => `'${state}'`).join(', ');

export const flagSql: Readonly<Record<Flag, Prisma.Sql>> = {
  done: sql(`r.state = 'done'`),
  ended: sql(`r.state IN ('done', 'failed', 'cancelled', 'lost')`),
  active: sql(`r.state IN (${listOf(activeStates)})`),
  starred: sql('r.starred'),
  archived: sql('r.archived_at IS NOT NULL'),
  shipped: sql('r.shipped'),
  insecure: sql(`(s.insecure_seed OR s.correlations = 'insecureFirstParty')`),
  random: sql(`s.dataset = 'random'`),
  // As customParts of spec-steps.ts: only what is not the variant's own is in a canonical spec.
  custom: sql(
    `(s.fraction_bits <> CASE s.variant WHEN 'additive/crypten' THEN ${fractionBitsOf('additive/crypten')} ELSE ${fractionBitsOf('')} END
      OR coalesce(s.correlations, '') = 'insecureFirstParty'
      OR jsonb_exists_any(s.canonical::jsonb -> 'protocol', ARRAY['truncation', 'comparison']))`,
  ),
};

export const havingSql: Readonly<Record<Having, Prisma.Sql>> = {
  result: sql(`(r.headline IS NOT NULL OR r.provenance = 'imported')`),
  accuracy: sql('r.accuracy IS NOT NULL'),
  interval: sql(`r.headline #>> '{onlineMsPerSample,low}' IS NOT NULL`),
  dealer: sql('r.dealer_bytes > 0'),
  tag: sql('cardinality(r.tags) > 0'),
  note: sql(`r.note <> ''`),
};

/** What a list is sorted by, and the database's type of it. */
export function sortSql(field: SortId): { readonly key: Prisma.Sql; readonly type: Prisma.Sql } {
  const number = numberSql[field as NumberField];
  if (number !== undefined) return { key: Prisma.sql`(${number})::float8`, type: sql('float8') };
  const date = dateSql[field as FieldOf<'date'>];
  if (date !== undefined) return { key: date, type: sql('timestamptz') };
  const key = choiceSql[field as PlainChoice] ?? textSql[field as FieldOf<'text'>];
  return { key, type: sql('text') };
}
