/** Inferences of one session whose texts differ in length: the lengths are public, every role knows them. */
import { EngineError } from '../errors.ts';
import type { Plan } from '../plan.ts';

/** Positions of each inference by its number; the plan's own where none are given. */
export type LengthAt = (inference: number) => number;

/**
 * @param inferences of the session
 * @param lengths one for each inference, each at most the plan's; absent: all have the plan's
 * @throws EngineError 'plan' for a model of fixed length, or lengths that are missing or out of range
 */
export function lengthsOf(
  plan: Plan,
  inferences: number,
  lengths: readonly number[] | undefined,
): LengthAt {
  if (lengths === undefined) return () => plan.length;
  const { architecture } = plan.model;
  const projected = architecture === 'bert' && plan.model.projected !== undefined;
  if ((architecture !== 'bert' && architecture !== 'roberta') || projected) {
    throw new EngineError(
      'plan',
      `lengths: every inference of ${architecture} has the plan's length; leave them out`,
    );
  }
  if (lengths.length !== inferences) {
    throw new EngineError(
      'plan',
      `lengths: ${lengths.length} given, the session has ${inferences} inferences; give one for each`,
    );
  }
  for (const [index, length] of lengths.entries()) {
    if (Number.isInteger(length) && length >= 1 && length <= plan.length) continue;
    throw new EngineError(
      'plan',
      `lengths[${index}] is ${length}; use whole numbers from 1 to the plan's ${plan.length}`,
    );
  }
  return (inference) => lengths[inference] ?? plan.length;
}
