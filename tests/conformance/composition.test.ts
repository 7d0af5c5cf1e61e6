/**
 * Prediction equals measurement for compositions too: parties run ahead of one another inside a
 * sequence (a helper that receives nothing does not wait), and the price must know it.
 */
import { describe, expect, test } from 'vitest';
import { geluFunctions, softmaxFunctions } from '../../server/engine/approximations/registry.ts';
import { layerNorm } from '../../server/engine/approximations/layernorm.ts';
import { tanh } from '../../server/engine/approximations/tanh.ts';
import { ShapeProtocol } from '../../server/engine/cost/shape-protocol.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { measuredLinks, ringTensor, simulate } from '../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;

type Step = (mpc: Protocol, x: AShare) => Promise<AShare>;

const steps: Readonly<Record<string, Step>> = {
  mul: (mpc, x) => mpc.mul(x, x),
  truncate: (mpc, x) => mpc.truncate(x, 3),
  msbAndBit: async (mpc, x) => mpc.b2a(await mpc.msb(x), 'bit'),
  throughBits: async (mpc, x) => mpc.b2a(await mpc.a2b(x), 'word'),
  relu: async (mpc, x) => mpc.bitMul(await mpc.msb(x), x),
  isZero: async (mpc, x) => mpc.b2a(await mpc.isZero(x), 'bit'),
  sideBySide: async (mpc, x) => {
    const [left, right] = await mpc.together([
      (branch) => branch.truncate(x, 2),
      async (branch) => branch.bitMul(await branch.msb(x), x),
    ]);
    return mpc.add(left, right);
  },
};

const functions: Readonly<Record<string, Step>> = {
  'GeLU puma': (mpc, x) => geluFunctions.puma.evaluate(mpc, x),
  'GeLU quad': (mpc, x) => geluFunctions.quad.evaluate(mpc, x),
  'GeLU series': (mpc, x) => geluFunctions['tanh-series'].evaluate(mpc, x),
  'softmax puma': (mpc, x) => softmaxFunctions.puma.evaluate(mpc, x, x),
  'softmax series': (mpc, x) => softmaxFunctions.series.evaluate(mpc, x, x),
  'softmax 2quad': (mpc, x) => softmaxFunctions['2quad'].evaluate(mpc, x, x),
  tanh,
  layerNorm: (mpc, x) => {
    const row = mpc.view(x, { slice: { axis: 0, start: 0, end: 1 } });
    const gamma = mpc.view(row, { reshape: [x.shape[1] ?? 0] });
    return layerNorm(mpc, x, gamma, gamma, 1e-5);
  },
};

/** Every run draws other masks. */
let runs = 0;

for (const { id } of variantDescriptions) {
  async function compare(program: Step, turn: number): Promise<void> {
    const input = ringTensor(64, [2, 3], [1n, -2n, 300000n, 4n, -500000n, 6n]);
    const run = await simulate(id, kernels, ring, [input], (mpc, [x]) => program(mpc, x!), {
      turn,
      seed: `composition ${runs++}`,
    });
    const links: Record<string, number> = {};
    const model = costModelOf(id, ring.bits);
    const price = ShapeProtocol.start(
      model,
      ring,
      ({ cost }) => {
        for (const [link, bytes] of Object.entries(cost.links)) {
          links[link] = (links[link] ?? 0) + bytes;
        }
      },
      { turn: turn - model.turns('input') },
    );
    await program(price, await price.input([2, 3]));
    expect(measuredLinks(run.parties)).toEqual(links);
    expect(Math.max(...run.parties.map((view) => view.rounds))).toBe(price.rounds);
  }

  describe(`${id}: measured equals predicted`, () => {
    const names = Object.keys(steps);
    test.each(names.flatMap((a) => names.map((b) => [a, b])))('%s, %s, then each', async (a, b) => {
      for (const c of names) {
        for (const turn of [1, 2, 3]) {
          await compare(async (mpc, x) => {
            const first = await steps[a]!(mpc, x);
            return steps[c]!(mpc, await steps[b]!(mpc, first));
          }, turn);
        }
      }
    });

    test.each(Object.keys(functions))('%s', async (name) => {
      for (const turn of [1, 2, 3]) await compare(functions[name]!, turn);
    });
  });
}
