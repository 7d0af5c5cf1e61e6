/** Lists in the form's fields: the draft of the first run, and the axes along which others differ. */
import type { SweepAxis, SweepField } from '../../server/api/schemas/sweep.ts';
import { mostSweepRuns, sweepSize } from '../../server/api/schemas/sweep-size.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { pickedFields, type PickedField, type SpecDraft } from './spec-draft.ts';
import { numberOrText } from './number-text.ts';
import { networkOf } from './spec-query.ts';

type Typed = number | string;

/** Several numbers with commas between; null for a single value, or where one is no number. */
export function listOf(value: Typed): readonly number[] | null {
  if (typeof value === 'number' || !value.includes(',')) return null;
  const parts = value.split(',').map((part) => part.trim());
  // "4," is a list that is being typed.
  const numbers = parts.filter((part) => part !== '').map(numberOrText);
  if (numbers.length === 0 || numbers.some((one) => typeof one !== 'number')) return null;
  return [...new Set(numbers as number[])];
}

/** Number fields of the form, by the field of the spec. */
const typedFields = {
  'dataset.samples': {
    get: (draft: SpecDraft) => draft.dataset.samples,
    set: (draft: SpecDraft, samples: Typed) => ({
      ...draft,
      dataset: { ...draft.dataset, samples },
    }),
  },
  sequenceLength: {
    get: (draft: SpecDraft) => draft.sequenceLength,
    set: (draft: SpecDraft, sequenceLength: Typed) => ({ ...draft, sequenceLength }),
  },
  'protocol.ring.fractionBits': {
    get: (draft: SpecDraft) => draft.protocol.ring.fractionBits,
    set: (draft: SpecDraft, fractionBits: Typed) => ({
      ...draft,
      protocol: { ...draft.protocol, ring: { ...draft.protocol.ring, fractionBits } },
    }),
  },
  'measurement.batchSize': {
    get: (draft: SpecDraft) => draft.measurement.batchSize,
    set: (draft: SpecDraft, batchSize: Typed) => ({
      ...draft,
      measurement: { ...draft.measurement, batchSize },
    }),
  },
  'measurement.repeats': {
    get: (draft: SpecDraft) => draft.measurement.repeats,
    set: (draft: SpecDraft, repeats: Typed) => ({
      ...draft,
      measurement: { ...draft.measurement, repeats },
    }),
  },
} as const satisfies Partial<Record<SweepField, unknown>>;

const pickedValue = (draft: SpecDraft, field: PickedField): unknown => {
  if (field === 'network') return draft.network;
  if (field === 'model') return draft.model;
  if (field === 'protocol.variant') return draft.protocol.variant;
  return field === 'approximations.gelu' ? draft.approximations.gelu : draft.approximations.softmax;
};

export interface DraftSweep {
  /** The draft with the first value of every list. */
  readonly first: SpecDraft;
  /** Empty where no field has a list. */
  readonly axes: readonly SweepAxis[];
  readonly count: number;
  /** Why these lists cannot be queued; null where they can. */
  readonly tooMany: string | null;
}

export function splitDraft(draft: SpecDraft, catalog: Catalog): DraftSweep {
  let first = draft;
  const axes: SweepAxis[] = [];
  for (const [field, { get, set }] of Object.entries(typedFields)) {
    const values = listOf(get(first));
    if (values === null) continue;
    first = set(first, values[0] ?? '');
    if (values.length > 1) axes.push({ field: field as SweepField, values: [...values] });
  }
  for (const field of pickedFields) {
    const own = pickedValue(draft, field);
    const others = (draft.also?.[field] ?? []).flatMap((id): unknown[] => {
      if (field !== 'network') return [id];
      const profile = catalog.networks.find((entry) => entry.id === id);
      return profile === undefined ? [] : [networkOf(profile)];
    });
    const different = others.filter((value) => JSON.stringify(value) !== JSON.stringify(own));
    if (different.length > 0) axes.push({ field, values: [own, ...different] });
  }
  const count = sweepSize(axes);
  return {
    first,
    axes,
    count,
    tooMany:
      count > mostSweepRuns
        ? `The lists multiply to ${count} runs; one sweep queues at most ${mostSweepRuns}. Shorten a list.`
        : null,
  };
}
