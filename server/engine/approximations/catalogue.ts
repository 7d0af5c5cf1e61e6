/** Every stand-in for a non-linear function in one list: what it is, what is stated of it, how it runs. */
import type { AShare, Protocol } from '../protocol.ts';
import {
  geluFacts,
  headFacts,
  layerNormFacts,
  siluFacts,
  softmaxFacts,
  type ApproximationFacts,
  type ReplacedFunction,
} from './facts.ts';
import type { Description } from './function.ts';
import type { NormFunction } from './layernorm-linear.ts';
import { geluFunctions, layerNormFunctions, siluFunctions, softmaxFunctions } from './registry.ts';
import { reluSoftmax, scaleAttention, squareAttention } from './spu/attention.ts';

/** Where a spec names it. */
export type ApproximationKind = 'gelu' | 'silu' | 'softmax' | 'head' | 'layernorm';

export interface Approximation extends Description, ApproximationFacts {
  /** `kind/id`: unique, since kinds share ids. */
  readonly key: string;
  readonly kind: ApproximationKind;
  readonly replaces: ReplacedFunction;
  /** x of any shape; of softmax, heads and norms, rows [..., n] with nothing padded. */
  readonly run: (mpc: Protocol, x: AShare) => Promise<AShare>;
}

interface Evaluated extends Description {
  evaluate(mpc: Protocol, x: AShare, keep: null): Promise<AShare>;
}

function entries<Id extends string>(
  kind: ApproximationKind,
  replaces: ReplacedFunction,
  facts: Readonly<Record<Id, ApproximationFacts>>,
  functions: Readonly<Record<Id, Evaluated>>,
): Approximation[] {
  return (Object.keys(facts) as Id[]).map((id) => {
    const { title, description, source, defect } = functions[id];
    return {
      key: `${kind}/${id}`,
      kind,
      replaces,
      id,
      title,
      description,
      source,
      ...(defect === undefined ? {} : { defect }),
      ...facts[id],
      run: (mpc, x) => functions[id].evaluate(mpc, x, null),
    };
  });
}

/** Heads divide as `inverse`: one reciprocal a row. */
const headFunction = (fn: typeof reluSoftmax): Evaluated => ({
  id: fn.id,
  title: fn.title,
  description: fn.description,
  source: fn.source,
  evaluate: (mpc, x) => fn.evaluate(mpc, x, 'inverse'),
});

/** With gamma 1 and beta 0, which are shares as a model's are. */
function normFunction(norm: NormFunction<string>): Evaluated {
  return {
    ...norm,
    evaluate: (mpc, x) => {
      const columns = x.shape.at(-1) ?? 1;
      const row = mpc.view(x, { slice: { axis: 0, start: 0, end: 1 } });
      const zeros = mpc.scale(mpc.view(row, { reshape: [columns] }), 0n);
      return norm.evaluate(mpc, x, mpc.addFixed(zeros, 1), zeros, 1e-12);
    },
  };
}

export const approximations: readonly Approximation[] = [
  ...entries('gelu', 'gelu', geluFacts, geluFunctions),
  ...entries('silu', 'silu', siluFacts, siluFunctions),
  ...entries('softmax', 'softmax', softmaxFacts, softmaxFunctions),
  ...entries('head', 'softmax', headFacts, {
    rsattn: headFunction(reluSoftmax),
    '2quad': headFunction(squareAttention),
    scaleattn: headFunction(scaleAttention),
  }),
  ...entries('layernorm', 'layernorm', layerNormFacts, {
    exact: normFunction(layerNormFunctions.exact),
    linear: normFunction(layerNormFunctions.linear),
  }),
];
