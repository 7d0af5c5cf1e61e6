/**
 * The Run page's form against the server: what the form lets one choose is accepted by the schema and by
 * check-spec, and what it disables has a reason and would be refused. The form's own functions make the
 * drafts, over the real catalog, so that neither side can change alone.
 */
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../app/_lib/check-draft.ts';
import {
  asCustom,
  reasonAgainstNetwork,
  reasonAgainstTopology,
  withBackend,
} from '../../app/_lib/network-draft.ts';
import { withVariant } from '../../app/_lib/protocol-draft.ts';
import {
  candidateOf,
  draftOf,
  reasonAgainstDataset,
  reasonAgainstModel,
  withModel,
  type SpecDraft,
} from '../../app/_lib/spec-draft.ts';
import { networkOf } from '../../app/_lib/spec-query.ts';
import { networkBackendIds, topologyIds } from '../../server/api/schemas/network-limits.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import {
  comparisonIds,
  reasonAgainstStep,
  truncationIds,
  variantSteps,
} from '../../server/api/schemas/spec-steps.ts';
import {
  correlationsIds,
  headKindIds,
  maxRepeats,
  variantIds,
} from '../../server/api/schemas/spec-ids.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { priceOf } from '../../server/runs/price.ts';

/** Memory is this machine's matter, not the form's: the largest shapes fit into this one. */
const roomy = 2 ** 50;

const catalog: Catalog = await readCatalog();
const [preset] = catalog.presets;
if (preset === undefined) throw new Error('there is no preset to start from');
const base = draftOf(preset.spec);
const small = 'minilm-2l-imdb';

interface Judged {
  readonly form: readonly string[];
  readonly server: readonly string[];
}

/** Fields that are at fault, by the form's check and by the server's. */
async function judge(draft: SpecDraft): Promise<Judged> {
  const { issues } = checkDraft(draft, catalog);
  const server = await checkSpec(candidateOf(draft), roomy);
  return {
    form: issues.map(({ field }) => field),
    server: server.issues.map(({ field }) => field),
  };
}

const accepted: Judged = { form: [], server: [] };

/** Both refuse, and both name this field. */
async function expectRefused(draft: SpecDraft, field: string): Promise<void> {
  const { form, server } = await judge(draft);
  expect(form, `the form on ${field}`).toContain(field);
  expect(server, `the server on ${field}`).toContain(field);
}

const withProtocol = (draft: SpecDraft, variant: string): SpecDraft => ({
  ...draft,
  protocol: withVariant(draft.protocol, variant, catalog),
});

describe('model, data and length', () => {
  test.each(catalog.models.map(({ id }) => [id]))(
    '%s: what the form makes of it is right',
    async (id) => {
      expect(await judge(withModel(base, id, catalog))).toEqual(accepted);
    },
  );

  test.each(catalog.models.map((model) => [model.id, model] as const))(
    '%s: data sets are disabled exactly where they are refused',
    async (id, model) => {
      const draft = withModel(base, id, catalog);
      for (const dataset of catalog.datasets) {
        const reason = reasonAgainstDataset(dataset.id, draft, catalog);
        const other = { ...draft, dataset: { ...draft.dataset, id: dataset.id } };
        if (reason === null) expect(await judge(other), dataset.id).toEqual(accepted);
        else await expectRefused(other, 'dataset.id');
        expect(reason === null, dataset.id).toBe(model.datasets.includes(dataset.id));
      }
    },
  );

  test.each(catalog.models.map((model) => [model.id, model] as const))(
    '%s: lengths from its least to its most, and none beyond',
    async (id, { minLength, maxLength }) => {
      const draft = withModel(base, id, catalog);
      for (const sequenceLength of [minLength, maxLength]) {
        expect(await judge({ ...draft, sequenceLength })).toEqual(accepted);
      }
      for (const sequenceLength of [minLength - 1, maxLength + 1]) {
        await expectRefused({ ...draft, sequenceLength }, 'sequenceLength');
      }
    },
  );

  test('a sweep offers another model exactly where it can have the rest of the draft', async () => {
    for (const { id: from } of catalog.models) {
      const draft = withModel(base, from, catalog);
      for (const { id } of catalog.models) {
        const { form, server } = await judge({ ...draft, model: id });
        const free = reasonAgainstModel(id, draft, catalog) === null;
        expect(form.length === 0, `${from} to ${id}, the form`).toBe(free);
        expect(server.length === 0, `${from} to ${id}, the server`).toBe(free);
      }
    }
  });

  test('numbers: the ends are accepted, one beyond is refused', async () => {
    const { samples: most = 0 } = catalog.datasets.find(({ id }) => id === base.dataset.id) ?? {};
    const samples = (count: number): SpecDraft => ({
      ...base,
      dataset: { ...base.dataset, samples: count },
      measurement: { ...base.measurement, batchSize: 1 },
    });
    const repeats = (count: number): SpecDraft => ({
      ...base,
      measurement: { ...base.measurement, repeats: count },
    });
    for (const draft of [
      samples(1),
      samples(Math.min(500, most)),
      repeats(1),
      repeats(maxRepeats),
    ]) {
      expect(await judge(draft)).toEqual(accepted);
    }
    for (const draft of [samples(0), samples(Math.min(500, most) + 1), samples(1.5)]) {
      await expectRefused(draft, 'dataset.samples');
    }
    for (const draft of [repeats(0), repeats(maxRepeats + 1)]) {
      await expectRefused(draft, 'measurement.repeats');
    }
    // Kept apart: the server measures what there is, the form says that no batch would be full.
    const unfilled = { ...samples(2), measurement: { ...base.measurement, batchSize: 4 } };
    expect(await judge(unfilled)).toEqual({ form: ['measurement.batchSize'], server: [] });
  });
});

