/** A draft is a spec while somebody types it. What is wrong with one says check-draft.ts. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { formatCount } from '../../server/api/schemas/format.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { correlationsIds } from '../../server/api/schemas/spec-ids.ts';
import type { SweepField } from '../../server/api/schemas/sweep.ts';

/** An emptied number field holds an empty text. */
type Typed = number | string;

export interface SpecDraft {
  model: string;
  dataset: { id: string; samples: Typed };
  sequenceLength: Typed;
  /** Absent: hidden. */
  length?: string;
  approximations: {
    gelu: string;
    softmax: string;
    silu?: string;
    layerNorm?: string;
    /** By layer, where they differ. */
    layers?: readonly {
      readonly gelu: string;
      readonly softmax: string;
      readonly geluTokens?: readonly number[];
    }[];
    /** By layer, then by head, where heads can differ. */
    heads?: readonly (readonly string[])[];
  };
  /** Who deals is always named here; the spec leaves the default out. Absent steps are the variant's. */
  protocol: {
    variant: string;
    correlations: string;
    truncation?: string;
    comparison?: string;
    weights?: string;
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
    ...(spec.length === undefined ? {} : { length: spec.length }),
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
  const { also: _also, length, ...spec } = draft;
  return {
    version: 1,
    ...spec,
    ...(length === undefined ? {} : { length }),
    protocol: correlations === correlationsIds[0] ? protocol : { ...protocol, correlations },
    seed: draft.seed.kind === 'random' ? { kind: 'random' } : draft.seed,
  };
}

/** More samples than the data set holds, in words; else null. */
export function tooManySamples(draft: SpecDraft, catalog: Catalog): string | null {
  const dataset = catalog.datasets.find((entry) => entry.id === draft.dataset.id);
  const samples = Number(draft.dataset.samples);
  return dataset !== undefined && samples > dataset.samples
    ? `${formatCount(samples)} is more than the ${formatCount(dataset.samples)} ${dataset.kind === 'any' ? 'there are' : `held-out samples of ${dataset.title}`}.`
    : null;
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

/**
 * Why a sweep of this draft cannot have this model too: a sweep changes the model and nothing else. Null
 * where it can.
 */
export function reasonAgainstModel(id: string, draft: SpecDraft, catalog: Catalog): string | null {
  const other = { ...draft, model: id };
  const dataset = reasonAgainstDataset(draft.dataset.id, other, catalog);
  if (dataset !== null) return dataset;
  const model = catalog.models.find((entry) => entry.id === id);
  const length = Number(draft.sequenceLength);
  // A list of lengths is judged run by run, in the sweep's table.
  if (model === undefined || !Number.isFinite(length)) return null;
  const { minLength, maxLength, title, layers, heads, headKinds } = model;
  if (length < minLength || length > maxLength) {
    return minLength === maxLength
      ? `${title} reads ${formatCount(maxLength)} tokens, no other number.`
      : `${title} reads ${formatCount(minLength)} to ${formatCount(maxLength)} tokens.`;
  }
  const { layers: painted, heads: paintedHeads } = draft.approximations;
  if (painted !== undefined && painted.length !== layers) {
    return `${title} has ${layers} layers, ${painted.length} are painted.`;
  }
  if (paintedHeads === undefined) return null;
  return headKinds !== null &&
    paintedHeads.length === layers &&
    paintedHeads.every((layer) => layer.length === heads)
    ? null
    : `What is painted head by head does not fit ${title}.`;
}

/**
 * The draft with another model, with a data set and a length that this one can read, and with the functions
 * that its weights were made for. Coming from such a model, functions that were its go: to those of the
 * first preset, made for weights of every kind.
 */
export function withModel(draft: SpecDraft, id: string, catalog: Catalog): SpecDraft {
  const { models } = catalog;
  const model = models.find((entry) => entry.id === id);
  if (model === undefined) return { ...draft, model: id };
  const { datasets, minLength, maxLength } = model;
  const dataset = datasets.includes(draft.dataset.id) ? draft.dataset.id : datasets[0];
  const length = Number(draft.sequenceLength);
  const kept = Math.min(maxLength, Math.max(minLength, Number.isFinite(length) ? length : 0));
  // What was painted fits no other model.
  const { layers: _layers, heads: _heads, layerNorm, ...functions } = draft.approximations;
  const approximations =
    layerNorm === undefined || model.layerNorm !== true ? functions : { ...functions, layerNorm };
  const before = models.find((entry) => entry.id === draft.model)?.madeFor;
  const usual = catalog.presets[0]?.spec.approximations;
  const own = (field: 'gelu' | 'softmax'): string => {
    const left = before?.[field] !== undefined && before[field] === approximations[field];
    return model.madeFor?.[field] ?? (left ? usual?.[field] : undefined) ?? approximations[field];
  };
  const { length: shown, ...others } = draft;
  return {
    ...others,
    ...(shown === undefined || model.padded !== true ? {} : { length: shown }),
    model: id,
    dataset: { ...draft.dataset, id: dataset ?? draft.dataset.id },
    sequenceLength: kept,
    approximations:
      id === draft.model
        ? draft.approximations
        : { ...approximations, gelu: own('gelu'), softmax: own('softmax') },
  };
}
