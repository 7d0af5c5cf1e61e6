/**
 * What SPU's functions send: on SEMI2K against the reconstruction of a profiler log (MPCViT's fact
 * sheet, section 4.2), on ABY3 against SPU's send and receive calls (PUMA's fact sheet, section 2.3).
 * Each figure is also measured: the function is run by all parties, and their books compared.
 */
import { describe, expect, test } from 'vitest';
import { geluPuma } from '../../../server/engine/approximations/gelu-puma.ts';
import { siluPuma } from '../../../server/engine/approximations/silu-puma.ts';
import { softmaxPuma } from '../../../server/engine/approximations/softmax.ts';
import { divide, reciprocal } from '../../../server/engine/approximations/spu/division.ts';
import { exp } from '../../../server/engine/approximations/spu/exp.ts';
import { erf, geluErf } from '../../../server/engine/approximations/spu/gelu-erf.ts';
import { reciprocalSqrt, sqrt } from '../../../server/engine/approximations/spu/root.ts';
import { rowMax } from '../../../server/engine/approximations/spu/row-max.ts';
import { tanh } from '../../../server/engine/approximations/spu/tanh.ts';
import { clamp, less, relu, select } from '../../../server/engine/circuits/compare.ts';
import type { CostFigures } from '../../../server/engine/cost/figures.ts';
import { priceProgram } from '../../../server/engine/cost/price-program.ts';
import { ShapeProtocol } from '../../../server/engine/cost/shape-protocol.ts';
import type { AShare, BShare, Protocol } from '../../../server/engine/protocol.ts';
import { costModelOf, type SecureVariantId } from '../../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { elementCount, type Shape } from '../../../server/engine/ring/tensor.ts';
import { measuredLinks, ringTensor, simulate } from '../../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;

type Program = (mpc: Protocol, inputs: readonly AShare[]) => Promise<AShare | BShare>;

function price(
  variant: SecureVariantId,
  shapes: readonly Shape[],
  run: Program,
): Promise<CostFigures> {
  const correlations = variant === 'replicated/aby3' ? null : 'dealer';
  return priceProgram({ variant, ring, correlations, turn: 0, inputs: shapes, run });
}

/** The price, after having seen a run send exactly that. */
async function measured(
  variant: SecureVariantId,
  shapes: readonly Shape[],
  run: Program,
): Promise<CostFigures> {
  const inputs = shapes.map((shape, input) =>
    ringTensor(
      64,
      shape,
      Array.from({ length: elementCount(shape) }, (_, i) => BigInt((i + 1) * (input + 1)) << 17n),
    ),
  );
  const figures = await price(variant, shapes, run);
  const { parties } = await simulate(variant, kernels, ring, inputs, run);
  const { 'dealer>0': _, ...online } = figures.links;
  const used = Object.entries(online).filter(([, bytes]) => bytes > 0);
  expect(measuredLinks(parties)).toEqual(Object.fromEntries(used));
  expect(Math.max(...parties.map(({ rounds }) => rounds))).toBe(figures.roundsOverlapped);
  return figures;
}

const n = 6;
const one: readonly Shape[] = [[2, 3]];
const two: readonly Shape[] = [
  [2, 3],
  [2, 3],
];

/** `[name, bytes that each party sends per element, rounds in program order, shapes, program]`. */
const semi2k: readonly (readonly [string, number, number, readonly Shape[], Program])[] = [
  ['truncate', 8, 1, one, (mpc, [x]) => mpc.truncate(x!, 18)],
  ['multiply and truncate', 24, 2, two, (mpc, [x, y]) => mpc.mulTruncate(x!, y!, 18)],
  ['square and truncate', 24, 2, one, (mpc, [x]) => mpc.mulTruncate(x!, x!, 18)],
  ['compare', 56, 7, two, (mpc, [x, y]) => less(mpc, x!, y!)],
  [
    'select',
    24,
    2,
    two,
    (mpc, [x, y]) => select(mpc, mpc.resizeLanes(mpc.randomBits([2, 3], 1), 8), x!, y!),
  ],
  ['ReLU', 80, 9, one, (mpc, [x]) => relu(mpc, x!)],
  ['clamp', 160, 18, one, (mpc, [x]) => clamp(mpc, x!, -1, 1)],
  ['exp', 200, 17, one, (mpc, [x]) => exp(mpc, mpc.negate(x!))],
  ['division', 576, 39, two, (mpc, [x, y]) => divide(mpc, x!, y!)],
  ['reciprocal', 552, 37, one, (mpc, [x]) => reciprocal(mpc, x!)],
  ['1 / sqrt', 464, 28, one, (mpc, [x]) => reciprocalSqrt(mpc, x!)],
  ['sqrt', 568, 37, one, (mpc, [x]) => sqrt(mpc, x!)],
  ['tanh', 392, 38, one, (mpc, [x]) => tanh(mpc, x!)],
  ['erf', 992, 79, one, (mpc, [x]) => erf(mpc, x!)],
  ['GeLU by erf', 1032, 83, one, (mpc, [x]) => geluErf.evaluate(mpc, x!)],
];

