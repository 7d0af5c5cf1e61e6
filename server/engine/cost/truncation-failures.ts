/**
 * How often truncation is expected to fail in one inference, where each party divides its own share.
 *
 * Such a truncation is wrong by 2^(k - bits) where the two shares wrap around, which happens with
 * probability |z| / 2^k for the ring integer z that is cut (Mohassel, Zhang 2017, SecureML, theorem 1,
 * whose bound is twice that). A result of size |v| in fixed point stands for z = |v| 2^(f + bits).
 *
 * What is assumed: the operations and their elements are counted exactly, from shapes; the values are
 * not looked at, so every truncated result is taken to be `meanMagnitude` in size on average. The
 * expectation is linear in it. Failures in a row count once each, though one spoils what follows.
 */
import { EngineError } from '../errors.ts';
import type { Plan } from '../plan.ts';
import { costModelOf } from '../protocols/registry.ts';
import type { CostModel } from '../protocols/schedule.ts';
import { walkInference } from './predict.ts';

export interface TruncationFailures {
  /** Elements truncated in one inference, by bits cut off. */
  readonly truncated: readonly { readonly bits: number; readonly elements: number }[];
  readonly meanMagnitude: number;
  /** Expected number in one inference; 0 where the variant's truncation cannot wrap. */
  readonly expected: number;
}

/** @throws EngineError('range') for a magnitude that is no size; ('plan') as the model does */
export async function expectedTruncationFailures(
  plan: Plan,
  batchSize: number,
  meanMagnitude = 1,
): Promise<TruncationFailures> {
  if (!Number.isFinite(meanMagnitude) || meanMagnitude < 0) {
    throw new EngineError('range', `meanMagnitude: ${meanMagnitude}, expected a size, 0 or more`);
  }
  const costs = costModelOf(plan, plan.ring.bits);
  const byBits = new Map<number, number>();
  await walkInference(plan, batchSize, costs, ({ query }) => {
    if (query.op !== 'truncate' || query.cut === undefined) return;
    byBits.set(query.cut, (byBits.get(query.cut) ?? 0) + query.elements);
  });
  const truncated = [...byBits]
    .map(([bits, elements]) => ({ bits, elements }))
    .toSorted((a, b) => a.bits - b.bits);
  const { bits: k, fractionBits } = plan.ring;
  const expected = truncated.reduce(
    (sum, { bits, elements }) => sum + elements * meanMagnitude * 2 ** (fractionBits + bits - k),
    0,
  );
  return { truncated, meanMagnitude, expected: truncatesLocally(costs) ? expected : 0 };
}

/** Only a truncation without a message is made by each party on its own. */
function truncatesLocally(costs: CostModel): boolean {
  return costs.schedule({ op: 'truncate', elements: 1, lane: 8, cut: 1, turn: 0 }).length === 0;
}
