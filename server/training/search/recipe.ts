/** The recipe of an attention search (MPCViT): network, phases and budgets, as JSON. */
import { z } from 'zod';

const phase = z.strictObject({
  epochs: z.number().positive().max(1000),
  learningRate: z.number().positive().max(1),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('cosine'),
  warmUp: z.number().min(0).max(1).default(0.1),
  floor: z.number().min(0).max(1).default(0.02),
});

export const searchRecipeSchema = z.strictObject({
  kind: z.literal('attention-search'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
  title: z.string().min(1),
  data: z.strictObject({
    set: z.literal('fashion-mnist'),
    trainRows: z.number().int().min(1).max(59000),
    /** The last rows of the training set. */
    validationRows: z.number().int().min(2).max(10000).default(1000),
    testRows: z.number().int().min(2).max(10000).default(10000),
    shift: z.number().int().min(0).max(8).default(2),
    flip: z.boolean().default(true),
  }),
  network: z
    .strictObject({
      layers: z.number().int().min(1).max(12),
      hidden: z.number().int().min(4).max(512),
      heads: z.number().int().min(1).max(16),
      ffn: z.number().int().min(4).max(2048),
      patchSize: z.number().int().min(1).max(28),
    })
    .refine(({ hidden, heads }) => hidden % heads === 0, {
      error: 'hidden must be a multiple of heads',
    }),
  batch: z.number().int().min(1).max(1024).default(128),
  labelSmoothing: z.number().min(0).max(0.5).default(0.1),
  optimiser: z
    .strictObject({
      beta1: z.number().min(0).lt(1).default(0.9),
      beta2: z.number().min(0).lt(1).default(0.999),
      epsilon: z.number().positive().default(1e-8),
      weightDecay: z.number().min(0).max(1).default(0.06),
      clipNorm: z.number().min(0).default(1),
    })
    .prefault({}),
  /** The same network with softmax in every head; students learn from it. */
  teacher: phase,
  /** Weights and one alpha per head together; `penalty` times the sum of |alpha| joins the loss. */
  search: z.strictObject({ ...phase.shape, penalty: z.number().min(0).max(1).default(1e-5) }),
  /** From new weights, with the heads that the search chose. */
  retrain: z.strictObject({
    ...phase.shape,
    /** Weights of the teacher's logits and of its tokens in the loss; 0 and 0 for no distillation. */
    logits: z.number().min(0).default(1),
    tokens: z.number().min(0).default(1),
  }),
  /** Fractions of heads that keep ReLU-softmax; the others scale only. None: the teacher alone. */
  budgets: z.array(z.number().min(0).max(1)).max(11),
  /** `search`, or the control: as many heads, drawn at random. */
  heads: z.enum(['search', 'random']).default('search'),
  seed: z.number().int().min(0).max(4294967295),
  evaluateEvery: z.number().int().min(1).default(200),
});

export type SearchRecipe = z.infer<typeof searchRecipeSchema>;
export type SearchPhase = z.infer<typeof phase>;
