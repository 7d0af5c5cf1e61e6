/** Price of a plan from shapes alone: the model's own code on `ShapeProtocol`. */
import { modelOf } from '../models/registry.ts';
import type { Plan } from '../plan.ts';
import { correlationsOf, costModelOf } from '../protocols/registry.ts';
import type { CostModel } from '../protocols/schedule.ts';
import type { CostReport } from './report.ts';
import { ShapeProtocol, type Charge } from './shape-protocol.ts';
import { CostTally } from './tally.ts';

/**
 * Cost of one inference of `batchSize` samples, and apart from it what sharing the weights costs.
 * @param also is told every operation of the inference too, so that one walk serves several counts
 */
export async function predictCost(
  plan: Plan,
  batchSize: number,
  also: Charge = () => undefined,
): Promise<CostReport> {
  const costs = costModelOf(plan, plan.ring.bits);
  const tally = new CostTally(costs.parties);
  const loading = new CostTally(costs.parties);
  const rounds = await walkInference(
    plan,
    batchSize,
    costs,
    (entry) => {
      tally.add(entry);
      also(entry);
    },
    (entry) => loading.add(entry),
  );
  return tally.report(rounds.inference, correlationsOf(plan) === 'dealer', {
    rounds: rounds.setup,
    bytesSent: loading.bytesSent(),
  });
}

/**
 * Tells `charge` every operation of one inference, in program order, and before that `loading` those by
 * which weights are shared; returns the rounds of both.
 */
export async function walkInference(
  plan: Plan,
  batchSize: number,
  costs: CostModel,
  charge: Charge,
  loading: Charge = () => undefined,
): Promise<{ setup: number; inference: number }> {
  let current = loading;
  const walk = ShapeProtocol.start(costs, plan.ring, (entry) => current(entry));
  const model = modelOf(plan);
  const infer = await model.load(({ shape }) => walk.weight(shape));
  const setup = walk.rounds;
  current = charge;
  const mpc = walk.restarted();
  const inputs = [];
  for (const { shape } of model.inputs(batchSize)) inputs.push(await mpc.input(shape));
  await mpc.revealToOwner(await infer(mpc, inputs));
  return { setup, inference: mpc.rounds };
}
