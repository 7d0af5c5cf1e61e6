/**
 * Uniform weights: a product that draws them tile by tile is the product with the same components drawn as
 * a whole; nothing is sent for them, none is kept, and nothing else can be done with them.
 */
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../server/engine/errors.ts';
import type { Generators } from '../../server/engine/branch.ts';
import type { Ring } from '../../server/engine/plan.ts';
import { tile } from '../../server/engine/protocols/replicated/drawn-weights.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { declaredCost } from '../../server/engine/protocols/schedule.ts';
import { blockBytes } from '../../server/engine/ring/prg.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import {
  allocateBytes,
  elementCount,
  type Shape,
  type Tensor,
} from '../../server/engine/ring/tensor.ts';
import { Words } from '../../server/engine/ring/words.ts';
import { seededBytes } from '../support/random.ts';
import {
  measuredLinks,
  ringTensor,
  runClear,
  simulate,
  type Program,
} from '../support/simulate.ts';

const kernels = loadKernels();
const replicated = ['replicated/aby3', 'replicated/fast'] as const;
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];

const tensor = (ring: Ring, shape: Shape, label: string): Tensor => ({
  elementBits: ring.bits,
  shape,
  bytes: seededBytes(label, (elementCount(shape) * ring.bits) / 8),
});

/** Only shape and size are read of a weight that is drawn. */
const shaped = (ring: Ring, shape: Shape): Tensor => ({
  elementBits: ring.bits,
  shape,
  bytes: allocateBytes(0),
});

/** The sum of its three components, each rebuilt here from the stream of its holders, value by value. */
function wholeWeight(
  ring: Ring,
  keys: readonly Generators[],
  number: number,
  shape: Shape,
): Tensor {
  const word = ring.bits / 8;
  const words = new Words(kernels, ring.bits);
  const [inputs, outputs] =
    shape.length === 1 ? [1, shape[0] ?? 0] : [shape[0] ?? 0, shape[1] ?? 0];
  const tilesDown = Math.ceil(inputs / tile.rows);
  const components = [0, 1, 2].map((party) => {
    const stream = keys[party]
      ?.get(((party + 2) % 3) as 0 | 1 | 2)
      ?.child(0)
      .child(number);
    const out = allocateBytes(elementCount(shape) * word);
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < outputs; column++) {
        const tileColumn = Math.floor(column / tile.columns);
        const tileRow = Math.floor(row / tile.rows);
        const width = Math.min(tile.columns, outputs - tileColumn * tile.columns);
        const inTile = ((row % tile.rows) * width + (column % tile.columns)) * word;
        const start = (tileColumn * tilesDown + tileRow) * tile.rows * tile.columns * word + inTile;
        const block = allocateBytes(blockBytes);
        stream?.readAt(Math.floor(start / blockBytes), block);
        const at = start % blockBytes;
        out.set(block.subarray(at, at + word), (row * outputs + column) * word);
      }
    }
    return out;
  });
  const bytes = components.reduce((sum, part) => words.add(sum, part));
  return { elementBits: ring.bits, shape, bytes };
}

const byWeight: Program = (mpc, [x], [w]) => mpc.matmul(x!, w!);

