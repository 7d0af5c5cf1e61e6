/** A recipe that is edited to something impossible: its cell says what is wrong, and the others stand. */
import { expect, test } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Book } from '../../server/papers/book.ts';
import { findCell, type PlacedCell } from '../../server/papers/catalog.ts';
import { toCell } from '../../server/papers/cell-state.ts';
import type { RecipeDefinition } from '../../server/papers/definition.ts';
import { pumaPlan, pumaSpec } from '../../server/papers/specs.ts';

const nothing: Book = { runs: new Map(), places: new Map(), inZoo: new Set() };

const withRecipe = (recipe: RecipeDefinition): PlacedCell => {
  const placed = findCell('puma.t5.puma.bert-64-s');
  return { ...placed, cell: { ...placed.cell, recipe, reference: null } };
};
const runOf = (spec: RunSpec): RecipeDefinition => ({
  kind: 'run',
  spec,
  reading: { kind: 'onlineSeconds' },
});
const good = pumaSpec('bert-base', 64);

const edited: readonly (readonly [string, RunSpec, RegExp])[] = [
  ['a model that is not here', { ...good, model: 'bert-huge' }, /model is "bert-huge"/],
  ['more positions than there are', { ...good, sequenceLength: 600 }, /sequenceLength is 600/],
  ['no sample', { ...good, dataset: { ...good.dataset, samples: 0 } }, /dataset\.samples is 0/],
  [
    'a function that there is not',
    { ...good, approximations: { gelu: 'cubed' as 'quad', softmax: 'puma' } },
    /approximations\.gelu is "cubed"/,
  ],
  [
    'uniform weights of a model that has none',
    { ...good, protocol: { ...good.protocol, weights: 'uniform' } },
    /protocol\.weights is "uniform"/,
  ],
];
test.each(edited)('a run of %s', async (_, spec, why) => {
  const cell = await toCell(withRecipe(runOf(spec)), nothing);
  expect(cell).toMatchObject({ result: null, verdict: 'notTestable' });
  expect(cell.explanation).toMatch(/^The recipe cannot be run: /);
  expect(cell.explanation).toMatch(why);
});

test('a ratio of an impossible run', async () => {
  const recipe = { kind: 'ratio', over: good, under: { ...good, model: 'bert-huge' } } as const;
  const cell = await toCell(withRecipe(recipe), nothing);
  expect(cell).toMatchObject({ result: null, verdict: 'notTestable' });
  expect(cell.explanation).toMatch(/bert-huge/);
});

test('a prediction that the engine cannot make', async () => {
  const plan = pumaPlan('bert-base', 64);
  const cell = await toCell(
    withRecipe({
      kind: 'prediction',
      plans: [{ ...plan, ring: { bits: 64, fractionBits: 70 } }],
      counting: { what: 'bytes', of: 'all', unitBytes: 1 },
      familySpec: null,
    }),
    nothing,
  );
  expect(cell).toMatchObject({ result: null, verdict: 'notTestable' });
  expect(cell.explanation).toMatch(/^The recipe cannot be predicted: truncate: \d+ bits of 64/);
});

test('the recipe as it was waits for its run', async () => {
  const cell = await toCell(withRecipe(runOf(good)), nothing);
  expect(cell.verdict).toBe('notRun');
});
