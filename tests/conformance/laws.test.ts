/**
 * Properties that hold for any values, shapes and views: algebraic laws of the operations, and, for
 * random programs with branches inside branches, that value, bytes of every link, dealer bytes and
 * rounds are those of `clear` and of the walk on shapes. Each run draws its masks anew.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ShapeProtocol } from '../../server/engine/cost/shape-protocol.ts';
import { CostTally } from '../../server/engine/cost/tally.ts';
import type { CorrelationsId, Ring } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { elementCount, type Shape } from '../../server/engine/ring/tensor.ts';
import { programs, runSteps } from '../support/programs.ts';
import { measuredLinks, ringTensor, runClear, simulate } from '../support/simulate.ts';

/** Nothing is looked at here but what the walk itself was charged. */
const noSetup = { rounds: 0, bytesSent: [] };

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];

const seed = 20260727;
const shapes = fc.array(fc.nat(4), { maxLength: 3 });

function words(ring: Ring, count: number): fc.Arbitrary<bigint[]> {
  const top = 1n << BigInt(ring.bits - 1);
  const word = fc.oneof(
    fc.bigInt({ min: -top, max: top - 1n }),
    fc.constantFrom(0n, 1n, -1n, -top, top - 1n),
  );
  return fc.array(word, { minLength: count, maxLength: count });
}

type Law = (mpc: Protocol, x: AShare, y: AShare, z: AShare) => Promise<AShare | BShare>;

const not = (mpc: Protocol, bit: BShare) => mpc.xorPublic(bit, 1n);
const flat = (mpc: Protocol, x: AShare) => mpc.view(x, { reshape: [elementCount(x.shape)] });

/** Each is a difference that has to be zero everywhere. */
const laws: Readonly<Record<string, Law>> = {
  'x y = y x': async (mpc, x, y) => mpc.sub(await mpc.mul(x, y), await mpc.mul(y, x)),
  'x (y + z) = x y + x z': async (mpc, x, y, z) =>
    mpc.sub(await mpc.mul(x, mpc.add(y, z)), mpc.add(await mpc.mul(x, y), await mpc.mul(x, z))),
  '(x y) z = x (y z)': async (mpc, x, y, z) =>
    mpc.sub(await mpc.mul(await mpc.mul(x, y), z), await mpc.mul(x, await mpc.mul(y, z))),
  'c (x y) = (c x) y': async (mpc, x, y) =>
    mpc.sub(mpc.scale(await mpc.mul(x, y), -5n), await mpc.mul(mpc.scale(x, -5n), y)),
  'x^2 = x x': async (mpc, x) => mpc.sub(await mpc.square(x), await mpc.mul(x, x)),
  '(x + y)^2 = x^2 + 2 x y + y^2': async (mpc, x, y) =>
    mpc.sub(
      await mpc.square(mpc.add(x, y)),
      mpc.add(
        mpc.add(await mpc.square(x), await mpc.square(y)),
        mpc.scale(await mpc.mul(x, y), 2n),
      ),
    ),
  'x (x + 1) = x^2 + x': async (mpc, x) => {
    const next = mpc.addFixed(x, 2 ** -mpc.ring.fractionBits);
    return mpc.sub(await mpc.mul(x, next), mpc.add(await mpc.square(x), x));
  },
  // Whoever adds nothing must not take x + 1 for x itself: parties, dealer and price would part.
  'x (x + 1) cut is no square cut': async (mpc, x) => {
    const next = mpc.addFixed(x, 2 ** -mpc.ring.fractionBits);
    const cut = await mpc.mulTruncate(x, next, 1);
    return mpc.sub(cut, cut);
  },
  'b2a(a2b(x)) = x': async (mpc, x) => mpc.sub(await mpc.b2a(await mpc.a2b(x), 'word'), x),
  'a2b(b2a(b)) = b': async (mpc, x, y) => {
    const bits = mpc.xor(await mpc.a2b(x), await mpc.a2b(y));
    return mpc.xor(await mpc.a2b(await mpc.b2a(bits, 'word')), bits);
  },
  'msb(x) = bit k-1 of a2b(x)': async (mpc, x) => {
    const top = mpc.shiftBits(await mpc.a2b(x), 'right', mpc.ring.bits - 1);
    return mpc.xor(mpc.resizeLanes(top, 8), mpc.maskBits(await mpc.msb(x), 1n));
  },
  'x is zero or one of x and -x is negative, or both': async (mpc, x) => {
    const zero = await mpc.isZero(x);
    const [sign, other] = [await mpc.msb(x), await mpc.msb(mpc.negate(x))];
    // Both are for -2^(k-1) alone.
    const either = mpc.xor(mpc.xor(sign, other), await mpc.and(sign, other));
    return mpc.maskBits(not(mpc, mpc.xor(zero, either)), 1n);
  },
  'x - x is zero': async (mpc, x) => mpc.maskBits(not(mpc, await mpc.isZero(mpc.sub(x, x))), 1n),
  'b x + (not b) x = x': async (mpc, x, y) => {
    const bit = await mpc.msb(y);
    const both = mpc.add(await mpc.bitMul(bit, x), await mpc.bitMul(not(mpc, bit), x));
    return mpc.sub(both, x);
  },
  'b (b x) = b x': async (mpc, x, y) => {
    const bit = await mpc.msb(y);
    const once = await mpc.bitMul(bit, x);
    return mpc.sub(await mpc.bitMul(bit, once), once);
  },
  'b x = b2a(b) x': async (mpc, x, y) => {
    const bit = await mpc.msb(y);
    return mpc.sub(await mpc.bitMul(bit, x), await mpc.mul(await mpc.b2a(bit, 'bit'), x));
  },
  'a and (b xor c) = (a and b) xor (a and c)': async (mpc, x, y, z) => {
    const [a, b, c] = [await mpc.a2b(x), await mpc.a2b(y), await mpc.a2b(z)];
    const [ab, ac] = await mpc.andAll([
      [a, b],
      [a, c],
    ]);
    return mpc.xor(await mpc.and(a, mpc.xor(b, c)), mpc.xor(ab!, ac!));
  },
  'a and not a = 0': async (mpc, x) => {
    const a = await mpc.a2b(x);
    return mpc.and(a, mpc.xorPublic(a, (1n << BigInt(mpc.ring.bits)) - 1n));
  },
  '(x + y) Z = x Z + y Z': async (mpc, x, y, z) => {
    const row = (share: AShare) =>
      mpc.view(flat(mpc, share), { reshape: [1, elementCount(x.shape)] });
    const column = mpc.view(flat(mpc, z), { reshape: [elementCount(x.shape), 1] });
    return mpc.sub(
      await mpc.matmul(row(mpc.add(x, y)), column),
      mpc.add(await mpc.matmul(row(x), column), await mpc.matmul(row(y), column)),
    );
  },
  'sum of x y = x times y as matrices': async (mpc, x, y) => {
    const length = elementCount(x.shape);
    const product = await mpc.matmul(
      mpc.view(flat(mpc, x), { reshape: [1, length] }),
      mpc.view(flat(mpc, y), { reshape: [length, 1] }),
    );
    const sum = mpc.sum(flat(mpc, await mpc.mul(x, y)), 0);
    return mpc.sub(mpc.view(product, { reshape: [] }), sum);
  },
  'a view of a product is the product of views': async (mpc, x, y) => {
    const length = elementCount(x.shape);
    const end = Math.ceil(length / 2);
    const half = (share: AShare) =>
      mpc.view(flat(mpc, share), { slice: { axis: 0, start: 0, end } });
    return mpc.sub(half(await mpc.mul(x, y)), await mpc.mul(half(x), half(y)));
  },
  'branches compute what a sequence does': async (mpc, x, y) => {
    const [product, [square, sign]] = await mpc.together([
      (branch) => branch.mul(x, y),
      (branch) =>
        branch.together([
          (inner) => inner.square(x),
          async (inner) => inner.b2a(await inner.msb(y), 'bit'),
        ]),
    ]);
    const again = mpc.add(await mpc.mul(x, y), await mpc.square(x));
    const once = mpc.add(mpc.add(product, square), sign);
    return mpc.sub(once, mpc.add(again, await mpc.b2a(await mpc.msb(y), 'bit')));
  },
};

