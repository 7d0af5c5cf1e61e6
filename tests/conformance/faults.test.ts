/**
 * What is put together wrongly ends in a named error, never in a wrong answer: shares of other runs,
 * shapes, lanes and rings that do not fit, and corrections that are not those of the program.
 */
import { describe, expect, test } from 'vitest';
import type { CorrectionStore } from '../../server/engine/correlations/store.ts';
import { memoryCorrections } from '../../server/engine/correlations/store.ts';
import { EngineError, type EngineErrorKind } from '../../server/engine/errors.ts';
import { ShapeProtocol } from '../../server/engine/cost/shape-protocol.ts';
import type { Ring } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Tensor } from '../../server/engine/ring/tensor.ts';
import { ringTensor, runClear, simulate, type Program } from '../support/simulate.ts';

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];

async function failure(work: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await work.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

const vector = (ring: Ring, length = 4): Tensor =>
  ringTensor(
    ring.bits,
    [length],
    Array.from({ length }, (_, index) => BigInt(index) - 2n),
  );

const misfits: Readonly<Record<string, { kind: EngineErrorKind; program: Program }>> = {
  'mul of two shapes': { kind: 'shape', program: async (mpc, [x, y]) => mpc.mul(x!, y!) },
  'add of two shapes': { kind: 'shape', program: async (mpc, [x, y]) => mpc.add(x!, y!) },
  'matmul of inner dimensions that differ': {
    kind: 'shape',
    program: async (mpc, [x, y]) =>
      mpc.matmul(mpc.view(x!, { reshape: [1, 4] }), mpc.view(y!, { reshape: [3, 1] })),
  },
  'mulTruncate of two shapes': {
    kind: 'shape',
    program: async (mpc, [x, y]) => mpc.mulTruncate(x!, y!, 4),
  },
  'bitMul of two shapes': {
    kind: 'shape',
    program: async (mpc, [x, y]) => mpc.bitMul(await mpc.msb(x!), y!),
  },
  'and of two shapes': {
    kind: 'shape',
    program: async (mpc, [x, y]) => mpc.and(await mpc.a2b(x!), await mpc.a2b(y!)),
  },
  'and of two lanes': {
    kind: 'shape',
    program: async (mpc, [x]) => mpc.and(await mpc.a2b(x!), await mpc.msb(x!)),
  },
  'xor of two lanes': {
    kind: 'shape',
    program: async (mpc, [x]) => mpc.xor(await mpc.a2b(x!), await mpc.msb(x!)),
  },
  'a word where a bit belongs': {
    kind: 'shape',
    program: async (mpc, [x]) => mpc.bitMul(await mpc.a2b(x!), x!),
  },
  'a bit where a word belongs': {
    kind: 'shape',
    program: async (mpc, [x]) => mpc.b2a(await mpc.msb(x!), 'word'),
  },
  'b2a of a word as a bit': {
    kind: 'shape',
    program: async (mpc, [x]) => mpc.b2a(await mpc.a2b(x!), 'bit'),
  },
  'a truncation by nothing': { kind: 'range', program: async (mpc, [x]) => mpc.truncate(x!, 0) },
  'a truncation by too much': {
    kind: 'range',
    program: async (mpc, [x]) => mpc.truncate(x!, mpc.ring.bits - 2),
  },
  'a fused truncation by too much': {
    kind: 'range',
    program: async (mpc, [x]) => mpc.mulTruncate(x!, x!, mpc.ring.bits - 2),
  },
  'a constant beyond the ring': {
    kind: 'range',
    program: async (mpc, [x]) => mpc.addFixed(x!, 2 ** mpc.ring.bits),
  },
  'an input inside a branch': {
    kind: 'protocol',
    program: async (mpc) => (await mpc.together([(branch) => branch.input([4])]))[0],
  },
};

describe('clear', () => {
  test.each(Object.keys(misfits).filter((name) => misfits[name]!.kind !== 'protocol'))(
    '%s',
    async (name) => {
      const { kind, program } = misfits[name]!;
      for (const ring of rings) {
        const inputs = [vector(ring), vector(ring, 3)];
        const error = await failure(runClear(kernels, ring, inputs, program));
        expect(error.kind, error.message).toBe(kind);
      }
    },
  );
});

for (const { id } of variantDescriptions) {
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}`, () => {
      test.each(Object.keys(misfits))('%s', async (name) => {
        const { kind, program } = misfits[name]!;
        const inputs = [vector(ring), vector(ring, 3)];
        const error = await failure(
          simulate(id, kernels, ring, inputs, program, { correlations: 'insecureFirstParty' }),
        );
        expect(error.kind, error.message).toBe(kind);
        // The walk on shapes, by which costs and corrections are made, refuses it too.
        const walk = ShapeProtocol.start(costModelOf(id, ring.bits), ring, () => undefined);
        const shares = [await walk.input([4]), await walk.input([3])];
        if (kind !== 'protocol') {
          const refusal = await failure(program(walk, shares, []));
          expect(refusal.kind, refusal.message).toBe(kind);
        }
      });

      test('a share of another run', async () => {
        const kept: (AShare | BShare)[] = [];
        await simulate(id, kernels, ring, [vector(ring)], async (mpc, [x]) => {
          const bits = await mpc.msb(x!);
          if (mpc.name !== 'shapes') kept.push(x!, bits);
          return x!;
        });
        const [x, bits] = kept as [AShare, BShare];
        const uses: ((mpc: Protocol, own: AShare) => Promise<AShare | BShare>)[] = [
          async (mpc, own) => mpc.add(own, x),
          async (mpc, own) => mpc.mul(own, x),
          async (mpc) => mpc.negate(x),
          async (mpc) => mpc.a2b(x),
          async (mpc, own) => mpc.bitMul(bits, own),
          async (mpc) => mpc.b2a(bits, 'bit'),
          async (mpc, own) => mpc.concat([own, x], 0),
        ];
        for (const use of uses) {
          const error = await failure(
            simulate(id, kernels, ring, [vector(ring)], (mpc, [own]) => use(mpc, own!), {
              dealerProgram: async (_, [own]) => own!,
            }),
          );
          expect(error.message).toContain('share of another run');
        }
      });

      test('an input in another ring', async () => {
        const other = rings.find(({ bits }) => bits !== ring.bits)!;
        const error = await failure(
          simulate(id, kernels, ring, [vector(other)], async (_, [x]) => x!),
        );
        expect(error.message).toMatch(/sent \d+ bytes where the protocol expects \d+/);
      });
    });
  }
}

const dealt = variantDescriptions.filter(({ needsCorrelations }) => needsCorrelations);
const ring = rings[0]!;

/** Two operations whose corrections are of one length. */
const squareThenBit: Program = async (mpc, [x]) => {
  const square = await mpc.mul(x!, x!);
  return mpc.add(square, await mpc.b2a(mpc.resizeLanes(mpc.randomBits([4], 1), 8), 'bit'));
};
const bitThenSquare: Program = async (mpc, [x]) => {
  const bit = await mpc.b2a(mpc.resizeLanes(mpc.randomBits([4], 1), 8), 'bit');
  return mpc.add(await mpc.mul(x!, x!), bit);
};

describe.each(dealt.map(({ id }) => id))('%s: corrections', (id) => {
  const run = (program: Program, options: Parameters<typeof simulate>[5]) =>
    failure(simulate(id, kernels, ring, [vector(ring)], program, options));
  const product: Program = (mpc, [x]) => mpc.mul(x!, x!);

  test('of a program with other shapes', async () => {
    const shorter: Program = (mpc, [x]) => {
      const part = mpc.view(x!, { slice: { axis: 0, start: 0, end: 3 } });
      return mpc.mul(part, part);
    };
    const error = await run(product, { dealerProgram: shorter });
    expect(error.kind).toBe('protocol');
  });

  test('of a program with as many bytes in another order', async () => {
    const error = await run(squareThenBit, { dealerProgram: bitThenSquare });
    expect(error.kind).toBe('protocol');
  });

  test('of a shorter program', async () => {
    const error = await run(product, { dealerProgram: async (_, [x]) => x! });
    expect(error.message).toContain('none is left');
  });

  /** A store whose records were changed on their way. */
  const changed =
    (change: (bytes: Uint8Array) => Uint8Array) =>
    (inner: CorrectionStore): CorrectionStore => ({
      put: (route, bytes, ...rest) => inner.put(route, change(bytes), ...rest),
      take: (...args) => inner.take(...args),
      get left() {
        return inner.left;
      },
    });

  test('that were cut short', async () => {
    const error = await run(product, { wrapStore: changed((bytes) => bytes.subarray(8)) });
    expect(error.message).toMatch(/made 24 bytes where this step uses 32/);
  });

  test('that are too long', async () => {
    const longer = (bytes: Uint8Array) => Uint8Array.from([...bytes, 0, 0, 0, 0, 0, 0, 0, 0]);
    const error = await run(product, { wrapStore: changed(longer) });
    expect(error.message).toMatch(/made 40 bytes where this step uses 32/);
  });

  test('that are asked for twice', async () => {
    const error = await run(product, {
      wrapSource: (_, source) => ({
        take: (branch, correlation) => {
          source.take(branch, correlation);
          return source.take(branch, correlation);
        },
      }),
    });
    expect(error.message).toContain('each is used once');
  });
});

test('what was taken is gone even where it did not fit', () => {
  const store = memoryCorrections();
  store.put(0, new Uint8Array(8), 0);
  expect(() => store.take(0, 16, 0)).toThrow(EngineError);
  expect(store.left).toBe(0);
  expect(() => store.take(0, 8, 0)).toThrow('each is used once');
});
