/**
 * Truncation against its stated distribution, on more than a million elements: the error against the
 * exact quotient rounded down is one with the chance of the part cut off, zero otherwise, so that its
 * mean is nothing. Domain: -2^(k-2) <= x < 2^(k-2). Only the local truncation of `additive/crypten`
 * goes wrong inside it: with chance |x| / 2^k it misses by 2^(k - bits), and as often the halves have
 * one sign and both are rounded the same way, so that it is one too small or two too large.
 */
import { describe, expect, test } from 'vitest';
import type { Ring } from '../../server/engine/plan.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Tensor } from '../../server/engine/ring/tensor.ts';
import { seededBytes } from '../support/random.ts';
import { ringTensor, simulate, type SimulateOptions } from '../support/simulate.ts';
import { limitZ, trialsZ } from '../support/statistics.ts';

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];
const chunk = 2 ** 17;
const chunks = 8;
const octiles = 8;

type VariantId = (typeof variantDescriptions)[number]['id'];

/** Uniform in [-2^magnitude, 2^magnitude). */
function uniformValues(ring: Ring, magnitude: number, label: string): BigInt64Array {
  const words = new BigInt64Array(seededBytes(label, chunk * 8).buffer);
  const shift = BigInt(63 - magnitude);
  for (let index = 0; index < chunk; index++) words[index] = (words[index] ?? 0n) >> shift;
  return words;
}

function tensorOf(ring: Ring, values: BigInt64Array): Tensor {
  const words = ring.bits === 64 ? values : Int32Array.from(values, Number);
  return { elementBits: ring.bits, shape: [chunk], bytes: new Uint8Array(words.buffer) };
}

function valuesOf(ring: Ring, bytes: Uint8Array): BigInt64Array {
  if (ring.bits === 64) return new BigInt64Array(Uint8Array.from(bytes).buffer);
  return BigInt64Array.from(new Int32Array(Uint8Array.from(bytes).buffer), BigInt);
}

/** What came out of a million truncations, beside what was to be expected. */
interface Tally {
  /** Errors of one, and their expected number and variance, by the size of the part cut off. */
  readonly ones: number[];
  readonly mean: number[];
  readonly variance: number[];
  /** Errors of minus one and of two. */
  sameWay: number;
  /** Misses by 2^(k - bits), and their expected number and variance. */
  wrapped: number;
  wrappedMean: number;
  wrappedVariance: number;
  readonly others: bigint[];
}

async function tally(
  id: VariantId,
  ring: Ring,
  options: {
    bits: number;
    magnitude: number;
    label: string;
    extra?: SimulateOptions;
    /** Multiplies by one first, in one operation where the variant has it. */
    product?: boolean;
  },
): Promise<Tally> {
  const { bits, magnitude, label } = options;
  const zeros = () => Array<number>(octiles).fill(0);
  const counts: Tally = {
    ones: zeros(),
    mean: zeros(),
    variance: zeros(),
    sameWay: 0,
    wrapped: 0,
    wrappedMean: 0,
    wrappedVariance: 0,
    others: [],
  };
  const wrap = 1n << BigInt(ring.bits - bits);
  for (let part = 0; part < chunks; part++) {
    const values = uniformValues(ring, magnitude, `${label} ${part}`);
    const { bytes } = await simulate(
      id,
      kernels,
      ring,
      [tensorOf(ring, values), tensorOf(ring, new BigInt64Array(chunk).fill(1n))],
      (mpc: Protocol, [x, one]: readonly AShare[]) =>
        options.product === true ? mpc.mulTruncate(x!, one!, bits) : mpc.truncate(x!, bits),
      { seed: `${id} ${label} ${part}`, turn: part, ...options.extra },
    );
    const results = valuesOf(ring, bytes);
    for (let index = 0; index < chunk; index++) {
      const x = values[index] ?? 0n;
      const floor = x >> BigInt(bits);
      const fraction = Number(x - (floor << BigInt(bits))) / 2 ** bits;
      const octile = Math.floor(fraction * octiles);
      const failing = Math.abs(Number(x)) / 2 ** ring.bits;
      counts.mean[octile]! += fraction;
      counts.variance[octile]! += fraction * (1 - fraction);
      counts.wrappedMean += failing;
      counts.wrappedVariance += failing * (1 - failing);
      const error = (results[index] ?? 0n) - floor;
      if (error === 0n) continue;
      if (error === 1n) counts.ones[octile]! += 1;
      else if (error === -1n || error === 2n) counts.sameWay += 1;
      else if (near(error, wrap) || near(error, -wrap)) counts.wrapped += 1;
      else counts.others.push(error);
    }
  }
  return counts;
}

