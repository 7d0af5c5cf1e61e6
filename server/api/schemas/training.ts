/** Trainings as the API shows them, and what the forms ask for. Browser-safe. */
import { z } from 'zod';

export const trainingStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'lost'] as const;
export type TrainingState = (typeof trainingStates)[number];

export const isEnded = (state: TrainingState): boolean => state !== 'queued' && state !== 'running';

const phaseSchema = z.object({
  name: z.string(),
  steps: z.number().int(),
  stepSeconds: z.number(),
});

/** Predicted from a few timed steps, the machine being as busy as it was then. */
export const trainingPriceSchema = z.object({
  phases: z.array(phaseSchema),
  /** Null where judging is a few percent and not counted. */
  judgingSeconds: z.number().nullable(),
  totalSeconds: z.number(),
});
export type TrainingPrice = z.infer<typeof trainingPriceSchema>;

export const trainingPointSchema = z.object({
  stage: z.string(),
  step: z.number().int(),
  loss: z.number(),
  /** Fraction right on the validation rows; null where it was not taken. */
  accuracy: z.number().nullable(),
  /** Of the stage, over all sittings. */
  seconds: z.number(),
});
export type TrainingPoint = z.infer<typeof trainingPointSchema>;

export const trainingProgressSchema = z.object({
  ...trainingPointSchema.shape,
  ofSteps: z.number().int(),
  bestAccuracy: z.number().nullable(),
  /** To the end of all stages at the present pace; null where only this phase is known. */
  secondsLeft: z.number().nullable(),
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

export const trainingProductSchema = z.object({
  models: z.array(
    z.object({
      /** In the zoo; null for a network that no run can take yet. */
      id: z.string().nullable(),
      name: z.string(),
      /** Fraction right on `n` rows that were read once, at the end. */
      accuracy: z.number(),
      n: z.number().int(),
    }),
  ),
  finished: z.boolean(),
});
export type TrainingProduct = z.infer<typeof trainingProductSchema>;

export const trainingIdSchema = z
  .string()
  .regex(/^t-[a-z0-9]{12}$/, 'a training id begins with t-');
const nameSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens between them')
  .min(2)
  .max(60);
const seedSchema = z.number().int().min(0).max(4294967295);

/** The form "Distill a student". */
export const distillRequestSchema = z.strictObject({
  kind: z.literal('distillation'),
  name: nameSchema,
  teacher: z.string().min(1),
  gelu: z.enum(['exact', 'quad']),
  softmax: z.enum(['exact', '2quad', '2relu']),
  initialisation: z.enum(['teacher', 'random']),
  /** Without, the student learns from labels alone. */
  distilled: z.boolean(),
  trainRows: z.number().int().min(64).max(40000),
  /** Of both stages together; 60 % go to the representation stage. */
  epochs: z.number().positive().max(30),
  seed: seedSchema,
});

/** The form "Search attention". */
export const searchRequestSchema = z.strictObject({
  kind: z.literal('attention-search'),
  name: nameSchema,
  trainRows: z.number().int().min(256).max(59000),
  epochs: z.number().positive().max(100),
  budgets: z.array(z.number().min(0).max(1)).min(1).max(11),
  heads: z.enum(['search', 'random']),
  distilled: z.boolean(),
  penalty: z.number().min(0).max(1),
  seed: seedSchema,
});

export const trainingRequestSchema = z.discriminatedUnion('kind', [
  distillRequestSchema,
  searchRequestSchema,
]);
export type DistillRequest = z.infer<typeof distillRequestSchema>;
export type SearchRequest = z.infer<typeof searchRequestSchema>;
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

export interface TrainingSummary {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly recipeHash: string;
  readonly state: TrainingState;
  /** Asked to end; it ends after the step under way. */
  readonly ending: boolean;
  readonly reason: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly price: TrainingPrice | null;
  readonly progress: TrainingProgress | null;
  readonly product: TrainingProduct | null;
}

export interface TrainingDetail extends TrainingSummary {
  readonly curve: readonly TrainingPoint[];
  /** The recipe as JSON text, for `parley train`. */
  readonly recipe: string;
}

/** A model with given functions under one setting: its place on the accuracy-latency plane. */
export interface StudentPoint {
  readonly model: string;
  /** Id of the teacher; a teacher's own. */
  readonly teacher: string;
  readonly isTeacher: boolean;
  /** Of GeLU and softmax, as the run had them. */
  readonly functions: string;
  /** Variant, network and tokens: points of two settings are never on one front. */
  readonly setting: string;
  /** Of accuracy and latency: measured, replayed or imported. */
  readonly provenance: string;
  /** Fraction of `accuracyRows` samples that the secure run got right; of the run with most samples. */
  readonly accuracy: number;
  readonly accuracyRows: number;
  /** Online, one sample, median of `runs`. */
  readonly latencyMs: number;
  readonly runs: number;
}
