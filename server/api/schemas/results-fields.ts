/**
 * The fields of the results' query language: their names, what values they take, what they mean.
 * Browser-safe; what each is in the database stands in server/results/field-sql.ts.
 */
import { correlationsIds, geluIds, softmaxIds, variantIds } from './spec-ids.ts';
import { runStates } from './run-view.ts';

/** What a number measures, and so which units it may be written in. */
export type Dimension = 'time' | 'bytes' | 'rate' | 'fraction' | 'count' | 'value';

interface FieldBase {
  readonly id: string;
  /** Other names that mean the same. */
  readonly aliases: readonly string[];
  readonly help: string;
}

/** Free text: `field:part` finds it anywhere, `field=whole` the whole of it, case ignored. */
interface TextField extends FieldBase {
  readonly type: 'text';
  /** Known values, offered while typing; others are allowed. */
  readonly values: readonly string[];
}

/** One of a few words. */
interface ChoiceField extends FieldBase {
  readonly type: 'choice';
  readonly values: readonly string[];
}

interface NumberField extends FieldBase {
  readonly type: 'number';
  readonly dimension: Dimension;
  /** What a value may look like, for completion. */
  readonly example: string;
}

/** A day, `2026-11-22`, or an instant in ISO 8601, UTC. */
interface DateField extends FieldBase {
  readonly type: 'date';
}

export type Field = TextField | ChoiceField | NumberField | DateField;

const text = <const I extends string>(
  id: I,
  aliases: readonly string[],
  help: string,
  values: readonly string[] = [],
) => ({ id, aliases, help, type: 'text', values }) as const;

const choice = <const I extends string>(
  id: I,
  aliases: readonly string[],
  help: string,
  values: readonly string[],
) => ({ id, aliases, help, type: 'choice', values }) as const;

const number = <const I extends string>(
  id: I,
  aliases: readonly string[],
  dimension: Dimension,
  example: string,
  help: string,
) => ({ id, aliases, help, type: 'number', dimension, example }) as const;

const date = <const I extends string>(id: I, aliases: readonly string[], help: string) =>
  ({ id, aliases, help, type: 'date' }) as const;

/** `is:` and `-is:`. */
export const flags = [
  'done',
  'ended',
  'active',
  'starred',
  'archived',
  'shipped',
  'insecure',
  'random',
  'custom',
] as const;
export type Flag = (typeof flags)[number];

/** `has:` and `-has:`. */
export const havings = ['result', 'accuracy', 'interval', 'dealer', 'tag', 'note'] as const;
export type Having = (typeof havings)[number];

export const provenanceClasses = [
  'measured',
  'predicted',
  'replayed',
  'reported',
  'imported',
] as const;

