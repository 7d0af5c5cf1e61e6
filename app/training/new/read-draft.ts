/** The draft of a training as a request; fetched at the first touch of the form, since it brings the schema. */
import {
  trainingRequestSchema,
  type TrainingRequest,
} from '../../../server/api/schemas/training.ts';
import type { TrainingDraft } from './draft.ts';

export type ReadDraft =
  | { readonly request: TrainingRequest }
  | { readonly errors: Readonly<Record<string, string>> };

/** The request, or what is wrong, by field. */
export function readDraft(draft: TrainingDraft): ReadDraft {
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
