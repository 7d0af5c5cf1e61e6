/**
 * Weights: shared once, used in any number of products. Values and costs of products by a weight, by
 * a changed weight and by a weight on the left, and what masking the weights costs in the setup.
 */
import { describe, expect, test } from 'vitest';
import { ShapeProtocol } from '../../server/engine/cost/shape-protocol.ts';
import { CostTally } from '../../server/engine/cost/tally.ts';
import type { Ring } from '../../server/engine/plan.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Tensor } from '../../server/engine/ring/tensor.ts';
import { seededBytes } from '../support/random.ts';
import { measuredLinks, runClear, simulate, type Program } from '../support/simulate.ts';

/** Nothing is looked at here but what the walk itself was charged. */
const noSetup = { rounds: 0, bytesSent: [] };

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];

const tensor = (ring: Ring, shape: readonly number[], label: string): Tensor => ({
  elementBits: ring.bits,
  shape,
  bytes: seededBytes(label, (shape.reduce((a, b) => a * b, 1) * ring.bits) / 8),
});

type Product = (mpc: Protocol, x: AShare, w: AShare, batch: AShare) => Promise<AShare>;

/** x [3, 4], w [4, 4], batch [2, 4, 4]. */
const products: Readonly<Record<string, Product>> = {
  'by a weight': (mpc, x, w) => mpc.matmul(x, w),
  'by the same weight three times': async (mpc, x, w) =>
    mpc.matmul(await mpc.matmul(await mpc.matmul(x, w), w), w),
  'by a batch of weights': (mpc, x, _, batch) =>
    mpc.matmul(mpc.concat([row(mpc, x), row(mpc, mpc.negate(x))], 0), batch),
  'by a negated weight': (mpc, x, w) => mpc.matmul(x, mpc.negate(w)),
  'by a transposed weight': (mpc, x, w) => mpc.matmul(x, mpc.view(w, { transpose: [1, 0] })),
  'of a weight': (mpc, x, w) => mpc.matmul(w, mpc.view(x, { transpose: [1, 0] })),
  'of a weight by itself': (mpc, _, w) => mpc.matmul(w, w),
  'element by element': (mpc, _, w) => mpc.mul(w, w),
  'in branches': async (mpc, x, w) => {
    const [a, b] = await mpc.together([
      (branch) => branch.matmul(x, w),
      async (branch) => branch.matmul(await branch.mul(x, x), w),
    ]);
    return mpc.add(a, b);
  },
};

const row = (mpc: Protocol, x: AShare) => mpc.view(x, { reshape: [1, ...x.shape] });

for (const { id } of variantDescriptions) {
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}: products`, () => {
      test.each(Object.keys(products))('%s', async (name) => {
        const x = tensor(ring, [3, 4], `x ${name}`);
        const weights = [tensor(ring, [4, 4], `w ${name}`), tensor(ring, [2, 4, 4], 'batch')];
        const run: Program = (mpc, [input], [w, batch]) => products[name]!(mpc, input!, w!, batch!);
        const expected = await runClear(kernels, ring, [...weights, x], (mpc, [w, batch, input]) =>
          run(mpc, [input!], [w!, batch!]),
        );
        for (const turn of [0, 1, 2]) {
          const actual = await simulate(id, kernels, ring, [x], run, {
            weights,
            turn,
            seed: `${id} ${name} ${turn}`,
          });
          expect(actual.values).toEqual(expected);

          const model = costModelOf(id, ring.bits);
          const setup = new CostTally(model.parties);
          const online = new CostTally(model.parties);
          let tally = setup;
          const walk = ShapeProtocol.start(model, ring, (entry) => tally.add(entry), {
            turn: turn - 2 * model.turns('weight') - model.turns('input'),
          });
          const held = [];
          for (const { shape } of weights) held.push(await walk.weight(shape));
          const input = await walk.input(x.shape);
          tally = online;
          await run(walk, [input], held);
          expect(measuredLinks(actual.parties.map((view) => ({ rows: view.setup })))).toEqual(
            setup.report(0, true, noSetup).links,
          );
          const { 'dealer>0': dealt = 0, ...links } = online.report(0, true, noSetup).links;
          expect(measuredLinks(actual.parties)).toEqual(links);
          expect(actual.dealerBytes).toBe(dealt);
        }
      });
    });
  }
}