export const fields = [
  text('approx', ['approximation', 'function'], 'GELU or softmax function, or the pair’s name', [
    ...new Set([...geluIds, ...softmaxIds]),
  ]),
  text('variant', ['protocol'], 'protocol variant', variantIds),
  text('model', [], 'checkpoint'),
  text('dataset', ['data'], 'data set'),
  text('network', ['net', 'link-name'], 'name of the link profile'),
  text('gelu', [], 'GELU function', geluIds),
  text('softmax', [], 'softmax function', softmaxIds),
  text('tag', ['tags'], 'a tag that somebody gave'),
  text('note', [], 'words of the note'),
  text('machine', ['cpu'], 'processor that ran it'),
  text('commit', ['engine'], 'engine commit'),
  text('id', ['run'], 'id of the run'),
  text('spec', ['hash'], 'hash of the spec'),
  choice('state', ['status'], 'where the run is in its life', runStates),
  choice('class', ['provenance'], 'where its numbers come from', provenanceClasses),
  choice('origin', ['by'], 'who asked for it', ['web', 'cli', 'first-start']),
  choice('link', ['certificate'], 'verdict of the link check', ['met', 'not-met', 'none']),
  choice('dealing', ['correlations'], 'who deals correlations', [...correlationsIds, 'none']),
  choice('is', [], 'a state of affairs', flags),
  choice('has', [], 'something there is', havings),
  choice('with', [], 'show also what is hidden by default', ['archived']),
  number('acc', ['accuracy', 'secure'], 'fraction', '0.9', 'secure accuracy'),
  number('plain', ['plaintext'], 'fraction', '80%', 'plaintext accuracy'),
  number('latency', ['online'], 'time', '500ms', 'online time per sample, median'),
  number('batchtime', [], 'time', '2s', 'online time per batch, median'),
  number('offline', [], 'time', '1s', 'offline time per batch, median'),
  number('total', ['end-to-end'], 'time', '3s', 'online and offline time per batch, median'),
  number('bytes', ['sent'], 'bytes', '200MB', 'sent online per batch by the busiest party'),
  number('allbytes', [], 'bytes', '1GB', 'sent per batch by all parties and the dealer'),
  number('dealt', ['dealerbytes'], 'bytes', '300MB', 'sent per batch by the dealer'),
  number('rounds', [], 'count', '700', 'online rounds of a batch'),
  number('memory', ['rss'], 'bytes', '1GiB', 'peak resident memory of a party or dealer'),
  number('unlike', ['disagreement'], 'count', '0', 'labels unlike the plaintext ones'),
  number('error', [], 'value', '0.001', 'largest logit error of the protocol'),
  number('rtt', [], 'time', '40ms', 'round-trip time that was asked for'),
  number('rate', ['bandwidth'], 'rate', '100Mbit/s', 'rate that was asked for'),
  number('samples', ['n'], 'count', '16', 'samples'),
  number('length', ['tokens'], 'count', '128', 'tokens per sample'),
  number('batch', [], 'count', '1', 'samples per batch'),
  number('repeats', [], 'count', '7', 'repeats'),
  number('bits', ['fraction-bits'], 'count', '18', 'fraction bits of the ring'),
  number('latency-least', [], 'time', '1s', 'online time per sample, the least of its inferences'),
  number('latency-most', [], 'time', '1s', 'online time per sample, the most of its inferences'),
  number('latency-tail', [], 'time', '1s', 'online time per sample, 95th percentile'),
  number('batchtime-least', [], 'time', '1s', 'online time per batch, the least of its inferences'),
  number('batchtime-most', [], 'time', '1s', 'online time per batch, the most of its inferences'),
  number('batchtime-tail', [], 'time', '1s', 'online time per batch, 95th percentile'),
  number('offline-least', [], 'time', '1s', 'offline time per batch, the least of its inferences'),
  number('offline-most', [], 'time', '1s', 'offline time per batch, the most of its inferences'),
  number('offline-tail', [], 'time', '1s', 'offline time per batch, 95th percentile'),
  number(
    'total-least',
    [],
    'time',
    '1s',
    'online and offline time per batch, the least of its inferences',
  ),
  number(
    'total-most',
    [],
    'time',
    '1s',
    'online and offline time per batch, the most of its inferences',
  ),
  number('total-tail', [], 'time', '1s', 'online and offline time per batch, 95th percentile'),
  number('age', [], 'time', '7d', 'time since it was created'),
  date('created', ['date'], 'when it was created'),
  date('finished', [], 'when it ended'),
] as const satisfies readonly Field[];

export type FieldId = (typeof fields)[number]['id'];
export type FieldOf<T extends Field['type']> = Extract<(typeof fields)[number], { type: T }>['id'];

/** Fields that a list can be sorted by. */
export type SortId = Exclude<FieldId, 'tag' | 'note' | 'is' | 'has' | 'with' | 'age'>;

const unsortable: readonly string[] = ['tag', 'note', 'is', 'has', 'with', 'age'];

export const sortIds = fields.map(({ id }) => id).filter((id): id is SortId => isSortable(id));

function isSortable(id: string): id is SortId {
  return !unsortable.includes(id);
}

/** Fields that runs can be put together by: an instant or an id would make a group of each run. */
export type GroupId = Exclude<SortId, 'id' | 'created' | 'finished'>;

const ungroupable: readonly string[] = ['id', 'created', 'finished'];

export const groupIds = sortIds.filter((id): id is GroupId => !ungroupable.includes(id));

const byName = new Map<string, (typeof fields)[number]>(
  fields.flatMap((field) => [field.id, ...field.aliases].map((name) => [name, field] as const)),
);

/** A field by its name or alias, case ignored. */
export const fieldNamed = (name: string): (typeof fields)[number] | undefined =>
  byName.get(name.toLowerCase());

/** Every name that means a field, aliases included; `sort` and `group` are words of the language too. */
export const fieldNames: readonly string[] = [...byName.keys(), 'sort', 'group'];
