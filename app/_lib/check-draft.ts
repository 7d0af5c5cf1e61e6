/**
 * What is wrong with a draft (spec-draft.ts). It is checked in three steps: shape and ranges by the
 * server's own schema, sense by the catalog, and the rest by the server's preview.
 */
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { leastTokens } from '../../server/api/schemas/spec-ids.ts';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import { sampleWord } from '../../server/api/schemas/spec-settings.ts';
import {
  candidateOf,
  reasonAgainstDataset,
  tooManySamples,
  type Issue,
  type SpecDraft,
} from './spec-draft.ts';

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

/** A batch that no inference can fill: what is predicted for it would never be measured. */
function batchTooLarge({ dataset, measurement }: SpecDraft): string | null {
  const samples = Number(dataset.samples);
  const batch = Number(measurement.batchSize);
  if (!Number.isInteger(samples) || samples < 1 || !(batch > samples)) return null;
  return `A batch of ${formatCount(batch)} is more than the ${plural(samples, sampleWord({ dataset }))} of this run: at most ${formatCount(samples)}.`;
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
    : length >= leastTokens
      ? `${formatCount(length)} tokens are fewer than the ${formatCount(minLength)} that ${title} reads.`
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
