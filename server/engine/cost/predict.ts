/** Price of a plan from shapes alone: the model's own code on `ShapeProtocol`. */
import { softmaxFunctions, geluFunctions } from '../approximations/registry.ts';
import { bert, bertWeights } from '../models/bert.ts';
import type { Plan } from '../plan.ts';
import { costModelOf } from '../protocols/registry.ts';
import type { CostReport, CostRow, LinkName } from './report.ts';
import { ShapeProtocol, type Charge } from './shape-protocol.ts';

/** Cost of one inference of `batchSize` samples; weights are shared before and cost nothing here. */
export async function predictCost(plan: Plan, batchSize: number): Promise<CostReport> {
  const model = costModelOf(plan.variant, plan.ring.bits);
  const rows = new Map<string, CostRow>();
  const links: Record<LinkName, number> = {};
  let counting = false;
  const charge: Charge = ({ path, op, elements, bytesSent, links: sent }) => {
    if (!counting) return;
    const key = `${path} ${op}`;
    const row = rows.get(key);
    rows.set(key, {
      path,
      op,
      calls: (row?.calls ?? 0) + 1,
      elements: (row?.elements ?? 0) + elements,
      bytesSent: bytesSent.map((bytes, party) => bytes + (row?.bytesSent[party] ?? 0)),
    });
    for (const [link, bytes] of Object.entries(sent) as [LinkName, number][]) {
      links[link] = (links[link] ?? 0) + bytes;
    }
  };
  const setup = new ShapeProtocol(model, plan.ring, charge);
  const weights = await bertWeights(plan.model, ({ shape }) => setup.input(shape));
  counting = true;
  const mpc = setup.restarted();
  const shape = [batchSize, plan.length];
  const ids = await mpc.input(shape);
  const keep = await mpc.input(shape);
  const logits = await bert(
    mpc,
    plan.model,
    weights,
    {
      gelu: geluFunctions[plan.approximations.gelu],
      softmax: softmaxFunctions[plan.approximations.softmax],
    },
    ids,
    keep,
  );
  await mpc.revealToOwner(logits);
  const onlineBytesSent = Array.from({ length: model.parties }, (_, party) =>
    [...rows.values()].reduce((sum, row) => sum + (row.bytesSent[party] ?? 0), 0),
  );
  return {
    rounds: mpc.rounds,
    onlineBytesSent,
    offlineBytesSent: onlineBytesSent.map(() => 0),
    links,
    rows: [...rows.values()],
  };
}
