/** What the two forms hold while they are filled in, and what the server is asked for. */
import {
  trainingRequestSchema,
  type TrainingRequest,
} from '../../../server/api/schemas/training.ts';

export interface TrainingDraft {
  readonly kind: TrainingRequest['kind'];
  readonly name: string;
  readonly teacher: string;
  readonly gelu: string;
  readonly softmax: string;
  readonly initialisation: string;
  readonly distilled: boolean;
  readonly trainRows: number | string;
  readonly epochs: number | string;
  readonly seed: number | string;
  readonly budgets: string;
  readonly heads: string;
  readonly penalty: number | string;
}

export const firstDrafts: Readonly<Record<TrainingRequest['kind'], TrainingDraft>> = {
  distillation: {
    kind: 'distillation',
    name: 'my-student',
    teacher: 'minilm-2l-imdb',
    gelu: 'quad',
    softmax: '2quad',
    initialisation: 'teacher',
    distilled: true,
    trainRows: 40000,
    epochs: 1,
    seed: 1,
    budgets: '0.3, 0.7',
    heads: 'search',
    penalty: 0.001,
  },
  'attention-search': {
    kind: 'attention-search',
    name: 'my-search',
    teacher: '',
    gelu: 'exact',
    softmax: 'exact',
    initialisation: 'random',
    distilled: true,
    trainRows: 20000,
    epochs: 4,
    seed: 1,
    budgets: '0.3, 0.7',
    heads: 'search',
    penalty: 0.001,
  },
};

/** The request, or what is wrong, by field. */
export function readDraft(
  draft: TrainingDraft,
): { readonly request: TrainingRequest } | { readonly errors: Readonly<Record<string, string>> } {
  const { kind, name, distilled, trainRows, epochs, seed } = draft;
  const both = { kind, name, distilled, trainRows, epochs, seed };
  const { teacher, gelu, softmax, initialisation, heads, penalty } = draft;
  const budgets = draft.budgets
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const parsed = trainingRequestSchema.safeParse(
    kind === 'distillation'
      ? { ...both, teacher, gelu, softmax, initialisation }
      : { ...both, heads, penalty, budgets },
  );
  if (parsed.success) return { request: parsed.data };
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) errors[String(path[0])] ??= message;
  return { errors };
}
