/**
 * The Run form in the address: short readable keys, only for what differs from the preset, so that
 * papers, badges and "Fork" can open `/new?preset=puma-minilm2-imdb-lan&samples=4`.
 */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { draftOf, withModel, type SpecDraft } from './spec-draft.ts';
import { readLinkKeys, sameLink, writeLinkKeys } from './network-query.ts';
import { readAlso, readPaint, writeAlso, writePaint } from './paint-query.ts';
import { withBackend } from './network-draft.ts';
import { numberOrText } from './number-text.ts';

const textKeys = {
  model: (draft: SpecDraft, value: string) => void (draft.model = value),
  dataset: (draft: SpecDraft, value: string) => void (draft.dataset.id = value),
  gelu: (draft: SpecDraft, value: string) => void (draft.approximations.gelu = value),
  softmax: (draft: SpecDraft, value: string) => void (draft.approximations.softmax = value),
  protocol: (draft: SpecDraft, value: string) => void (draft.protocol.variant = value),
  correlations: (draft: SpecDraft, value: string) => void (draft.protocol.correlations = value),
} as const;

const numberKeys = {
  samples: (draft: SpecDraft, value: number | string) => void (draft.dataset.samples = value),
  length: (draft: SpecDraft, value: number | string) => void (draft.sequenceLength = value),
  fractionBits: (draft: SpecDraft, value: number | string) =>
    void (draft.protocol.ring.fractionBits = value),
  batch: (draft: SpecDraft, value: number | string) => void (draft.measurement.batchSize = value),
  repeats: (draft: SpecDraft, value: number | string) => void (draft.measurement.repeats = value),
} as const;

/** Preset and draft that an address asks for; unknown keys are ignored, bad values reach the form. */
export function readQuery(
  query: URLSearchParams,
  catalog: Catalog,
): { readonly presetId: string; readonly draft: SpecDraft } | null {
  const preset =
    catalog.presets.find((entry) => entry.id === query.get('preset')) ?? catalog.presets[0];
  if (preset === undefined) return null;
  const model = query.get('model');
  const own = draftOf(preset.spec);
  // An address that names a model only gets a data set and a length that this one can read.
  const draft = model === null ? own : withModel(own, model, catalog);
  for (const [key, set] of Object.entries(textKeys)) {
    const value = query.get(key);
    if (value !== null) set(draft, value);
  }
  draft.protocol.ring.fractionBits = usualFractionBits(draft, preset.spec, catalog);
  for (const [key, set] of Object.entries(numberKeys)) {
    const value = query.get(key);
    if (value !== null) set(draft, numberOrText(value));
  }
  readPaint(query, draft);
  for (const step of ['truncation', 'comparison'] as const) {
    const value = query.get(step);
    if (value !== null) draft.protocol[step] = value;
  }
  // `length` is how many, `lengths` who may know.
  const shown = query.get('lengths');
  if (shown === 'hidden') delete draft.length;
  else if (shown !== null) draft.length = shown;
  const norm = query.get('layernorm');
  if (norm === 'exact') delete draft.approximations.layerNorm;
  else if (norm !== null) draft.approximations.layerNorm = norm;
  const weights = query.get('weights');
  if (weights === 'shared') delete draft.protocol.weights;
  else if (weights !== null) draft.protocol.weights = weights;
  const also = readAlso(query);
  if (also !== null) draft.also = also;
  const network = query.get('network');
  const profile = catalog.networks.find((entry) => entry.id === network);
  if (profile !== undefined) draft.network = networkOf(profile);
  draft.network = readLinkKeys(query, withAskedPoint(query, draft.network));
  const seed = query.get('seed');
  if (seed !== null) draft.seed = { kind: 'insecure', value: seed };
  return { presetId: preset.id, draft };
}

/** The network at the rate and round trip that an address asks for; itself where it asks for none. */
export function withAskedPoint(
  query: URLSearchParams,
  network: SpecDraft['network'],
): SpecDraft['network'] {
  const rate = query.get('rate');
  const rtt = query.get('rtt');
  if (rate === null && rtt === null) return network;
  // One rate and one round trip: links that differ are asked for with a key of their own.
  const { matrix: _, ...alike } = network;
  return {
    ...withBackend(alike, 'inline'),
    name: query.get('network') ?? 'custom',
    ...(rate === null ? {} : { bitsPerSecond: numberOrText(rate) }),
    ...(rtt === null ? {} : { rttMs: numberOrText(rtt) }),
  };
}