let counter = 0;
const freshSeed = () => `law ${counter++}`;

for (const { id, needsCorrelations } of variantDescriptions) {
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}`, () => {
      test.each(Object.keys(laws))('%s', async (name) => {
        const cases = shapes.chain((shape) => {
          const tensor = words(ring, elementCount(shape));
          return fc.tuple(fc.constant(shape as Shape), tensor, tensor, tensor, fc.nat(5));
        });
        await fc.assert(
          fc.asyncProperty(cases, async ([shape, x, y, z, turn]) => {
            const inputs = [x, y, z].map((values) => ringTensor(ring.bits, shape, values));
            const { values } = await simulate(
              id,
              kernels,
              ring,
              inputs,
              (mpc, [a, b, c]) => laws[name]!(mpc, a!, b!, c!),
              { seed: freshSeed(), turn },
            );
            expect(values.filter((value) => value !== 0n)).toEqual([]);
          }),
          { seed, numRuns: 15 },
        );
      });

      const sources: readonly CorrelationsId[] = needsCorrelations
        ? ['dealer', 'insecureFirstParty']
        : ['dealer'];
      test.each(sources)('random programs: values and costs (%s)', async (correlations) => {
        const cases = fc.nat(5).chain((length) => {
          const tensor = words(ring, length);
          return fc.tuple(fc.constant(length), tensor, tensor, fc.nat(5), programs);
        });
        const model = costModelOf(id, ring.bits);
        await fc.assert(
          fc.asyncProperty(cases, async ([length, x, y, turn, steps]) => {
            const inputs = [x, y].map((values) => ringTensor(ring.bits, [length], values));
            const program = (mpc: Protocol, shares: readonly AShare[]) =>
              runSteps(mpc, shares, steps);
            const expected = await runClear(kernels, ring, inputs, program);
            const actual = await simulate(id, kernels, ring, inputs, program, {
              seed: freshSeed(),
              turn,
              correlations,
            });
            expect(actual.values).toEqual(expected);

            const tally = new CostTally(model.parties);
            const walk = ShapeProtocol.start(model, ring, (entry) => tally.add(entry), {
              turn: turn - 2 * model.turns('input'),
            });
            const shares = [await walk.input([length]), await walk.input([length])];
            await program(walk, shares);
            const report = tally.report(
              walk.rounds,
              needsCorrelations && correlations === 'dealer',
              noSetup,
            );
            const { 'dealer>0': dealerLink = 0, ...links } = report.links;
            const sent = Object.entries(links).filter(([, bytes]) => bytes > 0);
            expect(measuredLinks(actual.parties)).toEqual(Object.fromEntries(sent));
            expect(actual.dealerBytes).toBe(dealerLink);
            expect(report.dealerBytes).toBe(dealerLink);
            expect(Math.max(...actual.parties.map((view) => view.rounds))).toBe(report.rounds);
          }),
          { seed, numRuns: 60 },
        );
      });
    });
  }
}
