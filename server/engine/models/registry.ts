/** Every architecture by name; a plan's model is opened here and nowhere else. */
import { geluFunctions, softmaxFunctions } from '../approximations/registry.ts';
import type { Plan } from '../plan.ts';
import { bertModel } from './bert.ts';
import type { Model } from './model.ts';

export function modelOf(plan: Plan): Model {
  const functions = {
    gelu: geluFunctions[plan.approximations.gelu],
    softmax: softmaxFunctions[plan.approximations.softmax],
  };
  return bertModel(plan.model, plan.length, functions);
}
