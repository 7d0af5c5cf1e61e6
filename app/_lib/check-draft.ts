/**
 * A draft is a spec while somebody types it. It is checked in three steps: shape and ranges by the
 * server's own schema, sense by the catalog, and the rest by the server's preview.
 */
import { correlationsIds, runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { SweepField } from '../../server/api/schemas/sweep.ts';
import type { Catalog } from '../../server/api/schemas/run-view.ts';
import { formatCount, plural } from '../../server/api/schemas/format.ts';

/** An emptied number field holds an empty text. */
type Typed = number | string;

export interface SpecDraft {
  model: string;
  dataset: { id: string; samples: Typed };
  sequenceLength: Typed;
  approximations: {
    gelu: string;
    softmax: string;
    silu?: string;
    /** By layer, where they differ. */
    layers?: readonly { readonly gelu: string; readonly softmax: string }[];
    /** By layer, then by head, where heads can differ. */
    heads?: readonly (readonly string[])[];
  };
  /** Who deals is always named here; the spec leaves the default out. Absent steps are the variant's. */
  protocol: {
    variant: string;
    correlations: string;
    truncation?: string;
    comparison?: string;
    ring: { bits: 64; fractionBits: Typed };
  };
  network: {
    name: string;
    backend: string;
    bitsPerSecond: Typed;
    rttMs: Typed;
    topology: string;
    tcp?: string;
    overhead?: Typed;
    matrix?: unknown;
  };
  measurement: { batchSize: Typed; repeats: Typed };
  reveal: 'logits';
  seed: { kind: 'random' | 'insecure'; value: string };
  /** Further values of a sweep, by field; a network by its profile's id. */
  also?: Also;
}

/** Fields whose further values are picked; numbers are typed as a list, "4, 8". */
export const pickedFields = [
  'model',
  'approximations.gelu',
  'approximations.softmax',
  'protocol.variant',
  'network',
] as const satisfies readonly SweepField[];
export type PickedField = (typeof pickedFields)[number];
export type Also = Partial<Record<PickedField, readonly string[]>>;

export interface Issue {
  /** Dotted path in the spec. */
  readonly field: string;
  readonly message: string;
}

export function draftOf(spec: RunSpec): SpecDraft {
  return {
    model: spec.model,
    dataset: { ...spec.dataset },
    sequenceLength: spec.sequenceLength,
    approximations: { ...spec.approximations },
    protocol: {
      ...spec.protocol,
      correlations: spec.protocol.correlations ?? correlationsIds[0],
      ring: { ...spec.protocol.ring },
    },
    network: { ...spec.network },
    measurement: { ...spec.measurement },
    reveal: spec.reveal,
    seed: { kind: spec.seed.kind, value: spec.seed.kind === 'insecure' ? spec.seed.value : '' },
  };
}

/** The draft in the spec's form; not yet checked. */
export function candidateOf(draft: SpecDraft): unknown {
  const { correlations, ...protocol } = draft.protocol;
  const { also: _also, ...spec } = draft;
  return {
    version: 1,
    ...spec,
    protocol: correlations === correlationsIds[0] ? protocol : { ...protocol, correlations },
    seed: draft.seed.kind === 'random' ? { kind: 'random' } : draft.seed,
  };
}

export function checkDraft(
  draft: SpecDraft,
  catalog: Catalog,
): { readonly spec: RunSpec | null; readonly issues: readonly Issue[] } {
  const parsed = runSpecSchema.safeParse(candidateOf(draft));
  const shape: Issue[] = parsed.success
    ? []
    : parsed.error.issues.map(({ path, code, message, ...rest }) => ({
        field: path.join('.'),
        message: explain(code, message, rest as Bounds, valueAt(draft, path)),
      }));
  const sense = [
    ['dataset.id', reasonAgainstDataset(draft.dataset.id, draft, catalog)],
    ['dataset.samples', tooManySamples(draft, catalog)],
    ['measurement.batchSize', batchTooLarge(draft)],
    ['sequenceLength', wrongLength(draft, catalog)],
    ['model', unknownModel(draft, catalog)],
    ['approximations.heads', wrongHeads(draft, catalog)],
    ['approximations.layers', wrongLayers(draft, catalog)],
  ] as const;
  // "The model reads 128" helps more than "at most 512".
  const closer = sense.flatMap(([field, message]) =>
    message === null ? [] : [{ field, message }],
  );
  const issues = [
    ...shape.filter((issue) => !closer.some(({ field }) => field === issue.field)),
    ...closer,
  ];
  return { spec: parsed.success && issues.length === 0 ? parsed.data : null, issues };
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** zod's message in the page's voice: what was given, what is allowed. */
function explain(
  code: string,
  message: string,
  { minimum, maximum }: Bounds,
  value: unknown,
): string {
  if (value === '') return 'Fill this in.';
  if (code === 'too_small' && minimum !== undefined) {
    return `${String(value)} is too small: at least ${formatCount(minimum)}.`;
  }
  if (code === 'too_big' && maximum !== undefined) {
    return `${String(value)} is too large: at most ${formatCount(maximum)}.`;
  }
  if (code === 'invalid_type') return `${String(value)} is not a whole number.`;
  return `${String(value)}: ${message}.`;
}

function valueAt(draft: SpecDraft, path: readonly PropertyKey[]): unknown {
  let value: unknown = draft;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}

function unknownModel(draft: SpecDraft, catalog: Catalog): string | null {
  return catalog.models.some((model) => model.id === draft.model)
    ? null
    : `There is no model “${draft.model}” here: choose ${catalog.models.map((m) => m.id).join(' or ')}.`;
}

/** Why this data set cannot be chosen now, or null. */
export function reasonAgainstDataset(
  id: string,
  draft: SpecDraft,
  catalog: Catalog,
): string | null {
  const dataset = catalog.datasets.find((entry) => entry.id === id);
  if (dataset === undefined) {
    return `There is no data set “${id}” here: choose ${catalog.datasets.map((d) => d.id).join(' or ')}.`;
  }
  const model = catalog.models.find((entry) => entry.id === draft.model);
  if (model === undefined || model.datasets.includes(id)) return null;
  if (model.randomWeights) return `${model.title} has random weights: it reads random inputs only.`;
  if (dataset.kind === 'any') return `${model.title} is trained: it reads what it was trained for.`;
  return model.kind === dataset.kind
    ? `${model.title} was not trained for ${dataset.title}.`
    : `${model.title} reads ${model.kind}, ${dataset.title} holds ${dataset.kind}s.`;
}

function tooManySamples(draft: SpecDraft, catalog: Catalog): string | null {
  const dataset = catalog.datasets.find((entry) => entry.id === draft.dataset.id);
  const samples = Number(draft.dataset.samples);
  return dataset !== undefined && samples > dataset.samples
    ? `${formatCount(samples)} is more than the ${formatCount(dataset.samples)} ${dataset.kind === 'any' ? 'there are' : `held-out samples of ${dataset.title}`}.`
    : null;
}

/** A batch that no inference can fill: what is predicted for it would never be measured. */
function batchTooLarge({ dataset, measurement }: SpecDraft): string | null {
  const samples = Number(dataset.samples);
  const batch = Number(measurement.batchSize);
  if (!Number.isInteger(samples) || samples < 1 || !(batch > samples)) return null;
  return `A batch of ${formatCount(batch)} is more than the ${plural(samples, 'review')} of this run: at most ${formatCount(samples)}.`;
}

function wrongLength(draft: SpecDraft, catalog: Catalog): string | null {
  const model = catalog.models.find((entry) => entry.id === draft.model);
  const length = Number(draft.sequenceLength);
  if (model === undefined || draft.sequenceLength === '' || !Number.isFinite(length)) return null;
  const { minLength, maxLength, title } = model;
  if (length >= minLength && length <= maxLength) return null;
  if (minLength === maxLength) {
    const parts = `${formatCount(maxLength - 1)} patches and the class token`;
    return `Every image of ${title} is ${formatCount(maxLength)} tokens, ${parts}: use ${maxLength}.`;
  }
  // Fewer than any model reads is the schema's to say.
  return length > maxLength
    ? `${formatCount(length)} wordpieces are more than the ${formatCount(maxLength)} that ${title} can read.`
    : null;
}

function wrongHeads({ approximations: { heads }, model }: SpecDraft, catalog: Catalog) {
  const entry = catalog.models.find(({ id }) => id === model);
  if (heads === undefined || entry === undefined) return null;
  if (entry.headKinds === null) return `The heads of ${entry.title} cannot differ.`;
  const fits =
    heads.length === entry.layers && heads.every((layer) => layer.length === entry.heads);
  return fits ? null : `${entry.title} has ${entry.layers} layers of ${entry.heads} heads.`;
}

function wrongLayers({ approximations: { layers }, model }: SpecDraft, catalog: Catalog) {
  const entry = catalog.models.find(({ id }) => id === model);
  if (layers === undefined || entry === undefined || layers.length === entry.layers) return null;
  return `${plural(layers.length, 'layer')} are painted, ${entry.title} has ${entry.layers}.`;
}

/** The draft with another model, and with a data set and a length that this one can read. */
export function withModel(draft: SpecDraft, id: string, { models }: Catalog): SpecDraft {
  const model = models.find((entry) => entry.id === id);
  if (model === undefined) return { ...draft, model: id };
  const { datasets, minLength, maxLength } = model;
  const dataset = datasets.includes(draft.dataset.id) ? draft.dataset.id : datasets[0];
  const length = Number(draft.sequenceLength);
  const kept = Math.min(maxLength, Math.max(minLength, Number.isFinite(length) ? length : 0));
  // What was painted fits no other model.
  const { layers: _layers, heads: _heads, ...approximations } = draft.approximations;
  return {
    ...draft,
    model: id,
    dataset: { ...draft.dataset, id: dataset ?? draft.dataset.id },
    sequenceLength: kept,
    approximations: id === draft.model ? draft.approximations : approximations,
  };
}
