/**
 * A sweep: one spec and, for some of its fields, a list of values. Every combination is a run of its
 * own; all of them share a tag. Browser-safe.
 */
import { z } from 'zod';
import { formatBitRate } from './format.ts';
import { mostSweepRuns } from './sweep-size.ts';
import { fractionBitsOf, variantSteps } from './spec-steps.ts';
import { needsCorrelations } from './spec-ids.ts';
import type { RunSpec } from './run-spec.ts';
import type { LatencyPrediction } from './latency.ts';

/** Start of the tags by which the runs of one sweep are found. */
export const sweepTagStart = 'sweep-';

/**
 * Fields that may be a list: every one of a spec that has more than one legal value. In the order in which
 * they vary, the last one fastest; a whole comes before its parts.
 */
export const sweepFields = [
  'model',
  'approximations.gelu',
  'approximations.softmax',
  'approximations.silu',
  'approximations.layerNorm',
  'approximations.layers',
  'approximations.heads',
  'protocol.variant',
  'protocol.correlations',
  'protocol.ring.fractionBits',
  'protocol.truncation',
  'protocol.comparison',
  'protocol.weights',
  'network',
  'network.backend',
  'network.topology',
  'network.bitsPerSecond',
  'network.rttMs',
  'network.tcp',
  'network.overhead',
  'network.matrix',
  'dataset.id',
  'dataset.samples',
  'sequenceLength',
  'length',
  'measurement.batchSize',
  'measurement.repeats',
  'seed',
  'seed.value',
] as const;
export type SweepField = (typeof sweepFields)[number];

export const sweepAxisSchema = z.strictObject({
  field: z.enum(sweepFields),
  values: z.array(z.unknown()).min(1).max(mostSweepRuns),
});
export const sweepSchema = z.strictObject({
  /** Judged run by run, like any spec. */
  base: z.custom<RunSpec>((value) => typeof value === 'object' && value !== null, 'give a spec'),
  axes: z.array(sweepAxisSchema).max(sweepFields.length),
});
export type SweepAxis = z.infer<typeof sweepAxisSchema>;
export type Sweep = z.infer<typeof sweepSchema>;

/** Characters of a link's name, as network-spec.ts has it. */
const longestLinkName = 60;

type Fields = Record<string, unknown>;
const objectAt = (from: Fields, key: string): Fields => ({ ...(from[key] as Fields) });

function withValue(spec: Fields, path: readonly string[], value: unknown): Fields {
  const [key = '', ...rest] = path;
  return {
    ...spec,
    [key]: rest.length === 0 ? value : withValue(objectAt(spec, key), rest, value),
  };
}

/** Another variant with what it cannot have left out, and its own fraction bits unless others were set. */
function withVariant(spec: RunSpec, variant: RunSpec['protocol']['variant']): RunSpec {
  const { correlations, truncation, comparison, ring, ...rest } = spec.protocol;
  const steps = variantSteps[variant];
  if (steps === undefined) return { ...spec, protocol: { ...spec.protocol, variant } };
  const usual = ring.fractionBits === fractionBitsOf(rest.variant);
  const keepTruncation = truncation !== undefined && steps.truncation.includes(truncation);
  const keepComparison = comparison !== undefined && steps.comparison.includes(comparison);
  return {
    ...spec,
    protocol: {
      ...rest,
      variant,
      ring: { ...ring, fractionBits: usual ? fractionBitsOf(variant) : ring.fractionBits },
      ...(correlations !== undefined && needsCorrelations(variant) ? { correlations } : {}),
      ...(keepTruncation ? { truncation } : {}),
      ...(keepComparison ? { comparison } : {}),
    },
  };
}

/** What a link is called that differs from its profile in one field; the profile's name would be untrue. */
function linkName(name: string, field: SweepField, value: unknown): string {
  const key = field.slice('network.'.length);
  const said =
    typeof value !== 'number'
      ? `${key} ${typeof value === 'string' ? value : 'of its own'}`
      : key === 'rttMs'
        ? `${value} ms`
        : key === 'bitsPerSecond'
          ? formatBitRate(value)
          : `${key} ${value}`;
  // Plain spaces: names are typed into queries.
  return `${name}, ${said}`.replaceAll(/\s/g, ' ').slice(0, longestLinkName);
}

function withField(spec: RunSpec, field: SweepField, value: unknown): RunSpec {
  if (field === 'protocol.variant') {
    return withVariant(spec, value as RunSpec['protocol']['variant']);
  }
  if (field === 'dataset.id') {
    // Whether its samples are pairs follows from the data set, and is filled in anew.
    const { pairs: _pairs, ...dataset } = spec.dataset;
    return { ...spec, dataset: { ...dataset, id: value as string } };
  }
  if (field.startsWith('network.') && typeof spec.network === 'object') {
    const [, key = ''] = field.split('.');
    const network: Fields = { ...spec.network };
    if (JSON.stringify(network[key]) === JSON.stringify(value)) return spec;
    const name = linkName(spec.network.name, field, value);
    return { ...spec, network: { ...network, name, [key]: value } as RunSpec['network'] };
  }
  // Whatever the value is, the result is judged as a spec before anything is done with it.
  return withValue(spec, field.split('.'), value) as unknown as RunSpec;
}

/**
 * All combinations, not yet checked; specs that come out alike (values listed twice) come once.
 * Ordered by `sweepFields`, so that the order of the axes does not matter.
 */
export function expandSweep({ base, axes }: Sweep): readonly RunSpec[] {
  const ordered = axes.toSorted(
    (a, b) => sweepFields.indexOf(a.field) - sweepFields.indexOf(b.field),
  );
  let specs: readonly RunSpec[] = [base];
  for (const { field, values } of ordered) {
    specs = specs.flatMap((spec) => values.map((value) => withField(spec, field, value)));
  }
  return [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
}

/** One run of a sweep before it is queued. */
export interface SweepEntry {
  readonly specHash: string;
  readonly spec: RunSpec;
  readonly issues: readonly { readonly field: string; readonly message: string }[];
  /** Null where the spec cannot be run. */
  readonly latency: LatencyPrediction | null;
  /** The whole run from its start to its end, ms. */
  readonly runMs: number | null;
  /** Online and offline payload of one batch, everybody together. */
  readonly totalBytes: number | null;
  /** Finished runs of this installation with this very spec. */
  readonly identicalRuns: number;
  /** The newest of them; null where there is none. */
  readonly identicalRunId: string | null;
}

export interface SweepPrice {
  readonly count: number;
  readonly entries: readonly SweepEntry[];
  /** Sum over the runs that can be run, one after the other, ms. */
  readonly totalMs: number;
  /** What is ahead of them in the queue, ms. */
  readonly waitMs: number;
}

export interface QueuedSweep {
  readonly tag: string;
  readonly ids: readonly string[];
}
