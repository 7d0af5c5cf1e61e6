/** What a spec asks of the roles of its session. */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Plan } from '../engine/plan.ts';
import { linkOfSpec, matrixOfSpec } from './link-of-spec.ts';
import type { SessionTask } from './messages.ts';

export type SessionOptions = Omit<SessionTask, 'sessionId' | 'authKey' | 'attendance'>;

/** `batchSizes` and public `lengths` are those of one pass; the session repeats them. */
export function sessionOf(
  spec: RunSpec,
  plan: Plan,
  batchSizes: readonly number[],
  lengths?: readonly number[],
): SessionOptions {
  const matrix = matrixOfSpec(spec.network);
  const repeated = (values: readonly number[]): number[] =>
    Array.from({ length: spec.measurement.repeats }, () => values).flat();
  return {
    link: linkOfSpec(spec.network),
    ...(matrix === undefined ? {} : { matrix }),
    ...(spec.network.backend === 'kernel' ? { imposedBy: 'kernel' } : {}),
    plan,
    batchSizes: repeated(batchSizes),
    ...(lengths === undefined ? {} : { lengths: repeated(lengths) }),
    insecureSeed: spec.seed.kind === 'insecure' ? spec.seed.value : null,
  };
}
