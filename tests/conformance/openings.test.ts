/**
 * What parties see of each other's values: for every operation of every variant, each opening is
 * uniform over its declared domain, differences of openings are, no opening depends on a secret, no
 * mask is used twice, and nothing is received that no opening accounts for. Then the same tests
 * against protocols that are broken on purpose.
 */
import { describe, expect, test } from 'vitest';
import { siluPuma } from '../../server/engine/approximations/silu-puma.ts';
import type { Branch, Holder } from '../../server/engine/branch.ts';
import { partyIds } from '../../server/engine/keys.ts';
import type { Correlation } from '../../server/engine/correlations/correlation.ts';
import type { CorrelationSource } from '../../server/engine/correlations/source.ts';
import type { Ring } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { partiesOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { ArithmeticShare } from '../../server/engine/protocols/shares.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { Prg } from '../../server/engine/ring/prg.ts';
import type { Tensor } from '../../server/engine/ring/tensor.ts';
import { Talk, type Session } from '../../server/engine/session.ts';
import { OpeningWatch } from '../support/openings.ts';
import { seededBytes } from '../support/random.ts';
import { ringTensor, simulate, type SimulateOptions } from '../support/simulate.ts';

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];
const count = 2048;

/** x is 0 or a small negative number, y 1 or a large one: secrets that any leak would show. */
function secrets(ring: Ring): { tensors: Tensor[]; bits: Record<'x' | 'y', Uint8Array> } {
  const bitsOf = (label: string) => seededBytes(label, count).map((byte) => byte & 1);
  const bits = { x: bitsOf('secret x'), y: bitsOf('secret y') };
  const large = (1n << BigInt(ring.bits - 4)) + 1n;
  const tensor = (from: Uint8Array, zero: bigint, one: bigint) =>
    ringTensor(
      ring.bits,
      [count],
      [...from].map((bit) => (bit === 1 ? one : zero)),
    );
  return { tensors: [tensor(bits.x, 0n, -3n), tensor(bits.y, 1n, large)], bits };
}

type Program = (mpc: Protocol, x: AShare, y: AShare, w: AShare) => Promise<AShare | BShare>;

const programs: Readonly<Record<string, Program>> = {
  mul: (mpc, x, y) => mpc.mul(x, y),
  square: (mpc, x) => mpc.square(x),
  truncate: (mpc, _, y) => mpc.truncate(y, 5),
  mulTruncate: (mpc, x, y) => mpc.mulTruncate(x, y, 5),
  squareTruncate: (mpc, x) => mpc.mulTruncate(x, x, 5),
  squareTimes: (mpc, x) => mpc.squareTimes(x, 3, 5),
  below: (mpc, x) => mpc.below(x, [-1, 0, 2]),
  pieces: (mpc, x) => siluPuma.evaluate(mpc, x),
  oneHot: (mpc, x) => (mpc.oneHot === null ? mpc.msb(x) : mpc.oneHot(x, 3)),
  exponential: (mpc, x) => (mpc.exponential === null ? mpc.msb(x) : mpc.exponential(x)),
  a2b: (mpc, x) => mpc.a2b(x),
  msb: (mpc, x) => mpc.msb(x),
  isZero: (mpc, x) => mpc.isZero(x),
  and: async (mpc, x, y) => mpc.and(await mpc.msb(x), await mpc.msb(y)),
  throughBits: async (mpc, x) => mpc.b2a(await mpc.a2b(x), 'word'),
  sign: async (mpc, x) => mpc.b2a(await mpc.msb(x), 'bit'),
  relu: async (mpc, x, y) => mpc.bitMul(await mpc.msb(x), y),
  matmul: (mpc, x, y) =>
    mpc.matmul(
      mpc.view(x, { reshape: [count / 8, 8] }),
      mpc.view(mpc.view(y, { slice: { axis: 0, start: 0, end: 64 } }), { reshape: [8, 8] }),
    ),
  weights: async (mpc, x, y, w) => {
    const one = await mpc.matmul(mpc.view(x, { reshape: [count / 64, 64] }), w);
    const two = await mpc.matmulTruncate(mpc.view(y, { reshape: [count / 64, 64] }), w, 5);
    return mpc.add(one, two);
  },
  twice: async (mpc, x, y) => {
    // The same wire under several masks, in branches.
    const [a, b] = await mpc.together([
      (branch) => branch.mul(x, y),
      async (branch) => branch.truncate(await branch.mul(x, y), 5),
    ]);
    return mpc.add(a, b);
  },
};

