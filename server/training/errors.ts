/**
 * The one error class of training.
 *
 * A training may run for hours: whatever stops it says at which step, with which value, and what was
 * kept.
 */

/**
 * 'recipe': the recipe, or what it names, cannot be trained; 'graph': an operation or shape that the
 * engine does not know; 'data': rows that cannot teach; 'diverged': the loss is not a number or grew out
 * of bounds; 'checkpoint': a file that cannot be read or written.
 */
export type TrainingErrorKind = 'recipe' | 'graph' | 'data' | 'diverged' | 'checkpoint';

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly kind: TrainingErrorKind;

  /** @param message names the field or step, the value, and the fix */
  constructor(kind: TrainingErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