describe('additive/semi2k, per element and party', () => {
  test.each(semi2k)('%s: %i bytes, %i rounds', async (_, bytes, rounds, shapes, program) => {
    const cost = await measured('additive/semi2k', shapes, program);
    expect(cost.bytesSentByParty).toEqual([bytes * n, bytes * n]);
    expect(cost.rounds).toBe(rounds);
  });

  test.each([1, 2, 7, 65, 257])('row maximum of %i: 80 bytes a comparison', async (length) => {
    const cost = await price('additive/semi2k', [[3, length]], (mpc, [x]) => rowMax(mpc, x!));
    expect(cost.bytesSentPerParty).toBe(3 * 80 * (length - 1));
    const setBits = length.toString(2).replaceAll('0', '').length;
    expect(cost.rounds).toBe(9 * (Math.floor(Math.log2(length)) + setBits - 1));
  });

  test.each([
    [3, 5, 7],
    [65, 256, 768],
    [1, 1, 1],
  ])('matrix product %i x %i x %i with truncation', async (m, k, columns) => {
    const cost = await price(
      'additive/semi2k',
      [
        [m, k],
        [k, columns],
      ],
      (mpc, [x, y]) => mpc.matmulTruncate(x!, y!, 18),
    );
    expect(cost.bytesSentPerParty).toBe(8 * (m + columns) * k + 8 * m * columns);
  });

  test('what division opens, step by step', async () => {
    const log: [string, number][] = [];
    const walk = ShapeProtocol.start(
      costModelOf('additive/semi2k', 64),
      ring,
      ({ query, cost }) => {
        log.push([query.op, cost.bytesSent[0] ?? 0]);
      },
    );
    const a = await walk.input([1]);
    await divide(walk, a, a);
    const product = [
      ['mul', 16],
      ['truncate', 8],
    ];
    const square = [
      ['square', 16],
      ['truncate', 8],
    ];
    expect(log.slice(1)).toEqual([
      // Sign, as a number, and the magnitude.
      ['msb', 56],
      ['b2aBit', 8],
      ['mul', 16],
      // Highest set bit: the last level of prefix-or has 32 bits left.
      ['a2b', 208],
      ...Array.from({ length: 5 }, () => ['and', 16]),
      ['and', 8],
      // Scaled divisor, error of the guess, two steps.
      ['b2aWord', 8],
      ...product,
      ...product,
      ...product,
      ...square,
      ...product,
      // Times the dividend, scaled back, with its sign.
      ...product,
      ['b2aWord', 8],
      ...product,
      ['mul', 16],
    ]);
  });
});

describe('replicated/aby3, summed over the three parties', () => {
  test('GeLU: 1316 bytes an element; 56 rounds one by one, 13 side by side', async () => {
    const cost = await measured('replicated/aby3', one, (mpc, [x]) => geluPuma.evaluate(mpc, x!));
    expect(cost.bytesSentTotal).toBe(1316 * n);
    expect([cost.rounds, cost.roundsOverlapped]).toEqual([56, 13]);
  });

  test('SiLU: 1164 bytes an element; 51 rounds one by one, 13 side by side', async () => {
    const cost = await measured('replicated/aby3', one, (mpc, [x]) => siluPuma.evaluate(mpc, x!));
    expect(cost.bytesSentTotal).toBe(1164 * n);
    expect([cost.rounds, cost.roundsOverlapped]).toEqual([51, 13]);
  });

  test('softmax: 936 bytes for each further score of a row', async () => {
    const total = async (length: number) => {
      const cost = await price('replicated/aby3', [[4, length]], (mpc, [x]) =>
        softmaxPuma.evaluate(mpc, x!, null),
      );
      return cost.bytesSentTotal / 4;
    };
    expect((await total(129)) - (await total(128))).toBe(936);
    expect((await total(33)) - (await total(7))).toBe(26 * 936);
  });

  test('embedding: 251 bytes for each vocabulary entry, 219 to compare and 32 for the bit', async () => {
    const cost = await measured('replicated/aby3', [[2, 11]], async (mpc, [x]) =>
      mpc.b2a(await mpc.isZero(x!), 'bit'),
    );
    expect(cost.bytesSentTotal).toBe(251 * 22);
  });

  test('the functions of the library, as SPU runs them on three parties', async () => {
    const totals = await Promise.all(
      [divide, (mpc: Protocol, x: AShare) => reciprocal(mpc, x), reciprocalSqrt].map(
        async (fn) =>
          (await measured('replicated/aby3', two, (mpc, [x, y]) => fn(mpc, x!, y!)))
            .bytesSentTotal / n,
      ),
    );
    expect(totals).toEqual([2008, 1920, 1764]);
  });
});