for (const variant of replicated) {
  for (const ring of rings) {
    describe(`${variant} over Z_2^${ring.bits}`, () => {
      test.each([
        [
          [1, 1],
          [1, 1],
        ],
        [
          [3, 5],
          [5, 7],
        ],
        [
          [2, tile.rows],
          [tile.rows, tile.columns],
        ],
        [
          [3, tile.rows + 1],
          [tile.rows + 1, tile.columns + 3],
        ],
        [
          [2, 2 * tile.rows + 9],
          [2 * tile.rows + 9, 2 * tile.columns],
        ],
        [
          [2, 2, 6],
          [6, 130],
        ],
      ] as const)('x %j times a weight %j', async (left, right) => {
        const x = tensor(ring, left, `x ${String(left)}`);
        const keys: Generators[] = [];
        const run = await simulate({ variant, weights: 'uniform' }, kernels, ring, [x], byWeight, {
          weights: [shaped(ring, right)],
          wrapKeys: (party, own) => (keys[party] = own),
        });
        const weight = wholeWeight(ring, keys, 0, right);
        const expected = await runClear(kernels, ring, [x, weight], (mpc, [a, b]) =>
          mpc.matmul(a!, b!),
        );
        expect(run.values).toEqual(expected);
        // Declared as any product, and the weight itself costs nothing.
        const cost = declaredCost(costModelOf({ variant, weights: 'uniform' }, ring.bits), {
          op: 'matmul',
          elements: run.values.length,
          lane: 8,
          turn: 0,
        });
        expect(measuredLinks(run.parties)).toEqual(cost.links);
        for (const { setup } of run.parties) {
          expect(setup.every(({ bytesSentTo }) => Object.keys(bytesSentTo).length === 0)).toBe(
            true,
          );
        }
      });

      test('every weight is another one, the same in every product; vectors are drawn too', async () => {
        const x = ringTensor(ring.bits, [1, 2], [1n, 0n]);
        const keys: Generators[] = [];
        const shapes: Shape[] = [[2, 3], [3], [2, 3]];
        const run = await simulate(
          { variant, weights: 'uniform' },
          kernels,
          ring,
          [x],
          async (mpc, [one], [first, vector, second]) => {
            const rows = [
              await mpc.matmul(one!, first!),
              await mpc.matmul(one!, first!),
              mpc.view(vector!, { reshape: [1, 3] }),
              await mpc.matmul(one!, second!),
            ];
            return mpc.concat(rows, 0);
          },
          {
            weights: shapes.map((shape) => shaped(ring, shape)),
            wrapKeys: (party, own) => (keys[party] = own),
          },
        );
        const whole = shapes.map((shape, number) => wholeWeight(ring, keys, number, shape));
        const rows = await Promise.all(
          [0, 0, 1, 2].map((number) =>
            runClear(kernels, ring, [whole[number]!], async (mpc, [w]) => {
              const table = w!.shape.length === 1 ? mpc.view(w!, { reshape: [1, 3] }) : w!;
              return mpc.view(table, { slice: { axis: 0, start: 0, end: 1 } });
            }),
          ),
        );
        expect(run.values).toEqual(rows.flat());
        expect(new Set(rows.map(String)).size).toBe(3);
      });
    });
  }

  const ring: Ring = { bits: 64, fractionBits: 18 };
  test.each([
    ['a sum', (mpc, [x], [w]) => Promise.resolve(mpc.add(x!, w!))],
    ['a view', (mpc, _, [w]) => Promise.resolve(mpc.view(w!, { transpose: [1, 0] }))],
    ['a product with it on the left', (mpc, [x], [w]) => mpc.matmul(w!, x!)],
    ['an element-wise product', (mpc, [x], [w]) => mpc.mul(x!, w!)],
  ] as readonly [string, Program][])(`${variant} refuses %s`, async (_, program) => {
    const asked = simulate(
      { variant, weights: 'uniform' },
      kernels,
      ring,
      [tensor(ring, [4, 4], 'x')],
      program,
      {
        weights: [shaped(ring, [4, 4])],
      },
    );
    await expect(asked).rejects.toThrow(/uniform weight of \[4, 4\] is kept nowhere/);
  });
}

test('variants that cannot draw weights refuse by name', () => {
  const others = variantDescriptions
    .map(({ id }) => id)
    .filter((id) => !id.startsWith('replicated/'));
  expect(others.length).toBeGreaterThan(0);
  for (const variant of others) {
    const asked = () => costModelOf({ variant, weights: 'uniform' }, 64);
    expect(asked).toThrow(EngineError);
    expect(asked).toThrow(`weights is uniform, which ${variant} cannot have; replicated/aby3`);
  }
});
