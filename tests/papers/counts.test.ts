/** Bytes and rounds that follow from few layers are those of the whole walk, to the byte. */
import { expect, test } from 'vitest';
import type { Plan } from '../../server/engine/plan.ts';
import { specsOf } from '../../server/papers/book.ts';
import { allCells } from '../../server/papers/catalog.ts';
import { countsOf, walkWhole } from '../../server/papers/counts.ts';
import { planOfShape } from '../../server/papers/family.ts';
import { canonicalJson } from '../../server/runs/spec-hash.ts';

const plans = new Map<string, Plan>();
for (const placed of allCells) {
  const { recipe } = placed.cell;
  const asked =
    recipe.kind === 'prediction'
      ? recipe.plans
      : specsOf(placed).flatMap((spec) => planOfShape(spec) ?? []);
  for (const plan of asked) plans.set(canonicalJson(plan), plan);
}
const named = [...plans.values()].map((plan) => {
  const { architecture, layers, hidden } = plan.model;
  const { gelu, softmax } = plan.approximations;
  const size = `${layers} layers of ${hidden}, ${plan.length} tokens`;
  return { plan, name: `${architecture}, ${size}, ${plan.variant}, ${gelu}, ${softmax}` };
});

test('there are plans of every kind', () => {
  expect(named.length).toBeGreaterThan(50);
});

test.each(named)('$name', async ({ plan }) => {
  const [few, whole] = [await countsOf(plan, 1), await walkWhole(plan, 1)];
  const { bytesAt, ...counts } = few;
  const { bytesAt: wholeAt, ...expected } = whole;
  expect(counts).toEqual(expected);
  for (const place of ['softmax', 'gelu', 'layer', 'head']) {
    expect(bytesAt(place), place).toBe(wholeAt(place));
  }
});
