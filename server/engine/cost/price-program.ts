/** The price of any code on shares, from shapes alone: the code itself, run on `ShapeProtocol`. */
import type { CorrelationsId, Ring } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { costModelOf, type SecureVariantId } from '../protocols/registry.ts';
import type { Shape } from '../ring/tensor.ts';
import { costFigures, type CostFigures } from './figures.ts';
import { ShapeProtocol } from './shape-protocol.ts';
import { CostTally } from './tally.ts';

/** Anything that shares go into; what comes out is not looked at. */
export type Program = (mpc: Protocol, inputs: readonly AShare[]) => Promise<unknown>;

export interface PricedProgram {
  readonly variant: SecureVariantId;
  readonly ring: Ring;
  /** Null where the variant needs none. */
  readonly correlations: CorrelationsId | null;
  /** Value of the public counter by which asymmetric roles rotate when the program starts. */
  readonly turn: number;
  /** Shapes of the operands, which are shared before and cost nothing here. */
  readonly inputs: readonly Shape[];
  /** Operands, by index, that are weights: shared, and where a variant does so masked, before. */
  readonly weights?: readonly number[] | undefined;
  readonly run: Program;
}

/** All parties start level. @throws EngineError 'shape' where operands do not fit each other */
export async function priceProgram(program: PricedProgram): Promise<CostFigures> {
  const { variant, ring, correlations, turn, inputs, weights = [], run } = program;
  const model = costModelOf(variant, ring.bits);
  const tally = new CostTally(model.parties);
  const loading = new CostTally(model.parties);
  let current = loading;
  // Sharing the operands moves the role counter; the program is to start at `turn`.
  const walk = ShapeProtocol.start(model, ring, (entry) => current.add(entry), {
    turn: turn - inputs.length * model.turns('input'),
  });
  const shares: AShare[] = [];
  for (const [index, shape] of inputs.entries()) {
    shares.push(await (weights.includes(index) ? walk.weight(shape) : walk.input(shape)));
  }
  current = tally;
  // Masking a weight takes both parties one round: they are level again.
  const roundsBefore = walk.rounds;
  await run(walk, shares);
  const dealt = correlations === 'dealer';
  const setup = { rounds: roundsBefore, bytesSent: loading.bytesSent() };
  return costFigures(tally.report(walk.rounds - roundsBefore, dealt, setup), dealt);
}
