/** Every stand-in for a non-linear function: what it is, its measured error, its cost per protocol. */
import {
  approximationCosts,
  approximations as all,
  readErrors,
  type ApproximationCost,
} from '../../../costs/approximations.ts';
import { procedure } from '../../trpc.ts';

export type { ApproximationCost };

export interface ApproximationEntry {
  readonly key: string;
  readonly id: string;
  readonly kind: 'gelu' | 'silu' | 'softmax' | 'head' | 'layernorm';
  readonly replaces: 'gelu' | 'silu' | 'softmax' | 'layernorm';
  readonly title: string;
  readonly description: string;
  readonly formula: string;
  /** Null for our own. */
  readonly source: string | null;
  readonly domain: readonly [number, number];
  readonly domainReason: string;
  readonly domainSource: string;
  readonly needsTraining: boolean;
  readonly defect: string | null;
  /** Largest and mean inside of the domain. */
  readonly max: number;
  readonly mean: number;
  /** Inputs, or sizes of scores, and the largest |error| at each. */
  readonly curve: { readonly x: readonly number[]; readonly error: readonly number[] };
  /** Per number, by secure variant. */
  readonly costs: readonly ApproximationCost[];
}

export const approximations = procedure.query(async (): Promise<ApproximationEntry[]> => {
  const errors = await readErrors();
  return Promise.all(
    all.map(async (approximation) => {
      const error = errors[approximation.key];
      if (error === undefined) {
        throw new Error(
          `${approximation.key} has no measured error: node benchmarks/approximations/run.ts --write`,
        );
      }
      const { key, id, kind, replaces, title, description, formula, source } = approximation;
      const { domain, domainReason, domainSource, needsTraining, defect } = approximation;
      return {
        key,
        id,
        kind,
        replaces,
        title,
        description,
        formula,
        source,
        domain,
        domainReason,
        domainSource,
        needsTraining,
        defect: defect === undefined ? null : `${defect.what} ${defect.measuredError}`,
        max: error.max,
        mean: error.mean,
        curve: error.curve,
        costs: await approximationCosts(approximation),
      };
    }),
  );
});
