/** "Same family" is what its words say. */
import { describe, expect, test } from 'vitest';
import { familyWords } from '../../server/api/schemas/papers.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { allCells } from '../../server/papers/catalog.ts';
import { differencesOf, familyOf, familySpecs, planOfShape } from '../../server/papers/family.ts';
import { mpcformerPlan, pumaLlamaSpec, pumaPlan, pumaSpec } from '../../server/papers/specs.ts';

const bert = pumaPlan('bert-base', 128);
const isSame = (other: Plan): boolean => familyOf(bert) === familyOf(other);

test.each<[string, Plan]>([
  ['another length', pumaPlan('bert-base', 64)],
  ['fewer layers', { ...bert, model: { ...bert.model, layers: 1 } }],
  ['RoBERTa, whose layer is the same', pumaPlan('roberta-base', 128)],
  ['another output', { ...bert, output: 'argmax' }],
])('of one family: %s', (_, plan) => {
  expect(isSame(plan)).toBe(true);
});

test.each<[string, Plan]>([
  ['wider layers', pumaPlan('bert-large', 128)],
  ['another kind of model', pumaPlan('gpt2', 128)],
  ['another protocol', { ...bert, variant: 'replicated/fast' }],
  ['another ring', { ...bert, ring: { bits: 64, fractionBits: 16 } }],
  ['another GeLU', { ...bert, approximations: { ...bert.approximations, gelu: 'quad' } }],
  ['another softmax', { ...bert, approximations: { ...bert.approximations, softmax: '2quad' } }],
  ['correlations of party 0', { ...bert, correlations: 'insecureFirstParty' }],
])('not of one family: %s', (_, plan) => {
  expect(isSame(plan)).toBe(false);
});

test('what differs is said', () => {
  const block = planOfShape(pumaLlamaSpec('llama-7b-block', 8));
  const whole = pumaPlan('llama-7b', 4);
  if (block === null) throw new TypeError('no block');
  expect(familyOf(block)).toBe(familyOf(whole));
  expect(differencesOf(whole, block)).toEqual([
    'layers: 1 for 32',
    'length: 8 for 4',
    'words: 256 for 32000',
    'what is revealed: logits for argmax-as-puma',
  ]);
  const functions = { gelu: 'crypten-erf', softmax: 'crypten' } as const;
  const benchmark = mpcformerPlan('base', 128, functions, 'dealer');
  expect(differencesOf(benchmark, benchmark)).toEqual([]);
  expect(differencesOf(benchmark, bert).at(-1)).toMatch(/LayerNorm for the benchmark/);
  for (const word of ['protocol', 'ring', 'correlations', 'width', 'length', 'layers']) {
    expect(familyWords).toContain(word);
  }
});

describe('every predicted cell', () => {
  const predicted = allCells.flatMap(({ id, cell: { recipe } }) =>
    recipe.kind === 'prediction' ? [{ id, recipe }] : [],
  );
  test.each(predicted)('$id has runs of its family, its own first', ({ recipe }) => {
    const specs = familySpecs(recipe.plans, recipe.familySpec);
    expect(specs[0]).toEqual(recipe.familySpec);
    const [plan] = recipe.plans;
    if (plan === undefined) throw new TypeError('no plan');
    for (const spec of specs) {
      const made = planOfShape(spec);
      expect(made === null ? null : familyOf(made)).toBe(familyOf(plan));
    }
  });
  test('runs of BERT base confirm all its lengths, and RoBERTa base', () => {
    const models = familySpecs([bert], pumaSpec('bert-base', 128)).map(
      ({ model, sequenceLength }) => `${model} ${sequenceLength}`,
    );
    expect(models.toSorted()).toEqual([
      'bert-base 128',
      'bert-base 256',
      'bert-base 64',
      'roberta-base 128',
    ]);
  });
});
