/** What the two forms hold while they are filled in; read-draft.ts says what the server is asked for. */
import type { TrainingRequest } from '../../../server/api/schemas/training.ts';

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
