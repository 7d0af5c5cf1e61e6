/** What can be chosen on the Run page: everything here exists on this machine, nothing is promised. */
import type { Catalog } from '../api/schemas/catalog-view.ts';
import type { Correlations } from '../api/schemas/run-view.ts';
import {
  correlationsIds,
  geluIds,
  layerNormIds,
  leastTokens,
  softmaxIds,
  unlimitedBitsPerSecond,
  variantIds,
} from '../api/schemas/run-spec.ts';
import type { NetworkMatrix } from '../api/schemas/network-spec.ts';
import { fractionBitsOf } from '../api/schemas/spec-steps.ts';
import { warningTexts } from '../api/schemas/warnings.ts';
import {
  geluDescriptions,
  layerNormDescriptions,
  softmaxDescriptions,
} from '../engine/approximations/registry.ts';
import { variantDescriptions } from '../engine/protocols/registry.ts';
import { isUnshaped } from '../network/link.ts';
import { linkProfiles } from '../network/profiles.ts';
import { listDatasets, listModels } from '../zoo/registry.ts';
import { randomInputsEntry, shapeEntries } from './catalog-shapes.ts';
import { listPresets } from './presets.ts';
import { fitsDataset, trainedModelOf } from './run-models.ts';

const correlationsTexts: Readonly<
  Record<Correlations, Omit<Catalog['correlations'][number], 'id'>>
> = {
  dealer: {
    title: 'A dealer of its own',
    description:
      'A third process makes the correlated randomness and sends what seeds cannot make. It sees neither weights nor inputs, and its bytes and time are counted.',
    source: 'Beaver 1997, Commodity-based cryptography',
    warning: null,
  },
  insecureFirstParty: {
    title: 'The first party itself, insecure',
    description: `${warningTexts.insecureFirstParty} For comparison with systems that were timed so.`,
    source: 'CrypTen, trusted first party',
    warning: 'insecureFirstParty',
  },
};

const chosen = <T extends { readonly id: string }>(
  entries: readonly T[],
  ids: readonly string[],
): T[] => entries.filter(({ id }) => ids.includes(id));

/** Reads the zoo, the registries and the presets; a few milliseconds. */
export async function readCatalog(): Promise<Catalog> {
  const [models, datasets, presets] = await Promise.all([
    listModels(),
    listDatasets(),
    listPresets(),
  ]);
  const trained = await Promise.all(
    models.map(async (model) => {
      const trained = await trainedModelOf(model.id);
      const { config, labels, minLength, maxLength, madeFor } = trained;
      const does =
        trained.task === 'continue'
          ? 'Continues texts: accuracy is the share of next pieces that it names'
          : labels.join(' or ');
      return {
        id: model.id,
        title: model.title,
        description: `${config.layers} layers, width ${config.hidden}, ${config.heads} heads, ${does}. Licence ${model.licence}.`,
        source: model.accuracy?.source ?? model.origin ?? null,
        kind: model.kind,
        randomWeights: false,
        minLength: Math.max(leastTokens, minLength),
        maxLength,
        labels,
        datasets: datasets.filter((dataset) => fitsDataset(trained, dataset)).map(({ id }) => id),
        reportedAccuracy:
          model.accuracy === undefined
            ? null
            : { value: model.accuracy.value, n: model.accuracy.n },
        layers: config.layers,
        heads: config.heads,
        layerNorm: config.architecture !== 'llama',
        padded: config.architecture === 'bert' || config.architecture === 'roberta',
        headKinds: config.architecture === 'vit-lite' ? config.attention : null,
        ...(madeFor === undefined ? {} : { madeFor }),
      };
    }),
  );
  return {
    models: [...trained, ...shapeEntries()],
    datasets: [
      ...datasets.map((dataset) => ({
        id: dataset.id,
        title: dataset.title,
        description: `${dataset.size} ${dataset.pairs === true ? 'pairs of texts' : 'samples'}, ${dataset.labels.join(' or ')}.`,
        source: dataset.licence,
        kind: dataset.kind,
        samples: dataset.size,
      })),
      randomInputsEntry,
    ],
    gelu: chosen(geluDescriptions, geluIds),
    softmax: chosen(softmaxDescriptions, softmaxIds),
    layerNorm: chosen(layerNormDescriptions, layerNormIds),
    protocols: chosen(variantDescriptions, variantIds).map((variant) => ({
      ...variant,
      defaultFractionBits: fractionBitsOf(variant.id),
    })),
    correlations: correlationsIds.map((id) => ({ id, ...correlationsTexts[id] })),
    networks: linkProfiles.map(({ link, matrix, title, citation, source, basis, trap }) => ({
      id: link.name,
      title,
      description: citation,
      source: source === 'none' ? null : source,
      // One queue for all parties is nobody's own: it needs the kernel.
      backend: isUnshaped(link)
        ? ('none' as const)
        : link.topology === 'shared'
          ? ('kernel' as const)
          : ('inline' as const),
      topology: link.topology,
      ...(matrix === undefined ? {} : { matrix: matrix as NetworkMatrix }),
      basis,
      trap: trap ?? null,
      bitsPerSecond:
        link.bitsPerSecond === 'unlimited' ? unlimitedBitsPerSecond : link.bitsPerSecond,
      rttMs: link.rttMs,
    })),
    presets: presets.map((preset) => ({ ...preset })),
  };
}