describe('protocol', () => {
  test.each(variantIds.map((id) => [id]))(
    '%s: as it is, and with every setting',
    async (variant) => {
      const draft = withProtocol(base, variant);
      expect(await judge(draft)).toEqual(accepted);
      for (const fractionBits of [15, 16, 17, 18]) {
        const ring = { ...draft.protocol.ring, fractionBits };
        expect(await judge({ ...draft, protocol: { ...draft.protocol, ring } })).toEqual(accepted);
      }
      for (const fractionBits of [14, 19]) {
        const ring = { ...draft.protocol.ring, fractionBits };
        await expectRefused(
          { ...draft, protocol: { ...draft.protocol, ring } },
          'protocol.ring.fractionBits',
        );
      }
      for (const [field, ids] of [
        ['truncation', truncationIds],
        ['comparison', comparisonIds],
      ] as const) {
        for (const step of ids) {
          const reason = reasonAgainstStep(variant, step);
          const other = { ...draft, protocol: { ...draft.protocol, [field]: step } };
          if (reason === null) expect(await judge(other), step).toEqual(accepted);
          else await expectRefused(other, `protocol.${field}`);
        }
      }
    },
  );

  test('who deals is offered exactly where somebody has to', async () => {
    for (const { id, needsCorrelations } of catalog.protocols) {
      const draft = withProtocol(base, id);
      for (const correlations of correlationsIds) {
        const other = { ...draft, protocol: { ...draft.protocol, correlations } };
        // The dealer is the default, which a draft of three parties holds and a spec leaves out.
        if (needsCorrelations || correlations === 'dealer') {
          expect(await judge(other), `${id}, ${correlations}`).toEqual(accepted);
        } else await expectRefused(other, 'protocol.correlations');
      }
    }
  });
});

describe('network', () => {
  test('a named one is disabled exactly where it is refused, whatever the protocol', async () => {
    for (const protocol of catalog.protocols) {
      const draft = withProtocol(base, protocol.id);
      for (const profile of catalog.networks) {
        const reason = reasonAgainstNetwork(profile, protocol, null);
        const { form, server } = await judge({ ...draft, network: networkOf(profile) });
        const at = `${protocol.id} over ${profile.id}`;
        expect(form.length === 0, `${at}, the form`).toBe(reason === null);
        expect(server.length === 0, `${at}, the server`).toBe(reason === null);
      }
    }
  });

  test('what needs the kernel says so where there is none', () => {
    for (const profile of catalog.networks) {
      const reason = reasonAgainstNetwork(profile, catalog.protocols[0], 'no /dev/net/tun');
      expect(reason === 'no /dev/net/tun').toBe(profile.backend === 'kernel');
    }
  });

  test('any of them can be the start of one’s own, on any backend', async () => {
    for (const profile of catalog.networks) {
      const own = asCustom(networkOf(profile));
      expect([own.name, own.backend]).toEqual(['custom', 'inline']);
      for (const backend of networkBackendIds) {
        const network = withBackend(own, backend);
        const { form, server } = await judge({ ...base, network });
        expect(form, `${profile.id} on ${backend}`).toEqual(server);
        // A number that the backend cannot hold is named; nothing else is wrong with it.
        const numbers = form.every((field) => /rttMs/.test(field));
        expect(numbers, `${profile.id} on ${backend}: ${form.join()}`).toBe(true);
      }
    }
  });

  test('topologies are disabled exactly where they are refused', async () => {
    const link = { ...asCustom(base.network), bitsPerSecond: 1e8, rttMs: 10 };
    for (const backend of networkBackendIds) {
      for (const topology of topologyIds) {
        const draft = { ...base, network: { ...withBackend(link, backend), topology } };
        if (reasonAgainstTopology(backend, topology) === null) {
          expect(await judge(draft), `${backend}, ${topology}`).toEqual(accepted);
        } else await expectRefused(draft, 'network.topology');
      }
    }
  });
});

