/** From what a run is asked (spec) and what the model is (config) to what the parties must agree on. */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { BertConfig, ModelConfig, RobertaConfig } from '../engine/models/config.ts';
import type { Plan } from '../engine/plan.ts';
import type { TextModelConfig } from '../zoo/model-config.ts';

/** The engine's shape of a zoo model. */
export function textConfigOf(config: TextModelConfig): BertConfig | RobertaConfig {
  const shared = {
    layers: config.layers,
    hidden: config.hidden,
    heads: config.heads,
    ffn: config.ffn,
    vocabularySize: config.vocabularySize,
    maxPositions: config.maxPositions,
    labels: config.labels.length,
    layerNormEpsilon: config.layerNormEpsilon,
  };
  if (config.architecture === 'roberta') {
    return { architecture: 'roberta', ...shared, paddingId: config.paddingId ?? 1 };
  }
  const { typeVocabularySize, pooling } = config;
  return { architecture: 'bert', ...shared, typeVocabularySize, pooling };
}

/** The model as the spec's data and heads ask for it. */
function modelOfSpec({ approximations, dataset }: RunSpec, model: ModelConfig): ModelConfig {
  if (model.architecture === 'bert' && dataset.pairs === true) return { ...model, segments: 2 };
  const { heads } = approximations;
  if (model.architecture !== 'vit-lite' || heads === undefined) return model;
  return { ...model, attention: heads };
}

export function planOfSpec(spec: RunSpec, model: ModelConfig): Plan {
  const { heads: _, ...approximations } = spec.approximations;
  return {
    ...spec.protocol,
    model: modelOfSpec(spec, model),
    approximations,
    length: spec.sequenceLength,
  };
}

/** Sizes of one pass over the samples: full batches, the last one smaller where it must be. */
export function batchSizesOf(samples: number, batchSize: number): number[] {
  const sizes: number[] = [];
  for (let left = samples; left > 0; left -= batchSize) sizes.push(Math.min(left, batchSize));
  return sizes;
}

/** Batch size of a full inference: what costs are stated for. */
export const fullBatchOf = (spec: RunSpec): number =>
  Math.min(spec.measurement.batchSize, spec.dataset.samples);
