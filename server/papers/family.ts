/** Which runs confirm a predicted number: those of the same family. Pure, out of definitions alone. */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import type { Plan } from '../engine/plan.ts';
import { planOfSpec } from '../runs/plan-of-spec.ts';
import { canonicalJson, hashSpec } from '../runs/spec-hash.ts';
import { shapeModels } from '../zoo/shape-models.ts';
import { allCells, type PlacedCell } from './catalog.ts';

/** BERT, RoBERTa and MPCFormer's benchmark of them have the same layer but for its norm. */
const kindOf = ({ architecture }: ModelConfig): string =>
  architecture === 'roberta' || architecture === 'mpcformer-benchmark' ? 'bert' : architecture;

const headKindsOf = (model: ModelConfig): readonly string[] =>
  model.architecture === 'vit-lite' ? [...new Set(model.attention.flat())].toSorted() : [];

/** Everything that two plans of one family share; see `familyWords`. */
export function familyOf({ variant, correlations, ring, model, approximations, ...plan }: Plan) {
  const { gelu, silu = 'puma', softmax, layers } = approximations;
  const { hidden, heads, ffn } = model;
  return canonicalJson({
    variant,
    correlations: correlations ?? 'dealer',
    truncation: plan.truncation ?? null,
    comparison: plan.comparison ?? null,
    ring,
    kind: kindOf(model),
    width: { hidden, heads, ffn },
    functions: [model.architecture === 'llama' ? silu : gelu, softmax],
    layers: layers ?? null,
    heads: headKindsOf(model),
  });
}

/** What differs between two plans of one family, in words; empty where nothing does. */
export function differencesOf(predicted: Plan, run: Plan): string[] {
  const said = (name: string, of: (plan: Plan) => string | number | null): string[] => {
    const [asked, made] = [of(predicted), of(run)];
    return asked === made ? [] : [`${name} ${made ?? 'none'} for ${asked ?? 'none'}`];
  };
  const { model } = predicted;
  return [
    ...said('layers:', (plan) => plan.model.layers),
    ...said('length:', (plan) => plan.length),
    ...said('words:', (plan) =>
      'vocabularySize' in plan.model ? plan.model.vocabularySize : null,
    ),
    ...said('what is revealed:', (plan) => plan.output ?? 'logits'),
    ...said('weights:', (plan) => plan.weights ?? 'shared'),
    ...said('division:', (plan) =>
      plan.model.architecture === 'vit-lite' ? plan.model.quotient : null,
    ),
    ...(model.architecture === 'mpcformer-benchmark' &&
    run.model.architecture !== 'mpcformer-benchmark'
      ? ["LayerNorm for the benchmark program's BatchNorm, and a looked-up row for its one-hot"]
      : []),
  ];
}

/** Whether a run of the spec computes the very thing that is predicted. */
export function isSamePlan(plans: readonly Plan[], spec: RunSpec): boolean {
  const [plan, ...others] = plans;
  const made = planOfShape(spec);
  if (plan === undefined || others.length > 0 || made === null) return false;
  return familyOf(plan) === familyOf(made) && differencesOf(plan, made).length === 0;
}

/** Null for a model that is no published shape: nothing is predicted of those. */
export function planOfShape(spec: RunSpec): Plan | null {
  const shape = shapeModels.find(({ id }) => id === spec.model);
  return shape === undefined ? null : planOfSpec(spec, shape.config);
}

const specsOfRuns = ({ cell: { recipe } }: PlacedCell): readonly RunSpec[] => {
  if (recipe.kind === 'run') return [recipe.spec];
  if (recipe.kind === 'prediction') return recipe.familySpec === null ? [] : [recipe.familySpec];
  if (recipe.kind === 'missing') return [];
  return [recipe.over, recipe.under].filter((one) => typeof one !== 'string');
};

let byFamily: ReadonlyMap<string, readonly RunSpec[]> | null = null;

function specsByFamily(): ReadonlyMap<string, readonly RunSpec[]> {
  if (byFamily !== null) return byFamily;
  const found = new Map<string, Map<string, RunSpec>>();
  for (const spec of allCells.flatMap(specsOfRuns)) {
    const plan = planOfShape(spec);
    if (plan === null) continue;
    const family = familyOf(plan);
    const own = found.get(family) ?? new Map<string, RunSpec>();
    found.set(family, own.set(hashSpec(spec).hash, spec));
  }
  byFamily = new Map([...found].map(([family, specs]) => [family, [...specs.values()]]));
  return byFamily;
}

/** All specs of cells whose runs confirm what these plans say, the cell's own first. */
export function familySpecs(plans: readonly Plan[], own: RunSpec | null): readonly RunSpec[] {
  const [first] = plans;
  const others = first === undefined ? [] : (specsByFamily().get(familyOf(first)) ?? []);
  if (own === null) return others;
  const { hash } = hashSpec(own);
  return [own, ...others.filter((spec) => hashSpec(spec).hash !== hash)];
}
