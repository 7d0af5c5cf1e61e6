/**
 * Conformance: one suite over every variant, ring, operation and shape. The value is the clear one
 * within the stated bound; rounds and bytes of every directed link are the declared ones exactly.
 */
import { describe, expect, test } from 'vitest';
import type { Ring } from '../../server/engine/plan.ts';
import {
  costModelOf,
  variantDescriptions,
  type SecureVariantId,
} from '../../server/engine/protocols/registry.ts';
import {
  declaredCost,
  type CostModel,
  type DeclaredCost,
} from '../../server/engine/protocols/schedule.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Shape, Tensor } from '../../server/engine/ring/tensor.ts';
import {
  interactiveOps,
  type AShare,
  type BShare,
  type InteractiveOp,
} from '../../server/engine/protocol.ts';
import { seededRandom } from '../support/random.ts';
import { readWords, ringTensor, runClear, simulate } from '../support/simulate.ts';
import { operationCases, type OperationCase } from './operations.ts';

const kernels = loadKernels();
const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];
const shapes: readonly Shape[] = [[0], [], [1], [7], [3, 5], [2, 1, 9]];

test('every interactive operation has a case', () => {
  const cases = new Set(operationCases(64).map(({ op }) => op));
  const expected = interactiveOps.filter((op) => !['input', 'weight', 'reveal'].includes(op));
  expect(cases).toEqual(new Set(expected));
});

test('bytes per element of replicated/aby3 over Z_2^64, summed over the parties', () => {
  const model = costModelOf('replicated/aby3', 64);
  const bytes = (op: InteractiveOp) =>
    declaredCost(model, { op, elements: 1, lane: 64, turn: 0 }).bytesSent.reduce((a, b) => a + b);
  expect(
    Object.fromEntries(
      (['mul', 'truncate', 'a2b', 'msb', 'isZero', 'b2aBit', 'bitMul'] as const).map((op) => [
        op,
        bytes(op),
      ]),
    ),
  ).toEqual({ mul: 24, truncate: 64, a2b: 336, msb: 108, isZero: 219, b2aBit: 32, bitMul: 64 });
});

