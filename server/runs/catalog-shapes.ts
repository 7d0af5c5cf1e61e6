/** The part of the catalog that has no accuracy: models of which only the shape is true, and their inputs. */
import type { Catalog } from '../api/schemas/catalog-view.ts';
import { leastTokens, mostTokens } from '../api/schemas/run-spec.ts';
import { randomWeightsNote } from '../api/schemas/warnings.ts';
import { lengthRange } from '../engine/models/registry.ts';
import { randomInputs } from '../zoo/random-inputs.ts';
import { inputKindOf, shapeModels, type ShapeModel } from '../zoo/shape-models.ts';

/** In a sentence of its own. */
const note = `${randomWeightsNote.charAt(0).toUpperCase()}${randomWeightsNote.slice(1)}.`;

function descriptionOf({ config }: ShapeModel): string {
  const vocabulary =
    'vocabularySize' in config
      ? `, ${config.vocabularySize.toLocaleString('en-US')} wordpieces`
      : `, images of ${config.imageSize} by ${config.imageSize}`;
  return `${config.layers} layers, width ${config.hidden}, ${config.heads} heads${vocabulary}. ${note}`;
}

/** Every shape-true model as the catalog lists it. */
export function shapeEntries(): Catalog['models'][number][] {
  return shapeModels.map((model) => {
    const [least, most] = lengthRange(model.config);
    return {
      id: model.id,
      title: model.title,
      description: descriptionOf(model),
      source: model.source,
      kind: inputKindOf(model),
      randomWeights: true,
      minLength: Math.max(least, leastTokens),
      maxLength: Math.min(most, mostTokens),
      labels: [],
      datasets: [randomInputs.id],
      reportedAccuracy: null,
      layers: model.config.layers,
      heads: model.config.heads,
      layerNorm: model.config.architecture !== 'llama',
      headKinds: model.config.architecture === 'vit-lite' ? model.config.attention : null,
    };
  });
}

/** Their inputs, as a data set. */
export const randomInputsEntry: Catalog['datasets'][number] = {
  id: randomInputs.id,
  title: randomInputs.title,
  description: 'Seeded token ids or pixels of full length; they have no labels.',
  source: null,
  kind: 'any',
  samples: randomInputs.size,
};
