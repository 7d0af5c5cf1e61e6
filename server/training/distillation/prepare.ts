/** What a distillation is given, checked before anything is computed. */
import type { LoadedModel } from '../../zoo/registry.ts';
import type { Tensor } from '../../zoo/safetensors.ts';
import { requireLearnable } from '../data.ts';
import { TrainingError } from '../errors.ts';
import type { ImdbRows } from '../imdb-rows.ts';
import type { DistillationRecipe } from '../recipe.ts';
import type { StudentShape, Weights } from './stage-graph.ts';
import { firstWeights, requireShapes, studentShape } from './student.ts';

/** Rows that are judged at once. */
export const judgingBatch = 50;

export interface DistillationInputs {
  readonly recipe: DistillationRecipe;
  readonly teacher: Pick<LoadedModel, 'config' | 'tensors'>;
  readonly rows: ImdbRows;
  readonly threads: number;
}

export interface Prepared {
  readonly student: StudentShape;
  /** The student's, before its first step; training changes them in place. */
  readonly weights: Map<string, Tensor>;
  readonly teacherWeights: Weights;
}

/** @throws TrainingError where recipe, teacher or rows cannot be trained */
export function prepare({ recipe, teacher, rows }: DistillationInputs): Prepared {
  requireShapes(teacher.config, teacher.tensors, `teacher ${recipe.teacher}`);
  const { trainRows, validationRows, heldOutRows } = recipe.data;
  const wanted = [
    ['trainRows', trainRows, rows.train],
    ['validationRows', validationRows, rows.validation],
    ['heldOutRows', heldOutRows, rows.heldOut],
  ] as const;
  for (const [field, count, { labels }] of wanted) {
    if (count > labels.length) {
      throw new TrainingError('recipe', `data.${field} is ${count}, there are ${labels.length}.`);
    }
  }
  requireLearnable(rows.train.labels.subarray(0, trainRows), recipe.batch, 'data.trainRows');
  const student = studentShape(recipe, teacher.config);
  const weights = firstWeights(recipe, teacher.config, teacher.tensors);
  return { student, weights, teacherWeights: teacher.tensors };
}
