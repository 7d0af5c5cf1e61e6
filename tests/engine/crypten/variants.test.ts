/**
 * CrypTen's functions on every variant: each gives what it gives in the clear, within the rounding of
 * its steps, and sends what shapes alone foretell.
 */
import { describe, expect, test } from 'vitest';
import { priceProgram } from '../../../server/engine/cost/price-program.ts';
import { operationsOf } from '../../../server/engine/cost/operations.ts';
import {
  correlationsOf,
  variantDescriptions,
  type SecureVariantId,
} from '../../../server/engine/protocols/registry.ts';
import type { Shape } from '../../../server/engine/ring/tensor.ts';
import { measuredLinks, ringTensor, simulate } from '../../support/simulate.ts';
import { exp } from '../../../server/engine/approximations/crypten/exp.ts';
import { geluErfCorrected, geluTanh } from '../../../server/engine/approximations/crypten/gelu.ts';
import { log } from '../../../server/engine/approximations/crypten/log.ts';
import { layerNorm } from '../../../server/engine/approximations/crypten/layernorm.ts';
import { maxValue } from '../../../server/engine/approximations/crypten/maximum.ts';
import { reciprocal } from '../../../server/engine/approximations/crypten/reciprocal.ts';
import { softmaxCorrected } from '../../../server/engine/approximations/crypten/softmax.ts';
import { inTheClear, kernels, ring, unit, type Program } from './support.ts';

const x = { shape: [2, 4], values: [1, 2.5, 0.75, 3, 0.5, 5, 1.25, 2] };
const row = { shape: [4], values: [1, 0.5, 2, 1.5] };

/** How far roundings of one unit may carry. */
const programs: Readonly<Record<string, { readonly program: Program; readonly units: number }>> = {
  exp: { program: exp, units: 60_000 },
  reciprocal: { program: reciprocal, units: 40 },
  log: { program: log, units: 1500 },
  'GeLU by tanh': { program: geluTanh, units: 300 },
  'GeLU by erf': { program: geluErfCorrected, units: 40 },
  maximum: { program: maxValue, units: 0 },
  softmax: { program: (mpc, a) => softmaxCorrected(mpc, a, null), units: 100 },
  LayerNorm: {
    program: (mpc, a, g) => layerNorm(mpc, a, g, g, 1e-12),
    units: 200,
  },
};

describe.each(variantDescriptions.map(({ id }) => id))('%s', (variant) => {
  test.each(Object.entries(programs))('%s', async (_, { program, units }) => {
    const expected = await inTheClear(program, x, row);
    const inputs = [x, row].map(({ shape, values }) =>
      ringTensor(
        64,
        shape,
        values.map((v) => BigInt(Math.round(v / unit))),
      ),
    );
    const run = await simulate(variant, kernels, ring, inputs, (mpc, shares) =>
      program(mpc, ...shares),
    );
    run.values.forEach((value, index) => {
      expect(Math.abs(Number(value) - (expected[index] ?? NaN) / unit)).toBeLessThanOrEqual(units);
    });
  });
});

test('every operation sends what its shapes foretell', async () => {
  const variant: SecureVariantId = 'additive/crypten';
  for (const { name, inputs, forms, usage } of operationsOf(variant)) {
    const given: Shape[] = usage.includes(',')
      ? [
          [3, 5],
          [5, 2],
        ]
      : [[3, 5]];
    const shapes = inputs(given);
    for (const { id, run } of forms) {
      const price = await priceProgram({
        variant,
        ring,
        correlations: correlationsOf({ variant }),
        turn: 0,
        inputs: shapes,
        run,
      });
      const tensors = shapes.map((shape) =>
        ringTensor(64, shape, Array<bigint>(shape.reduce((a, b) => a * b, 1)).fill(65_536n)),
      );
      const real = await simulate(variant, kernels, ring, tensors, async (mpc, shares) => {
        await run(mpc, shares);
        return mpc.sub(shares[0]!, shares[0]!);
      });
      const links = measuredLinks(real.parties);
      const label = `${name} ${id}`;
      expect([links['0>1'] ?? 0, links['1>0'] ?? 0], label).toEqual([
        price.links['0>1'],
        price.links['1>0'],
      ]);
      expect(Math.max(...real.parties.map(({ rounds }) => rounds)), label).toBe(
        price.roundsOverlapped,
      );
    }
  }
});
