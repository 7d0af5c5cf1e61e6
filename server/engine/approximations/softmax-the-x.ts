/**
 * THE-X's estimation of softmax (Chen et al. 2022): the score itself over the sum of ReLU((x/2 + 1)^3), which
 * stands in for the exponential. In the paper the quotient is a small network trained for the purpose, of which
 * no weights are published; here it is the quotient that the network was trained to give.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { mulFixed, rowSum } from './fixed.ts';
import type { SoftmaxFunction } from './function.ts';
import { divideByColumn } from './normalise.ts';
import { cleared } from './softmax.ts';

/** ReLU((x/2 + 1)^3) = ReLU((x + 2)^3) / 8: the sign is that of x + 2. */
async function positiveCube(mpc: Protocol, x: AShare): Promise<AShare> {
  const shifted = mpc.addFixed(x, 2);
  const [negative, cube] = await mpc.together([
    (branch) => branch.msb(shifted),
    async (branch) => {
      const square = await mulFixed(branch, shifted, shifted);
      return branch.mulTruncate(square, shifted, branch.ring.fractionBits + 3);
    },
  ]);
  return mpc.bitMul(mpc.xorPublic(negative, 1n), cube);
}

export const softmaxTheX: SoftmaxFunction<'the-x'> = {
  id: 'the-x',
  title: 'THE-X softmax estimation',
  description:
    'x over the row sum of ReLU((x/2 + 1)³); the network that estimates the quotient is the quotient here. Made for models trained with it.',
  source: "THE-X (Chen et al. 2022), as MPCViT's released code reads it",
  hides: 'byKeep',
  evaluate: async (mpc, scores, keep) => {
    const [numerators, powers] = await mpc.together([
      (branch) => cleared(branch, scores, keep),
      async (branch) => cleared(branch, await positiveCube(branch.at('cube'), scores), keep),
    ]);
    return divideByColumn(mpc, numerators, rowSum(mpc, powers));
  },
};