async function watch(
  id: (typeof variantDescriptions)[number]['id'],
  ring: Ring,
  program: Program,
  options: SimulateOptions = {},
): Promise<{ watch: OpeningWatch; secrets: Record<string, Uint8Array> }> {
  const { tensors, bits } = secrets(ring);
  const watcher = new OpeningWatch();
  await simulate(id, kernels, ring, tensors, (mpc, [x, y], [w]) => program(mpc, x!, y!, w!), {
    seed: `openings ${id} ${ring.bits}`,
    weights: [ringTensor(ring.bits, [64, 64], [...bits.y].map(BigInt))],
    watcherOf: watcher.of,
    ...options,
  });
  return { watch: watcher, secrets: bits };
}

for (const { id, needsCorrelations } of variantDescriptions) {
  for (const ring of rings) {
    describe(`${id} over Z_2^${ring.bits}: openings tell nothing`, () => {
      const sources = needsCorrelations ? (['dealer', 'insecureFirstParty'] as const) : [undefined];
      const runs = sources.flatMap((source) =>
        Object.keys(programs).map((name) => [name, source] as const),
      );
      test.each(runs)('%s (%s)', async (name, source) => {
        const options = source === undefined ? {} : { correlations: source };
        const seen = await watch(id, ring, programs[name]!, options);
        const silent = name === 'truncate' && id === 'additive/crypten';
        if (!silent) expect(seen.watch.count).toBeGreaterThanOrEqual(partiesOf(id) - 1);
        expect(seen.watch.suspicions(seen.secrets)).toEqual([]);
      });
    });
  }
}

/** Hands out the first correlation of each kind again and again. */
function repeating(source: CorrelationSource): CorrelationSource {
  const first = new Map<string, readonly Uint8Array[]>();
  return {
    take: (branch, correlation) => {
      const fresh = source.take(branch, correlation);
      const key = JSON.stringify(correlation);
      const kept = first.get(key)?.map((part) => Uint8Array.from(part)) ?? fresh;
      first.set(key, kept);
      return kept;
    },
  };
}

/** Masks of this kind become zero. */
function unmasked(kind: Correlation['kind'], source: CorrelationSource): CorrelationSource {
  return {
    take: (branch, correlation) => {
      const halves = source.take(branch, correlation);
      return correlation.kind === kind ? halves.map((part) => new Uint8Array(part.length)) : halves;
    },
  };
}

