/**
 * A recipe: everything that a training depends on, as JSON. Its SHA-256 in canonical form goes into
 * the product's lineage, so that the same recipe, data and seed can be asked for again.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TrainingError } from './errors.ts';
import { searchRecipeSchema, type SearchRecipe } from './search/recipe.ts';

const weight = z.number().min(0).max(1e6);

/** What a stage compares, each term times its weight; terms of weight 0 are not computed. */
const lossSchema = z
  .strictObject({
    /** Mean squared difference of the hidden states, summed over embeddings and layers. */
    hidden: weight.default(0),
    /** Mean squared difference of the scores before normalising, summed over layers. */
    scores: weight.default(0),
    /** Soft cross-entropy against the teacher's logits. */
    logits: weight.default(0),
    /** Cross-entropy against the labels. */
    labels: weight.default(0),
    temperature: z.number().positive().max(100).default(1),
    labelSmoothing: z.number().min(0).max(0.5).default(0),
  })
  .refine((loss) => loss.hidden + loss.scores + loss.logits + loss.labels > 0, {
    error: 'give at least one of hidden, scores, logits, labels a weight above 0',
  });

const stageSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  loss: lossSchema,
  epochs: z.number().positive().max(1000),
  learningRate: z.number().positive().max(1),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('linear'),
  /** Fraction of the steps. */
  warmUp: z.number().min(0).max(1).default(0.1),
  /** Where linear and cosine end, as a fraction of the learning rate. */
  floor: z.number().min(0).max(1).default(0),
});

export const distillationRecipeSchema = z.strictObject({
  kind: z.literal('distillation'),
  /** Folder name of the product. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
  title: z.string().min(1),
  /** An embedded model. */
  teacher: z.string(),
  student: z.strictObject({
    gelu: z.enum(['exact', 'quad']),
    softmax: z.enum(['exact', '2quad', '2relu']),
    initialisation: z.enum(['teacher', 'random']),
    /** Weights whose names start so stay as they were initialised. */
    frozen: z.array(z.string()).default([]),
    dropout: z.number().min(0).max(0.9).default(0),
  }),
  data: z.strictObject({
    set: z.literal('imdb'),
    trainRows: z.number().int().min(1).max(42578),
    validationRows: z.number().int().min(2).max(2000).default(2000),
    heldOutRows: z.number().int().min(2).max(5000).default(5000),
  }),
  batch: z.number().int().min(1).max(1024).default(32),
  optimiser: z
    .strictObject({
      beta1: z.number().min(0).lt(1).default(0.9),
      beta2: z.number().min(0).lt(1).default(0.999),
      epsilon: z.number().positive().default(1e-8),
      weightDecay: z.number().min(0).max(1).default(0.01),
      clipNorm: z.number().min(0).default(1),
      /** Pooler and classifier learn faster by this factor. */
      headRateFactor: z.number().positive().max(100).default(1),
    })
    .prefault({}),
  stages: z
    .array(stageSchema)
    .min(1)
    .max(8)
    .refine((stages) => new Set(stages.map(({ name }) => name)).size === stages.length, {
      error: 'give every stage a name of its own; its checkpoints lie under it',
    }),
  seed: z.number().int().min(0).max(4294967295),
  /** Validation accuracy is taken this often, in steps. */
  evaluateEvery: z.number().int().min(1).default(200),
});

export type DistillationRecipe = z.infer<typeof distillationRecipeSchema>;
/** What `parley train` accepts. */
export type Recipe = DistillationRecipe | SearchRecipe;
export type Stage = DistillationRecipe['stages'][number];

/** Keys sorted at every depth, so that equal recipes have equal text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, canonical(entry)]),
  );
}

/** SHA-256 of the recipe with its defaults filled in, 64 hex digits. */
export const recipeHash = (recipe: Recipe): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(recipe)))
    .digest('hex');

const recipeSchema = z.discriminatedUnion('kind', [distillationRecipeSchema, searchRecipeSchema]);

/** @throws TrainingError 'recipe' naming each wrong field */
export function parseRecipe(json: unknown, source: string): Recipe {
  const result = recipeSchema.safeParse(json);
  if (result.success) return result.data;
  throw new TrainingError('recipe', `${source}:\n${z.prettifyError(result.error)}`);
}

/** As `parseRecipe`, for a distillation only. */
export function parseDistillation(json: unknown, source: string): DistillationRecipe {
  const recipe = parseRecipe(json, source);
  if (recipe.kind === 'distillation') return recipe;
  throw new TrainingError('recipe', `${source}: kind is "${recipe.kind}", not "distillation".`);
}

/** @throws TrainingError 'recipe' when the file cannot be read or is no recipe */
export function readRecipe(path: string): Recipe {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new TrainingError(
      'recipe',
      `${path}: cannot be read as JSON (${cause instanceof Error ? cause.message : String(cause)}); see benchmarks/training/recipes/.`,
      { cause },
    );
  }
  return parseRecipe(parsed, path);
}
