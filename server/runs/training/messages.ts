/** What the process that trains is told, and what it says. */
import type {
  TrainingPrice,
  TrainingProduct,
  TrainingProgress,
} from '../../api/schemas/training.ts';

export interface TrainCommand {
  /** As stored; parsed again by the process. */
  readonly recipe: unknown;
  /** Of checkpoints; a training goes on from what lies there. */
  readonly folder: string;
  readonly price: 'first' | 'skip' | 'only';
}

export type TrainMessage =
  | { readonly type: 'price'; readonly price: TrainingPrice }
  | { readonly type: 'point'; readonly point: TrainingProgress }
  /** Without a product where it was paused, or only priced. */
  | { readonly type: 'ended'; readonly product: TrainingProduct | null }
  | { readonly type: 'failed'; readonly reason: string };