describe('broken protocols are caught', () => {
  const ring = rings[0]!;
  const additive = variantDescriptions.filter(({ needsCorrelations }) => needsCorrelations);

  test.each(additive.map(({ id }) => id))('%s: a mask that is used twice', async (id) => {
    // Two products with the same first factor: under one mask, their openings are equal.
    const program: Program = async (mpc, x, y) => mpc.add(await mpc.mul(x, y), await mpc.mul(y, x));
    const options = { wrapSource: (_: number, source: CorrelationSource) => repeating(source) };
    const seen = await watch(id, ring, program, options);
    const tests = new Set(seen.watch.suspicions(seen.secrets).map((suspicion) => suspicion.test));
    expect([...tests].toSorted()).toEqual(['difference', 'mask', 'secret']);
  });

  const maskOf = { mul: 'triple', square: 'square', a2b: 'binaryTriple' } as const;
  test.each(
    additive.flatMap(({ id }) =>
      (['mul', 'square', 'a2b'] as const)
        .filter((name) => !(name === 'square' && id === 'additive/semi2k'))
        .map((name) => [id, name] as const),
    ),
  )('%s: %s without a mask', async (id, name) => {
    const seen = await watch(id, ring, programs[name]!, {
      wrapSource: (_, source) => unmasked(maskOf[name], source),
    });
    const tests = new Set(seen.watch.suspicions(seen.secrets).map((suspicion) => suspicion.test));
    // The halves that a2b works on are uniform each; only together they are the secret.
    if (name !== 'a2b' || id === 'additive/fast') expect(tests).toContain('domain');
    expect(tests).toContain('secret');
  });

  test.each(additive.map(({ id }) => id))('%s: one bit of the mask is known', async (id) => {
    const seen = await watch(id, ring, programs.mul!, {
      wrapSource: (_, source) => ({
        take: (branch, correlation) =>
          source
            .take(branch, correlation)
            .map((part) => part.map((byte, at) => (at % 8 === 0 ? byte & 0xfe : byte))),
      }),
    });
    const tests = new Set(seen.watch.suspicions(seen.secrets).map((suspicion) => suspicion.test));
    expect(tests).toContain('domain');
    expect(tests).toContain('secret');
  });

  const replicated = variantDescriptions.filter(({ parties }) => parties === 3);
  const products: Program = async (mpc, x, y) => mpc.add(await mpc.mul(x, y), await mpc.mul(y, x));
  const truncations: Program = async (mpc, _, y) => {
    let sum = await mpc.truncate(y, 5);
    for (let more = 0; more < 5; more++) sum = mpc.add(sum, await mpc.truncate(y, 5));
    return sum;
  };
  const testsOf = async (
    id: (typeof replicated)[number]['id'],
    program: Program,
    broken: Broken,
  ) => {
    const seen = await watch(id, ring, program, { wrapKeys: breakPairs(broken) });
    return new Set(seen.watch.suspicions(seen.secrets).map((suspicion) => suspicion.test));
  };

  test.each(replicated.map(({ id }) => id))('%s: streams that repeat themselves', async (id) => {
    expect(await testsOf(id, products, 'repeats')).toContain('difference');
    const tests = await testsOf(id, truncations, 'repeats');
    expect(tests).toContain('difference');
    expect(tests).toContain('mask');
  });

  test.each(replicated.map(({ id }) => id))('%s: streams of zeros', async (id) => {
    // A product's terms are hidden by the factors' shares even then, but equal for equal factors.
    expect(await testsOf(id, products, 'zeros')).toContain('difference');
    const tests = await testsOf(id, truncations, 'zeros');
    expect(tests).toContain('domain');
    expect(tests).toContain('secret');
  });
});

/** Before a product, every party shows the next one its first component of x, and says nothing. */
function showing(mpc: Protocol, session: Session, branch: Branch): Protocol {
  const leak = async (x: AShare): Promise<void> => {
    if (!(x instanceof ArithmeticShare)) throw new TypeError('not a share of this engine');
    const talk = new Talk(session, branch, 'leak', 'mul');
    const own = x.components[0]?.bytes ?? new Uint8Array(0);
    talk.send(session.neighbour(1), own);
    await talk.receive(session.neighbour(-1), own.length);
  };
  return new Proxy(mpc, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'mul') {
        return async (x: AShare, y: AShare) => {
          await leak(x);
          return target.mul(x, y);
        };
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test.each(variantDescriptions.map(({ id, parties }) => [id, parties] as const))(
  '%s: a message that no step speaks of is found',
  async (id, parties) => {
    const seen = await watch(id, rings[0]!, programs.mul!, { wrapProtocol: showing });
    const found = seen.watch.suspicions(seen.secrets);
    expect(found.map(({ test: kind, where }) => `${kind}: ${where}`).toSorted()).toEqual(
      partyIds(parties).map((party) => {
        const from = (party + parties - 1) % parties;
        return `unannounced: party ${party} leak mul from ${from}: ${8 * count} bytes`;
      }),
    );
  },
);

type Broken = 'repeats' | 'zeros';

class BrokenPrg extends Prg {
  readonly #key: Uint8Array;
  readonly #broken: Broken;

  constructor(key: Uint8Array, broken: Broken) {
    super(kernels, key);
    this.#key = key;
    this.#broken = broken;
  }

  override bytes(length: number): Uint8Array {
    return this.#broken === 'zeros'
      ? new Uint8Array(length)
      : new Prg(kernels, this.#key).bytes(length);
  }

  override child(): Prg {
    return this;
  }
}

/** Replaces the streams that pairs of parties share. */
function breakPairs(broken: Broken): NonNullable<SimulateOptions['wrapKeys']> {
  return (party, keys) =>
    new Map(
      [...keys].map(([holder, prg]): readonly [Holder, Prg] => {
        if (typeof holder !== 'number') return [holder, prg];
        const ends = [Math.min(party, holder), Math.max(party, holder)].join(' ');
        return [holder, new BrokenPrg(seededBytes(`pair ${ends}`, 16), broken)];
      }),
    );
}