for (const { id, needsCorrelations } of variantDescriptions) {
  for (const ring of rings) {
    const model = costModelOf(id, ring.bits);
    describe(`${id} over Z_2^${ring.bits}`, () => {
      for (const operation of operationCases(ring.bits)) {
        const composed = !model.whole.includes(operation.op);
        if (operation.onlyWhole === true && composed) continue;
        test.each(shapes.map((shape) => [shape]))(`${operation.title} of [%s]`, async (shape) => {
          for (const turn of [0, 1, 2]) {
            const random = seededRandom(`${operation.title} ${shape.join('x')} ${turn}`);
            const inputs = inDomain(id, operation, operation.inputs(ring, shape, random));
            const expected = await runClear(kernels, ring, inputs, async (mpc, shares) =>
              operation.run(mpc, await operation.prepare(mpc, shares)),
            );
            const actual = await simulate(
              id,
              kernels,
              ring,
              inputs,
              async (mpc, shares) =>
                operation.run(
                  mpc.at('measured'),
                  await operation.prepare(mpc.at('prepare'), shares),
                ),
              { turn, seed: `${id} ${operation.title} ${shape.join('x')} ${turn}` },
            );
            expect(actual.values).toHaveLength(expected.length);
            actual.values.forEach((value, index) => {
              const distance = value - (expected[index] ?? 0n);
              const size = distance < 0n ? -distance : distance;
              expect(size).toBeLessThanOrEqual(operation.ulps);
            });

            const declared = declaredFor(model, ring, operation, shape, turn);
            const measured: Record<string, number> = {};
            actual.parties.forEach((view, from) => {
              for (const row of view.rows.filter((r) => r.path === 'measured')) {
                for (const [to, bytes] of Object.entries(row.bytesSentTo)) {
                  measured[`${from}>${to}`] = (measured[`${from}>${to}`] ?? 0) + bytes;
                }
              }
            });
            expect(measured).toEqual(declared.links);
          }
        });
      }

      test('declared rounds and dealer bytes are the measured ones for operations on fresh inputs', async () => {
        for (const operation of operationCases(ring.bits)) {
          const composed = !model.whole.includes(operation.op);
          if (operation.onlyWhole === true && composed) continue;
          const random = seededRandom(operation.title);
          const inputs = inDomain(id, operation, operation.inputs(ring, [4], random));
          for (const correlations of needsCorrelations ? sources : sources.slice(0, 1)) {
            const options = { correlations, seed: `rounds ${operation.title}` };
            const both = await simulate(
              id,
              kernels,
              ring,
              inputs,
              async (mpc, shares) => operation.run(mpc, await operation.prepare(mpc, shares)),
              options,
            );
            const alone = await simulate(
              id,
              kernels,
              ring,
              inputs,
              async (mpc, shares) => firstShare(await operation.prepare(mpc, shares)),
              options,
            );
            const rounds = (views: { rounds: number }[]) => Math.max(...views.map((v) => v.rounds));
            const declared = declaredFor(model, ring, operation, [4], 0);
            expect(rounds([...both.parties]) - rounds([...alone.parties]), operation.title).toBe(
              declared.rounds,
            );
            // A first party that deals to itself sends nothing.
            expect(both.dealerBytes - alone.dealerBytes, operation.title).toBe(
              correlations === 'dealer' ? declared.dealerBytes : 0,
            );
          }
        }
      });

      test('the same seed gives the same shares, another seed others', async () => {
        const inputs = [...operationCases(ring.bits)[0]!.inputs(ring, [5], seededRandom('x'))];
        const run = (seed: string) =>
          simulate(id, kernels, ring, inputs, (mpc, [x, y]) => mpc.mul(x!, y!), { seed });
        const [first, again, other] = [await run('a'), await run('a'), await run('b')];
        expect(sharesOf(first)).toEqual(sharesOf(again));
        expect(sharesOf(first)).not.toEqual(sharesOf(other));
        expect(first.values).toEqual(other.values);
      });
    });
  }
}

const sources = ['dealer', 'insecureFirstParty'] as const;

/** The declared cost of an operation, or of those of which it consists in this variant. */
function declaredFor(
  model: CostModel,
  ring: Ring,
  operation: OperationCase,
  shape: Shape,
  turn: number,
): DeclaredCost {
  const rest = { lane: operation.lane, turn, ...operation.query?.(ring, shape) };
  const ops = model.whole.includes(operation.op) ? undefined : operation.parts;
  let next = turn;
  const queries = (ops ?? [operation.op]).map((op) => {
    const query = { op, elements: operation.elements(shape), ...rest, turn: next };
    next += model.turns(op);
    return query;
  });
  return declaredCost(
    {
      ...model,
      schedule: () => queries.flatMap((query) => model.schedule(query)),
      correlations: () => queries.flatMap((query) => model.correlations(query)),
    },
    { op: operation.op, elements: operation.elements(shape), ...rest },
  );
}

/** Local truncation is as good as sure to be right for small values only. */
function inDomain(id: SecureVariantId, { op, parts }: OperationCase, inputs: Tensor[]): Tensor[] {
  const truncates = op === 'truncate' || parts?.includes('truncate') === true;
  if (id !== 'additive/crypten' || !truncates) return inputs;
  return inputs.map(({ elementBits, shape, bytes }) => {
    const bits = elementBits === 64 ? 64 : 32;
    const small = readWords(bytes, bits).map((word) => BigInt.asIntN(bits === 64 ? 20 : 5, word));
    return ringTensor(bits, shape, small);
  });
}

function firstShare(shares: readonly (AShare | BShare)[]): AShare | BShare {
  const first = shares[0];
  if (first === undefined) throw new Error('nothing prepared');
  return first;
}

function sharesOf(simulation: Awaited<ReturnType<typeof simulate>>): unknown {
  return simulation.parties.map((view) =>
    (view.result as unknown as { components: { bytes: Uint8Array }[] }).components.map((part) =>
      Buffer.from(part.bytes).toString('hex'),
    ),
  );
}
