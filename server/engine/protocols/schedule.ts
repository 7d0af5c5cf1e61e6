/**
 * Schedule: the declared cost of an operation, as the messages it sends, round by round.
 *
 * From it follow rounds, bytes per directed link, per party and in total, for any depth at which
 * the parties start. A protocol declares one per interactive operation; the conformance suite holds
 * the running protocol to it byte by byte, and the price of a run is computed from nothing else.
 */
import type { InteractiveOp } from '../protocol.ts';
import type { LaneBits } from '../ring/kernels.ts';

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Messages of one round need only messages of earlier rounds. */
export type Schedule = readonly (readonly Message[])[];

/** What an operation's cost may depend on. */
export interface CostQuery {
  readonly op: InteractiveOp;
  /** Elements of the output. */
  readonly elements: number;
  /** Lane of the operands for boolean operations. */
  readonly lane: LaneBits;
  /** Value of the public role counter when the operation starts. */
  readonly turn: number;
}

/** Declared costs of one protocol variant for one ring. */
export interface CostModel {
  readonly parties: number;
  schedule(query: CostQuery): Schedule;
  /** By how much the operation advances the role counter. */
  turns(op: InteractiveOp): number;
}

/** Depth of every party after the schedule, starting from `depths`. */
export function advanceDepths(depths: readonly number[], schedule: Schedule): number[] {
  const current = [...depths];
  for (const round of schedule) {
    const sentAt = [...current];
    for (const { from, to } of round) {
      current[to] = Math.max(current[to] ?? 0, (sentAt[from] ?? 0) + 1);
    }
  }
  return current;
}

export interface DeclaredCost {
  readonly rounds: number;
  readonly bytesSent: readonly number[];
  readonly links: Readonly<Record<`${number}>${number}`, number>>;
}

/** Cost of one operation on its own, all parties starting level. */
export function declaredCost(model: CostModel, query: CostQuery): DeclaredCost {
  const schedule = model.schedule(query);
  const bytesSent = Array<number>(model.parties).fill(0);
  const links: Record<`${number}>${number}`, number> = {};
  for (const { from, to, bytes } of schedule.flat()) {
    bytesSent[from] = (bytesSent[from] ?? 0) + bytes;
    links[`${from}>${to}`] = (links[`${from}>${to}`] ?? 0) + bytes;
  }
  const rounds = Math.max(0, ...advanceDepths(Array<number>(model.parties).fill(0), schedule));
  return { rounds, bytesSent, links };
}