function near(error: bigint, wrap: bigint): boolean {
  const distance = error - wrap;
  return distance >= -1n && distance <= 2n;
}

for (const { id, needsCorrelations } of variantDescriptions) {
  const local = id === 'additive/crypten';
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}`, () => {
      // Small enough that local truncation is expected to go wrong less than once in 2^12 runs.
      const safe = local ? Math.max(ring.bits - 33, 4) : ring.bits - 2;
      const correlations = needsCorrelations
        ? (['dealer', 'insecureFirstParty'] as const)
        : ([undefined] as const);

      test.each(
        [1, 5, ring.fractionBits, ring.bits - 3].flatMap((bits) =>
          correlations.map((source) => [bits, source] as const),
        ),
      )(
        'the error of cutting %i bits off has its stated distribution (%s)',
        async (bits, source) => {
          if (ring.bits === 32 && local) return expectSmallErrors(id, ring, bits);
          const extra = source === undefined ? {} : { correlations: source };
          expectStated(
            await tally(id, ring, { bits, magnitude: safe, label: `cut ${bits}`, extra }),
          );
        },
      );

      test('the error of a truncated product has its stated distribution', async () => {
        const bits = ring.fractionBits;
        if (ring.bits === 32 && local) return expectSmallErrors(id, ring, bits, true);
        const label = `product ${bits}`;
        expectStated(await tally(id, ring, { bits, magnitude: safe, label, product: true }));
      });

      const limit = 1n << BigInt(ring.bits - 2);
      const edges = [-limit, -limit + 1n, limit - 1n, limit - 2n, -1n, 0n, 1n];

      test('at the edges of the domain: inside, or wrong as often as declared', async () => {
        if (local) return expectWraps(id, ring);
        for (const bits of [1, ring.fractionBits, ring.bits - 3]) {
          for (let seed = 0; seed < 32; seed++) {
            const run = await simulate(
              id,
              kernels,
              ring,
              [ringTensor(ring.bits, [edges.length], edges)],
              (mpc, [x]) => mpc.truncate(x!, bits),
              { seed: `edges ${seed}`, turn: seed },
            );
            run.values.forEach((value, index) => {
              const floor = (edges[index] ?? 0n) >> BigInt(bits);
              expect([floor, floor + 1n]).toContain(value);
            });
          }
        }
      });

      test('beyond the edges results are wrong', async () => {
        for (const beyond of [limit + (limit >> 1n), -limit - (limit >> 1n)]) {
          const run = await simulate(
            id,
            kernels,
            ring,
            [ringTensor(ring.bits, [256], Array<bigint>(256).fill(beyond))],
            (mpc, [x]) => mpc.truncate(x!, ring.fractionBits),
          );
          const floor = beyond >> BigInt(ring.fractionBits);
          const wrong = run.values.filter((value) => value !== floor && value !== floor + 1n);
          expect(wrong.length).toBeGreaterThan(16);
        }
      });
    });
  }
}

function expectStated(seen: Tally): void {
  expect(seen.others).toEqual([]);
  expect([seen.sameWay, seen.wrapped]).toEqual([0, 0]);
  const { mean, variance } = seen;
  seen.ones.forEach((ones, octile) => {
    const z = trialsZ(ones, mean[octile] ?? 0, variance[octile] ?? 0);
    expect(Math.abs(z)).toBeLessThan(limitZ);
  });
  // The accumulated bias: errors against the unrounded quotient add up to nothing.
  const all = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, 0);
  expect(Math.abs(trialsZ(all(seen.ones), all(mean), all(variance)))).toBeLessThan(limitZ);
}

/** In the small ring no magnitude is safe: wraps come as declared, the rest is off by little. */
async function expectSmallErrors(
  id: VariantId,
  ring: Ring,
  bits: number,
  product = false,
): Promise<void> {
  const seen = await tally(id, ring, { bits, magnitude: 12, label: `small ${bits}`, product });
  expect(seen.others).toEqual([]);
  const declared = trialsZ(seen.wrapped, seen.wrappedMean, seen.wrappedVariance);
  expect(Math.abs(declared)).toBeLessThan(limitZ);
}

async function expectWraps(id: VariantId, ring: Ring): Promise<void> {
  const magnitude = ring.bits === 32 ? 24 : 54;
  const seen = await tally(id, ring, { bits: ring.fractionBits, magnitude, label: 'wraps' });
  expect(seen.others).toEqual([]);
  const { wrapped, wrappedMean, wrappedVariance } = seen;
  expect(wrapped).toBeGreaterThan(100);
  expect(Math.abs(trialsZ(wrapped, wrappedMean, wrappedVariance))).toBeLessThan(limitZ);
  expect(seen.sameWay).toBeLessThan(wrapped);
}
