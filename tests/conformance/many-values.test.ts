/**
 * Every operation on more than a million elements, each chunk under other masks: the result is the
 * clear one, bit by bit, over the whole domain of the operation. Domains: every ring element for
 * products, bits, signs and comparisons with zero; truncation has a file of its own.
 */
import { describe, expect, test } from 'vitest';
import type { Ring } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Tensor } from '../../server/engine/ring/tensor.ts';
import { seededBytes } from '../support/random.ts';
import { runClearBytes, simulate } from '../support/simulate.ts';

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];
const chunk = 2 ** 16;
const chunks = 16;

/** A quarter each of any words, zeros, powers of two and their negatives. */
function wideValues(ring: Ring, label: string): Tensor {
  const bytes = seededBytes(label, (chunk * ring.bits) / 8);
  const words = ring.bits === 64 ? new BigUint64Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  for (let index = 0; index < chunk; index++) {
    if (index % 4 === 0) continue;
    const power = 1n << BigInt((index >> 2) % ring.bits);
    const value = [0n, power, BigInt.asUintN(ring.bits, -power)][(index % 4) - 1] ?? 0n;
    if (words instanceof BigUint64Array) words[index] = value;
    else words[index] = Number(value);
  }
  return { elementBits: ring.bits, shape: [chunk], bytes };
}

type Program = (mpc: Protocol, x: AShare, y: AShare) => Promise<AShare | BShare>;

const bit = async (mpc: Protocol, x: AShare): Promise<BShare> => mpc.maskBits(await mpc.msb(x), 1n);

/** a2b is inside `and` and `b2a word`, msb inside `b2a bit` and `bitMul`. */
const programs: Readonly<Record<string, Program>> = {
  mul: (mpc, x, y) => mpc.mul(x, y),
  square: (mpc, x) => mpc.square(x),
  matmul: (mpc, x, y) =>
    mpc.matmul(
      mpc.view(x, { reshape: [chunk / 16, 16] }),
      mpc.view(mpc.view(y, { slice: { axis: 0, start: 0, end: 256 } }), { reshape: [16, 16] }),
    ),
  and: async (mpc, x, y) => mpc.and(await mpc.a2b(x), await mpc.a2b(y)),
  below: async (mpc, x) => {
    const parts = mpc.view(x, { slice: { axis: 0, start: 0, end: chunk / 2 } });
    return mpc.maskBits(await mpc.below(parts, [-(2 ** 5), 2 ** -mpc.ring.fractionBits]), 1n);
  },
  isZero: async (mpc, x) => mpc.maskBits(await mpc.isZero(x), 1n),
  'b2a word': async (mpc, x) => mpc.b2a(await mpc.a2b(x), 'word'),
  'b2a bit': async (mpc, x) => mpc.b2a(await bit(mpc, x), 'bit'),
  bitMul: async (mpc, x, y) => mpc.bitMul(await bit(mpc, x), y),
};

for (const { id, needsCorrelations } of variantDescriptions) {
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}: ${chunk * chunks} elements`, () => {
      test.each(Object.keys(programs))('%s', async (name) => {
        const program: Program = programs[name]!;
        for (let part = 0; part < chunks; part++) {
          const inputs = ['x', 'y'].map((input) => wideValues(ring, `${name} ${input} ${part}`));
          const run = (mpc: Protocol, [x, y]: readonly AShare[]) => program(mpc, x!, y!);
          const expected = await runClearBytes(kernels, ring, inputs, run);
          const { bytes } = await simulate(id, kernels, ring, inputs, run, {
            seed: `${id} ${name} ${part}`,
            turn: part,
            // Both ways to correlations take turns.
            ...(needsCorrelations && part % 4 === 3
              ? { correlations: 'insecureFirstParty' as const }
              : {}),
          });
          expect(Buffer.compare(bytes, expected), `chunk ${part}`).toBe(0);
        }
      });
    });
  }
}
