/**
 * The columns of the results: the one list that the table, its exports and comparisons read.
 * Browser-safe. Long because it is a list.
 */
import {
  exactBytes,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDate,
  formatRoundTrip,
  formatSignificant,
} from './format.ts';
import {
  bytes,
  extremes,
  headline,
  largest,
  number,
  share,
  text,
  time,
  type Column,
} from './results-column.ts';
import type { ResultRow } from './results-row.ts';
import { correlationsOfSpec } from './spec-ids.ts';
import { approximationName } from './spec-names.ts';
import { customParts, variantName } from './spec-steps.ts';

const count = (value: number): string => formatCount(value);
const batchOf = ({ headline, spec }: ResultRow): string =>
  headline === null ? '' : `a batch of ${spec.measurement.batchSize}`;

export const columns: readonly Column[] = [
  text(
    ...(['name', 'Run', 'Approximation, model and protocol', 'spec'] as const),
    (run) => approximationName(run.spec.approximations),
    {
      key: 'approximation',
      sort: 'approx',
      width: 188,
      note: ({ spec, origin }) =>
        `${spec.model}, ${spec.protocol.variant}${origin === 'first-start' ? ', first run' : ''}`,
    },
  ),
  text('state', 'State', 'Where the run is in its life', 'run', (run) => run.state, {
    sort: 'state',
    width: 110,
  }),
  text('created', 'Created', 'When it was asked for, UTC', 'run', (run) => run.createdAt, {
    key: 'created_utc',
    sort: 'created',
    width: 90,
    title: (run) => formatDate(run.createdAt),
  }),
  text(
    'network',
    'Network',
    'Link profile that was asked for',
    'spec',
    (run) => run.spec.network.name,
    {
      sort: 'network',
      width: 84,
      note: ({ spec: { network }, linkVerdict }) =>
        linkVerdict === 'not met'
          ? 'not met'
          : network.backend === 'none'
            ? ''
            : formatBitRate(network.bitsPerSecond),
    },
  ),
  number(
    'samples',
    'Samples',
    'Reviews, images or random inputs',
    'spec',
    'samples',
    null,
    (run) => run.spec.dataset.samples,
    count,
    { sort: 'samples', width: 78 },
  ),
  share(
    'accuracy',
    'Secure accuracy',
    'Of the labels that the secure run revealed; 95 % Wilson interval',
    'secure_accuracy',
    ({ secure }) => secure,
    'acc',
    true,
  ),
  time(
    'latency',
    'Online, per sample',
    'From the first party’s start to the last one’s end, over the batch size; median and 95 % interval',
    'online_ms_per_sample',
    (h) => h.onlineMsPerSample,
    'latency',
  ),
  number(
    ...([
      'bytes',
      'Sent per party',
      'Payload that the busiest party sends online in one batch',
      'result',
      'online_sent_bytes_max',
      'less',
    ] as const),
    headline((h) => largest(h.onlineBytesSent)),
    formatBytes,
    {
      sort: 'bytes',
      width: 120,
      note: batchOf,
      title: ({ headline }) =>
        headline === null ? '' : exactBytes(largest(headline.onlineBytesSent)),
    },
  ),
  number(
    'rounds',
    'Rounds',
    'Online, of one batch: the longest chain of messages',
    'result',
    'rounds',
    'less',
    headline((h) => h.rounds),
    count,
    { sort: 'rounds', width: 76 },
  ),
  text('model', 'Model', 'Checkpoint', 'spec', (run) => run.spec.model, { sort: 'model' }),
  text('dataset', 'Data set', 'Where the inputs come from', 'spec', (run) => run.spec.dataset.id, {
    sort: 'dataset',
  }),
  text('variant', 'Protocol', 'Protocol variant', 'spec', (run) => run.spec.protocol.variant, {
    key: 'protocol',
    sort: 'variant',
    note: ({ spec }) => (customParts(spec.protocol).length === 0 ? '' : 'custom'),
    title: ({ spec }) => variantName(spec.protocol),
  }),
  text(
    ...(['custom', 'Custom settings', 'In what the protocol differs from its variant'] as const),
    'spec',
    (run) => customParts(run.spec.protocol).join(', '),
    { key: 'custom_settings', width: 190 },
  ),
  text('gelu', 'GELU', 'Function in place of GELU', 'spec', (run) => run.spec.approximations.gelu, {
    sort: 'gelu',
    width: 130,
  }),
  text(
    'softmax',
    'Softmax',
    'Function in place of softmax',
    'spec',
    (run) => run.spec.approximations.softmax,
    { sort: 'softmax', width: 130 },
  ),
  text(
    'dealing',
    'Correlations',
    'Who deals correlated randomness',
    'spec',
    (run) => correlationsOfSpec(run.spec) ?? 'none',
    { key: 'correlations', sort: 'dealing', width: 150 },
  ),
  number(
    'rtt',
    'RTT',
    'Round-trip time that was asked for',
    'spec',
    'rtt_ms',
    null,
    (run) => run.spec.network.rttMs,
    formatRoundTrip,
    { sort: 'rtt', width: 116 },
  ),
  number(
    'rate',
    'Rate',
    'Rate that was asked for, each direction',
    'spec',
    'rate_bits_per_second',
    null,
    (run) => run.spec.network.bitsPerSecond,
    formatBitRate,
    { sort: 'rate', width: 116 },
  ),
  number(
    'length',
    'Tokens',
    'Tokens per sample, padding included',
    'spec',
    'tokens',
    null,
    (run) => run.spec.sequenceLength,
    count,
    { sort: 'length', width: 90 },
  ),
  number(
    'batch',
    'Batch',
    'Samples per batch',
    'spec',
    'batch_size',
    null,
    (run) => run.spec.measurement.batchSize,
    count,
    { sort: 'batch', width: 84 },
  ),
  number(
    'repeats',
    'Repeats',
    'Passes over the samples; of more than one the first is dropped',
    'spec',
    'repeats',
    null,
    (run) => run.spec.measurement.repeats,
    count,
    { sort: 'repeats', width: 96 },
  ),
  number(
    'bits',
    'Fraction bits',
    'Of the ring’s fixed-point numbers',
    'spec',
    'fraction_bits',
    null,
    (run) => run.spec.protocol.ring.fractionBits,
    count,
    { sort: 'bits', width: 116 },
  ),
  share(
    'plaintext',
    'Plaintext accuracy',
    'Of the float model on the same samples',
    'plaintext_accuracy',
    ({ plaintext }) => plaintext,
    'plain',
    false,
  ),
  time(
    'batchtime',
    'Online, per batch',
    'Median and 95 % interval',
    'online_ms',
    (h) => h.onlineMs,
    'batchtime',
  ),
  ...extremes('latency', 'Online, per sample', 'online_ms_per_sample', (h) => h.onlineMsPerSample),
  ...extremes('batchtime', 'Online, per batch', 'online_ms', (h) => h.onlineMs),
  time(
    'offline',
    'Offline, per batch',
    'Before the inputs are known: the dealer makes and sends correlations',
    'offline_ms',
    (h) => h.offlineMs,
    'offline',
  ),
  ...extremes('offline', 'Offline, per batch', 'offline_ms', (h) => h.offlineMs),
  time(
    'total',
    'Online + offline',
    'Per batch, inference by inference',
    'total_ms',
    (h) => h.totalMs,
    'total',
  ),
  ...extremes('total', 'Online + offline', 'total_ms', (h) => h.totalMs),
  bytes(
    'allbytes',
    'Sent by all',
    'Payload of all parties and the dealer, both phases, one batch',
    'total_sent_bytes',
    (h) => h.totalBytesSent,
    'allbytes',
  ),
  bytes(
    'dealt',
    'Sent by the dealer',
    'Payload of the dealer, offline, one batch',
    'dealer_sent_bytes',
    (h) => h.dealerBytes,
    'dealt',
  ),
  bytes(
    'memory',
    'Peak memory',
    'Largest resident set over parties and dealer',
    'peak_rss_bytes',
    (h) => h.peakRssBytes,
    'memory',
  ),
  number(
    'unlike',
    'Unlike plaintext',
    'Samples whose secure label differs from the plaintext one',
    'result',
    'labels_unlike_plaintext',
    'less',
    headline((h) => h.disagreement?.withPlaintext ?? null),
    count,
    { sort: 'unlike', width: 136 },
  ),
  number(
    'error',
    'Protocol error',
    'Largest logit difference to the same arithmetic in the clear',
    'result',
    'max_logit_error',
    'less',
    headline((h) => h.maxLogitError.protocol),
    (value) => formatSignificant(value),
    { sort: 'error', width: 128 },
  ),
  text('link', 'Link', 'Verdict of the link check', 'run', (run) => run.linkVerdict, {
    key: 'link_check',
    sort: 'link',
    width: 90,
  }),
  text('class', 'Provenance', 'Where the numbers come from', 'run', (run) => run.provenance, {
    key: 'provenance',
    sort: 'class',
    width: 120,
    note: (run) => (run.shipped ? 'shipped' : ''),
  }),
  text('origin', 'Asked by', 'Web, command line, or first start', 'run', (run) => run.origin, {
    sort: 'origin',
    width: 110,
  }),
  text(
    'tags',
    'Tags',
    'Given by people',
    'people',
    (run) => (run.tags.length === 0 ? null : run.tags.join(', ')),
    { width: 140 },
  ),
  text(
    'note',
    'Note',
    'Written by people',
    'people',
    (run) => (run.note === '' ? null : run.note),
    { width: 220 },
  ),
  text('machine', 'Machine', 'Processor and cores', 'run', (run) => run.machine, {
    sort: 'machine',
    width: 220,
  }),
  text('commit', 'Engine commit', 'Of the engine that ran it', 'run', (run) => run.commit, {
    sort: 'commit',
    width: 136,
  }),
  text('finished', 'Finished', 'When it ended, UTC', 'run', (run) => run.finishedAt, {
    key: 'finished_utc',
    sort: 'finished',
    width: 124,
    title: (run) => (run.finishedAt === null ? '' : formatDate(run.finishedAt)),
  }),
  text('id', 'Id', 'Id of the run', 'run', (run) => run.id, { key: 'run', sort: 'id', width: 130 }),
  text('spec', 'Spec', 'SHA-256 of the spec', 'spec', (run) => run.specHash, {
    key: 'spec_sha256',
    sort: 'spec',
    width: 130,
  }),
];

/** What a table shows before anybody chooses. */
export const defaultColumns: readonly string[] = [
  'name',
  'state',
  'created',
  'network',
  'samples',
  'accuracy',
  'latency',
  'bytes',
  'rounds',
];

/** On a narrow screen: which run, how accurate, how fast. */
export const narrowColumns: readonly string[] = ['name', 'accuracy', 'latency'];

const byId = new Map(columns.map((column) => [column.id, column]));

export const columnById = (id: string): Column | undefined => byId.get(id);

/** The columns of these ids, in their order; unknown ids are left out. */
export const columnsOf = (ids: readonly string[]): readonly Column[] =>
  ids.flatMap((id) => byId.get(id) ?? []);
