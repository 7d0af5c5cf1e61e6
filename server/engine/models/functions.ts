/** The functions that a plan chose, as models receive them. */
import type { ElementFunction, SoftmaxFunction } from '../approximations/function.ts';

export interface Functions {
  readonly gelu: ElementFunction<string>;
  readonly softmax: SoftmaxFunction<string>;
  readonly silu: ElementFunction<string>;
}
