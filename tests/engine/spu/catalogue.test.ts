/** SPU's catalogue: complete on each of its variants, and every form of it costs what a run sends. */
import { describe, expect, test } from 'vitest';
import { priceProgram } from '../../../server/engine/cost/price-program.ts';
import { operationOf, operationsOf } from '../../../server/engine/cost/operations.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { elementCount, type Shape } from '../../../server/engine/ring/tensor.ts';
import { measuredLinks, ringTensor, simulate } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;

const asked =
  'mul square matmul truncate ltz eq relu max argmax exp reciprocal inv_sqrt softmax 2quad 2relu ' +
  'quad gelu division select clamp layernorm';
const variants = [
  'additive/semi2k',
  'additive/fast',
  'replicated/aby3',
  'replicated/fast',
] as const;

const shapesOf = (usage: string): readonly Shape[] => {
  if (usage.startsWith('MxK'))
    return [
      [2, 3],
      [3, 4],
    ];
  if (usage.startsWith('TOKENS')) return [[2], [5, 3]];
  return [[2, 5]];
};

describe.each(variants)('%s', (variant) => {
  test('has every operation that the command line names, once', () => {
    const names = operationsOf(variant).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(asked.split(' ')));
    expect(new Set(names).size).toBe(names.length);
    for (const { name, forms } of operationsOf(variant)) {
      const ids = forms.map(({ id }) => id);
      expect(new Set(ids).size, name).toBe(ids.length);
    }
  });

  test('every form sends exactly what it is priced at', async () => {
    for (const { name, inputs, usage, forms } of operationsOf(variant)) {
      const shapes = inputs(shapesOf(usage));
      const tensors = shapes.map((shape) =>
        ringTensor(
          64,
          shape,
          Array.from({ length: elementCount(shape) }, (_, i) => BigInt(i % 4) << 17n),
        ),
      );
      for (const { id, run } of forms) {
        const correlations = variant.startsWith('additive') ? ('dealer' as const) : null;
        const figures = await priceProgram({
          variant,
          ring,
          correlations,
          turn: 0,
          inputs: shapes,
          run,
        });
        const { parties } = await simulate(
          variant,
          kernels,
          ring,
          tensors,
          async (mpc, operands) => {
            await run(mpc, operands);
            return operands[0]!;
          },
        );
        const { 'dealer>0': _, ...online } = figures.links;
        const used = Object.entries(online).filter(([, bytes]) => bytes > 0);
        expect(measuredLinks(parties), `${name}, ${id}`).toEqual(Object.fromEntries(used));
      }
    }
  });
});

test('a lookup asks for ids and a table, and says what it got', () => {
  const { operation } = operationOf('replicated/aby3', 'embedding');
  expect(() => operation.inputs([[2]])).toThrow('got [2], expected TOKENS,VOCABULARYxHIDDEN');
});
