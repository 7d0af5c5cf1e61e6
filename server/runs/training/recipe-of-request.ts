/** A form's answers as a recipe: what the forms do not ask is what the committed recipes have. */
import type { DistillRequest, SearchRequest, TrainingRequest } from '../../api/schemas/training.ts';
import { TrainingError } from '../../training/errors.ts';
import { parseRecipe, type Recipe } from '../../training/recipe.ts';
import { RunError } from '../errors.ts';

const functionNames = { exact: 'exact', quad: 'Quad', '2quad': '2Quad', '2relu': '2ReLU' } as const;

/** Of the steps, how many compare hidden states and scores before the others compare logits. */
const representationShare = 0.6;

function distillation(request: DistillRequest): object {
  const { name, teacher, gelu, softmax, initialisation, distilled, trainRows, epochs, seed } =
    request;
  const how = distilled ? 'distilled' : 'from labels alone';
  const fromRandom = initialisation === 'random';
  const stages = distilled
    ? [
        {
          name: 'representation',
          loss: { hidden: 1, scores: 0.1 },
          epochs: representationShare * epochs,
          learningRate: 1.5e-3,
        },
        {
          name: 'prediction',
          loss: { logits: 1 },
          epochs: (1 - representationShare) * epochs,
          learningRate: 1e-4,
        },
      ]
    : [{ name: 'labels', loss: { labels: 1 }, epochs, learningRate: fromRandom ? 5e-4 : 1e-4 }];
  return {
    kind: 'distillation',
    id: name,
    title: `${name}: ${functionNames[gelu]} and ${functionNames[softmax]}, ${how}${fromRandom ? ', random start' : ''}`,
    teacher,
    student: { gelu, softmax, initialisation, frozen: fromRandom ? [] : ['bert.embeddings.'] },
    data: { set: 'imdb', trainRows },
    batch: 32,
    stages,
    seed,
    evaluateEvery: 200,
  };
}

function search(request: SearchRequest): object {
  const { name, trainRows, epochs, budgets, heads, distilled, penalty, seed } = request;
  const phase = { epochs, learningRate: 1.5e-3 };
  const weight = distilled ? 1 : 0;
  return {
    kind: 'attention-search',
    id: name,
    title: `${name}: ViT-Lite, 3 layers, ${heads === 'search' ? 'searched' : 'random'} heads`,
    data: { set: 'fashion-mnist', trainRows },
    network: { layers: 3, hidden: 64, heads: 4, ffn: 128, patchSize: 4 },
    batch: 128,
    teacher: phase,
    search: { ...phase, penalty },
    retrain: { ...phase, logits: weight, tokens: weight },
    budgets,
    heads,
    seed,
    evaluateEvery: 200,
  };
}

/** @throws RunError 'invalid' naming what cannot be trained */
export function recipeOfRequest(request: TrainingRequest): Recipe {
  const written = request.kind === 'distillation' ? distillation(request) : search(request);
  try {
    return parseRecipe(written, 'recipe');
  } catch (error) {
    if (error instanceof TrainingError) throw new RunError('invalid', error.message);
    throw error;
  }
}
