/** Every model and data set that a run can name: shape, size, licence, source, checksum. */
import { randomWeightsNote } from '../../schemas/warnings.ts';
import { trainedModelOf } from '../../../runs/run-models.ts';
import { randomInputs } from '../../../zoo/random-inputs.ts';
import { lengthRange } from '../../../engine/models/registry.ts';
import { parameterCount } from '../../../zoo/parameters.ts';
import { listDatasets, listModels } from '../../../zoo/registry.ts';
import { shapeModels } from '../../../zoo/shape-models.ts';
import { procedure } from '../../trpc.ts';

export interface ListedModel {
  readonly id: string;
  readonly title: string;
  readonly architecture: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Numbers that inference reads. */
  readonly parameters: number;
  /** Most tokens of a sample. */
  readonly tokens: number;
  /** Null where there are no weights to license. */
  readonly licence: string | null;
  readonly source: string;
  /** Of model.safetensors; null where weights are random. */
  readonly sha256: string | null;
  /** Stands beside the model wherever it is shown; null for trained ones. */
  readonly mark: string | null;
}

export interface ListedDataset {
  readonly id: string;
  readonly title: string;
  readonly samples: number;
  readonly labels: readonly string[];
  readonly licence: string | null;
  readonly mark: string | null;
}

export interface ZooListing {
  readonly models: readonly ListedModel[];
  readonly datasets: readonly ListedDataset[];
}

async function trained(): Promise<ListedModel[]> {
  return Promise.all(
    (await listModels()).map(async ({ id, title, licence, weightsSha256, accuracy, origin }) => {
      const { config, maxLength } = await trainedModelOf(id);
      const { architecture, layers, hidden, heads } = config;
      return {
        id,
        title,
        architecture,
        layers,
        hidden,
        heads,
        parameters: await parameterCount(config),
        tokens: maxLength,
        licence,
        source: accuracy?.source ?? origin ?? 'not stated',
        sha256: weightsSha256,
        mark: null,
      };
    }),
  );
}

async function shapesOnly(): Promise<ListedModel[]> {
  return Promise.all(
    shapeModels.map(async ({ id, title, config, source }) => ({
      id,
      title,
      architecture: config.architecture,
      layers: config.layers,
      hidden: config.hidden,
      heads: config.heads,
      parameters: await parameterCount(config),
      tokens: lengthRange(config)[1],
      licence: null,
      source,
      sha256: null,
      mark: randomWeightsNote,
    })),
  );
}

export const models = procedure.query(async (): Promise<ZooListing> => {
  const [own, shapes, datasets] = await Promise.all([trained(), shapesOnly(), listDatasets()]);
  return {
    models: [...own, ...shapes],
    datasets: [
      ...datasets.map(({ id, title, size, labels, licence }) => ({
        id,
        title,
        samples: size,
        labels,
        licence,
        mark: null,
      })),
      {
        id: randomInputs.id,
        title: randomInputs.title,
        samples: randomInputs.size,
        labels: [],
        licence: null,
        mark: 'random inputs without labels: latency and cost only',
      },
    ],
  };
});
