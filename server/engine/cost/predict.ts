/** Price of a plan from shapes alone: the model's own code on `ShapeProtocol`. */
import { modelOf } from '../models/registry.ts';
import type { Plan } from '../plan.ts';
import { correlationsOf, costModelOf } from '../protocols/registry.ts';
import type { CostModel } from '../protocols/schedule.ts';
import type { CostReport } from './report.ts';
import { ShapeProtocol, type Charge } from './shape-protocol.ts';
import { CostTally } from './tally.ts';

/** Cost of one inference of `batchSize` samples; weights are shared before and cost nothing here. */
export async function predictCost(plan: Plan, batchSize: number): Promise<CostReport> {
  const costs = costModelOf(plan.variant, plan.ring.bits);
  const tally = new CostTally(costs.parties);
  const rounds = await walkInference(plan, batchSize, costs, (entry) => tally.add(entry));
  return tally.report(rounds, correlationsOf(plan) === 'dealer');
}

/** Tells `charge` every operation of one inference, in program order; returns its rounds. */
export async function walkInference(
  plan: Plan,
  batchSize: number,
  costs: CostModel,
  charge: Charge,
): Promise<number> {
  let counting = false;
  const walk = ShapeProtocol.start(costs, plan.ring, (entry) => {
    if (counting) charge(entry);
  });
  const model = modelOf(plan);
  const infer = await model.load(({ shape }) => walk.weight(shape));
  counting = true;
  const mpc = walk.restarted();
  const inputs = [];
  for (const { shape } of model.inputs(batchSize)) inputs.push(await mpc.input(shape));
  await mpc.revealToOwner(await infer(mpc, inputs));
  return mpc.rounds;
}
