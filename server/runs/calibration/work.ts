/**
 * What one batch asks of the machine and of the network, from shapes alone: elements and multiplications
 * by operation, bytes by link, rounds. What `rates.ts` and `formula.ts` turn into time.
 */
import type { Plan } from '../../engine/plan.ts';
import { walkInference } from '../../engine/cost/predict.ts';
import type { Charge } from '../../engine/cost/shape-protocol.ts';
import { correlationsOf, costModelOf, partiesOf } from '../../engine/protocols/registry.ts';
import type { LinkName } from '../../engine/protocols/schedule.ts';

export interface OperationWork {
  /** One operation after the other. */
  readonly rounds: number;
  /** Multiplications of matrix products; elements of the output of everything else. */
  readonly units: number;
  /** Payload bytes that one party sends, the mean over parties. */
  readonly bytes: number;
}

export interface Work {
  readonly parties: number;
  /** Rounds one after the other, by place and operation: `layer0.attention.scores matmul`. */
  readonly roundsAt: ReadonlyMap<string, number>;
  /** By protocol operation, online. */
  readonly operations: ReadonlyMap<string, OperationWork>;
  /** Output elements of everything, to which local computing is proportional. */
  readonly elements: number;
  /** As run, independent work overlapping. */
  readonly rounds: number;
  /** Online payload bytes by directed link, without the dealer. */
  readonly links: ReadonlyMap<LinkName, number>;
  /** 0 where nobody deals. */
  readonly dealerBytes: number;
}

/** Counts work while somebody walks the plan: every operation to `charge`, then `read` with the rounds. */
export interface WorkCounter {
  readonly charge: Charge;
  readonly read: (rounds: number) => Work;
}

/** @throws EngineError 'plan' for a plan that the engine does not know */
export async function workOf(plan: Plan, batchSize: number): Promise<Work> {
  const counter = countWork(plan);
  const costs = costModelOf(plan, plan.ring.bits);
  const rounds = await walkInference(plan, batchSize, costs, counter.charge);
  return counter.read(rounds.inference);
}

export function countWork(plan: Plan): WorkCounter {
  const parties = partiesOf(plan.variant);
  const operations = new Map<string, OperationWork>();
  const roundsAt = new Map<string, number>();
  const links = new Map<LinkName, number>();
  let dealerBytes = 0;
  let elements = 0;
  const charge: Charge = ({ path, query: { op, product, elements: out }, cost }) => {
    const before = operations.get(op) ?? { rounds: 0, units: 0, bytes: 0 };
    const place = `${path} ${op}`;
    roundsAt.set(place, (roundsAt.get(place) ?? 0) + cost.rounds);
    const units = product === undefined ? out : product.batch * product.m * product.k * product.n;
    const sent = cost.bytesSent.reduce((sum, bytes) => sum + bytes, 0);
    operations.set(op, {
      rounds: before.rounds + cost.rounds,
      units: before.units + units,
      bytes: before.bytes + sent / parties,
    });
    for (const [link, bytes] of Object.entries(cost.links)) {
      links.set(link as LinkName, (links.get(link as LinkName) ?? 0) + bytes);
    }
    dealerBytes += cost.dealerBytes;
    elements += out;
  };
  const read = (rounds: number): Work => ({
    parties,
    roundsAt,
    operations,
    elements,
    rounds,
    links,
    dealerBytes: correlationsOf(plan) === 'dealer' ? dealerBytes : 0,
  });
  return { charge, read };
}