describe('functions', () => {
  const variants = variantIds.map((id) => [id] as const);

  test.each(variants)('every GELU and every softmax is priced on %s', async (variant) => {
    const draft = { ...withProtocol(withModel(base, small, catalog), variant), sequenceLength: 8 };
    const pairs = [
      ...catalog.gelu.map(({ id }) => ({ gelu: id, softmax: 'puma' })),
      ...catalog.softmax.map(({ id }) => ({ gelu: 'quad', softmax: id })),
    ];
    for (const approximations of pairs) {
      const other = { ...draft, approximations };
      expect(await judge(other), JSON.stringify(approximations)).toEqual(accepted);
      const { spec } = await checkSpec(candidateOf(other), roomy);
      if (spec === null) throw new Error('accepted, and no spec');
      expect((await priceOf(spec)).cost.rounds).toBeGreaterThan(0);
    }
  });

  test('heads can be painted exactly where heads can differ', async () => {
    for (const model of catalog.models) {
      const draft = withModel(base, model.id, catalog);
      const heads = Array.from({ length: model.layers }, (_, layer) =>
        Array.from(
          { length: model.heads },
          (__, head) => headKindIds[(layer + head) % headKindIds.length] ?? 'softmax',
        ),
      );
      const painted = { ...draft, approximations: { ...draft.approximations, heads } };
      if (model.headKinds !== null) expect(await judge(painted), model.id).toEqual(accepted);
      else await expectRefused(painted, 'approximations.heads');
      const layers = Array.from({ length: model.layers }, (_, layer) => ({
        gelu: catalog.gelu[layer % catalog.gelu.length]?.id ?? '',
        softmax: catalog.softmax[layer % catalog.softmax.length]?.id ?? '',
      }));
      const byLayer = { ...draft, approximations: { ...draft.approximations, layers } };
      expect(await judge(byLayer), model.id).toEqual(accepted);
      const oneMore = { ...draft.approximations, layers: [...layers, ...layers.slice(0, 1)] };
      await expectRefused({ ...draft, approximations: oneMore }, 'approximations.layers');
    }
  });
});

test('any of what is offered goes together: 400 drafts clicked together at random', async () => {
  // A generator of its own: the same drafts every time.
  let state = 20_261_123;
  const below = (count: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % count;
  };
  const oneOf = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing is offered');
    return value;
  };
  for (let round = 0; round < 400; round += 1) {
    const presets = oneOf(catalog.presets);
    let draft = withModel(draftOf(presets.spec), oneOf(catalog.models).id, catalog);
    const protocol = oneOf(catalog.protocols);
    const networks = catalog.networks.filter(
      (entry) => reasonAgainstNetwork(entry, protocol, null) === null,
    );
    draft = {
      ...withProtocol(draft, protocol.id),
      approximations: {
        ...draft.approximations,
        gelu: oneOf(catalog.gelu).id,
        softmax: oneOf(catalog.softmax).id,
      },
      network: networkOf(oneOf(networks)),
    };
    const steps = variantSteps[oneOf(variantIds.filter((id) => id === protocol.id))];
    draft = {
      ...draft,
      protocol: {
        ...draft.protocol,
        correlations: protocol.needsCorrelations ? oneOf(correlationsIds) : 'dealer',
        truncation: oneOf(steps.truncation),
        comparison: oneOf(steps.comparison),
        ring: { bits: 64, fractionBits: 15 + below(4) },
      },
      ...(below(2) === 0 ? { seed: { kind: 'insecure', value: String(round) } } : {}),
    };
    const what = JSON.stringify(candidateOf(draft));
    expect(await judge(draft), what).toEqual(accepted);
  }
});