/** Sentences about presets and networks that the address names and this installation does not have. */
export function unknownChoices(query: URLSearchParams, catalog: Catalog): string[] {
  const choices = [
    { field: 'preset', known: catalog.presets, custom: false },
    // A custom link may carry any name, if it says its rate and round trip.
    { field: 'network', known: catalog.networks, custom: query.has('rate') && query.has('rtt') },
  ];
  return choices.flatMap(({ field, known, custom }) => {
    const value = query.get(field);
    if (value === null || custom || known.some(({ id }) => id === value)) return [];
    const ids = known.map(({ id }) => id).join(', ');
    return [`The address asks for ${field} "${value}", which is not here; known: ${ids}.`];
  });
}

export function writeQuery(presetId: string, draft: SpecDraft, catalog: Catalog): URLSearchParams {
  const query = new URLSearchParams({ preset: presetId });
  const preset = catalog.presets.find((entry) => entry.id === presetId);
  if (preset === undefined) return query;
  const base = draftOf(preset.spec);
  const put = (key: string, value: number | string, baseValue: number | string): void => {
    if (value !== baseValue) query.set(key, String(value));
  };
  put('model', draft.model, base.model);
  put('dataset', draft.dataset.id, base.dataset.id);
  put('samples', draft.dataset.samples, base.dataset.samples);
  put('length', draft.sequenceLength, base.sequenceLength);
  if (draft.length !== base.length) query.set('lengths', draft.length ?? 'hidden');
  if (draft.approximations.layerNorm !== base.approximations.layerNorm) {
    query.set('layernorm', draft.approximations.layerNorm ?? 'exact');
  }
  put('gelu', draft.approximations.gelu, base.approximations.gelu);
  put('softmax', draft.approximations.softmax, base.approximations.softmax);
  put('protocol', draft.protocol.variant, base.protocol.variant);
  put('correlations', draft.protocol.correlations, base.protocol.correlations);
  put(
    'fractionBits',
    draft.protocol.ring.fractionBits,
    usualFractionBits(draft, preset.spec, catalog),
  );
  for (const step of ['truncation', 'comparison'] as const) {
    const value = draft.protocol[step];
    if (value !== undefined && value !== base.protocol[step]) query.set(step, value);
  }
  if (draft.protocol.weights !== base.protocol.weights) {
    query.set('weights', draft.protocol.weights ?? 'shared');
  }
  writePaint(query, draft, base);
  writeAlso(query, draft.also ?? {});
  put('batch', draft.measurement.batchSize, base.measurement.batchSize);
  put('repeats', draft.measurement.repeats, base.measurement.repeats);
  if (!sameLink(draft.network, base.network)) {
    const profile = profileOf(draft.network, catalog);
    query.set('network', profile?.id ?? draft.network.name);
    if (profile === undefined) {
      query.set('rate', String(draft.network.bitsPerSecond));
      query.set('rtt', String(draft.network.rttMs));
      writeLinkKeys(query, draft.network);
    }
  }
  if (draft.seed.kind === 'insecure') query.set('seed', draft.seed.value);
  return query;
}

/** The preset's own, or those of the system that another protocol follows. */
function usualFractionBits(draft: SpecDraft, preset: RunSpec, { protocols }: Catalog): number {
  const { variant, ring } = preset.protocol;
  const chosen = protocols.find(({ id }) => id === draft.protocol.variant);
  return draft.protocol.variant === variant || chosen === undefined
    ? ring.fractionBits
    : chosen.defaultFractionBits;
}

export function networkOf(profile: Catalog['networks'][number]): SpecDraft['network'] {
  return {
    // The spec keeps the short name; titles are for people.
    name: profile.id,
    backend: profile.backend,
    bitsPerSecond: profile.bitsPerSecond,
    rttMs: profile.rttMs,
    topology: profile.topology,
    ...(profile.tcp === undefined ? {} : { tcp: profile.tcp }),
    ...(profile.overhead === undefined ? {} : { overhead: profile.overhead }),
    ...(profile.matrix === undefined ? {} : { matrix: profile.matrix }),
  };
}

/** The profile that a network is, by its values; undefined for a custom one. */
export function profileOf(
  network: SpecDraft['network'],
  catalog: Catalog,
): Catalog['networks'][number] | undefined {
  const same = catalog.networks.filter((profile) => sameLink(networkOf(profile), network));
  // Several papers have the same link: the one that is named is meant.
  return same.find(({ id }) => id === network.name) ?? same[0];
}
