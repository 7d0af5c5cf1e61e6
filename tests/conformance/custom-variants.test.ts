/**
 * Every step that a plan may put in place of a variant's own is held to the same as the variants: the
 * value is the clear one, every byte is declared, and parties see nothing that is not announced.
 */
import { describe, expect, test } from 'vitest';
import { AnnouncedOpenings } from '../../server/engine/announced-openings.ts';
import { EngineError } from '../../server/engine/errors.ts';
import type { Ring } from '../../server/engine/plan.ts';
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { declaredCost } from '../../server/engine/protocols/schedule.ts';
import {
  linesOfSteps,
  requireSteps,
  variantSteps,
} from '../../server/engine/protocols/variant-steps.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { seededRandom } from '../support/random.ts';
import {
  readWords,
  ringTensor,
  runClear,
  simulate,
  type SecureChoice,
} from '../support/simulate.ts';
import { operationCases, type OperationCase } from './operations.ts';

const kernels = loadKernels();
const ring: Ring = { bits: 64, fractionBits: 18 };
const shape = [3, 5];

/** Every pair of steps but the variant's own pair. */
const choices = variantDescriptions.flatMap(({ id }): SecureChoice[] =>
  variantSteps[id].truncation.flatMap((truncation) =>
    variantSteps[id].comparison.map((comparison) => ({ variant: id, truncation, comparison })),
  ),
);

/** Local truncation is as good as sure to be right for small values only. */
function inputsOf(choice: SecureChoice, operation: OperationCase) {
  const inputs = operation.inputs(ring, shape, seededRandom(operation.title));
  const truncates = operation.op === 'truncate' || operation.parts?.includes('truncate') === true;
  if (choice.truncation !== 'local' || !truncates) return inputs;
  return inputs.map((input) => {
    const small = readWords(input.bytes, 64).map((word) => BigInt.asIntN(20, word));
    return ringTensor(64, input.shape, small);
  });
}

function declaredBytes(choice: SecureChoice, operation: OperationCase): number[] {
  const model = costModelOf(choice, ring.bits);
  const rest = { lane: operation.lane, ...operation.query?.(ring, shape) };
  const parts = model.whole.includes(operation.op) ? undefined : operation.parts;
  const fused = model.whole.includes('mulTruncate') && operation.op === 'squareTimes';
  // A composed square that is cut at once is one operation where the variant has it.
  const ops = fused
    ? parts?.flatMap((op) => (op === 'truncate' ? ['mulTruncate' as const] : []))
    : parts;
  const total = Array.from({ length: model.parties }, () => 0);
  let turn = 0;
  for (const op of ops ?? [operation.op]) {
    const cost = declaredCost(model, { op, elements: operation.elements(shape), ...rest, turn });
    cost.bytesSent.forEach((bytes, party) => (total[party] = (total[party] ?? 0) + bytes));
    turn += model.turns(op);
  }
  return total;
}

describe.each(choices.map((choice) => [choice] as const))('%o', (choice) => {
  const model = costModelOf(choice, ring.bits);
  const operations = operationCases(64).filter(
    ({ op, onlyWhole }) => onlyWhole !== true || model.whole.includes(op),
  );
  test.each(operations.map((operation) => [operation.title, operation] as const))(
    '%s',
    async (_, operation) => {
      const inputs = inputsOf(choice, operation);
      const expected = await runClear(kernels, ring, inputs, async (mpc, shares) =>
        operation.run(mpc, await operation.prepare(mpc, shares)),
      );
      const watchers = new Map<number, AnnouncedOpenings>();
      const actual = await simulate(
        choice,
        kernels,
        ring,
        inputs,
        async (mpc, shares) =>
          operation.run(mpc.at('measured'), await operation.prepare(mpc.at('prepare'), shares)),
        {
          watcherOf: (party) => {
            const watcher = new AnnouncedOpenings(choice.variant, party, linesOfSteps(choice));
            watchers.set(party, watcher);
            return watcher;
          },
        },
      );
      expect(actual.values).toHaveLength(expected.length);
      actual.values.forEach((value, index) => {
        const distance = value - (expected[index] ?? 0n);
        expect(distance < 0n ? -distance : distance).toBeLessThanOrEqual(operation.ulps);
      });
      const measured = actual.parties.map(({ rows }) =>
        rows
          .filter(({ path }) => path === 'measured')
          .flatMap(({ bytesSentTo }) => Object.values(bytesSentTo))
          .reduce((total, bytes) => total + bytes, 0),
      );
      expect(measured).toEqual(declaredBytes(choice, operation));
      for (const watcher of watchers.values()) watcher.settle([]);
    },
  );
});

test('a step that a variant cannot have is refused by name', () => {
  const local = { variant: 'additive/fast', truncation: 'local' } as const;
  expect(() => requireSteps(local)).toThrow('truncation is local, additive/fast can have pair');
  expect(() => costModelOf(local, 64)).toThrow(EngineError);
  const tree = { variant: 'replicated/aby3', comparison: 'setPropagateKill' } as const;
  expect(() => costModelOf(tree, 64)).toThrow('can have carryTree or maskedGates');
});

test('the first step of each list is the variant’s own', () => {
  for (const { id } of variantDescriptions) {
    const { truncation, comparison } = variantSteps[id];
    const own = costModelOf(id, 64);
    const named = costModelOf(
      {
        variant: id,
        truncation: truncation[0] ?? 'pair',
        comparison: comparison[0] ?? 'carryTree',
      },
      64,
    );
    for (const op of ['truncate', 'msb', 'isZero', 'a2b'] as const) {
      const query = { op, elements: 7, lane: 64, cut: 18, turn: 0 } as const;
      expect(declaredCost(named, query)).toEqual(declaredCost(own, query));
    }
    expect(named.whole).toEqual(own.whole);
  }
});
