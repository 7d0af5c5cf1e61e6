/**
 * Schedule: the declared cost of an operation, as the messages it sends, round by round.
 *
 * From it follow rounds, bytes per directed link, per party and in total, for any depth at which
 * the parties start. A protocol declares one per interactive operation; the conformance suite holds
 * the running protocol to it byte by byte, and the price of a run is computed from nothing else.
 */
import { asPartyId, type Peer } from '../channel.ts';
import { correctionBytes, type Correlation } from '../correlations/correlation.ts';
import type { Framework, InteractiveOp } from '../protocol.ts';
import type { LaneBits, MatmulShape, RingBits } from '../ring/kernels.ts';

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
  /** Public numbers that each element of the operand is compared with, or may be; `elements` are the answers. */
  readonly thresholds?: number;
  /** Squarings, each truncated. */
  readonly times?: number;
  /** Of a function of pieces. */
  readonly polynomials?: 1 | 2;
  /** Of the ring, where the cost depends on them. */
  readonly fractionBits?: number;
  /** Bits cut off by truncations. */
  readonly cut?: number;
  /** Of matrix products. */
  readonly product?: MatmulShape;
  /** Number of the weight that is the product's second factor, or that is being shared. */
  readonly weight?: number | null;
  /** Value of the public role counter when the operation starts. */
  readonly turn: number;
}

/** Declared costs of one protocol variant for one ring. */
export interface CostModel {
  readonly parties: number;
  readonly bits: RingBits;
  readonly framework: Framework;
  /** Operations that are one here and consist of others in variants that do not name them. */
  readonly whole: readonly InteractiveOp[];
  schedule(query: CostQuery): Schedule;
  /** Rounds of an operation whose parts its framework does not run side by side as `schedule` does. */
  programRounds(query: CostQuery): number | null;
  /** What has to be dealt for the operation, in the order of use; nothing in protocols without dealer. */
  correlations(query: CostQuery): readonly Correlation[];
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

/** Directed link, e.g. `0>1` or `dealer>0`. */
export type LinkName = `${Peer}>${Peer}`;

export interface DeclaredCost {
  readonly rounds: number;
  /** Where the framework takes the operation's parts one after the other; else `rounds`. */
  readonly programRounds: number;
  /** Online payload bytes by sending party. */
  readonly bytesSent: readonly number[];
  /** Online, between parties. */
  readonly links: Readonly<Partial<Record<LinkName, number>>>;
  /** Offline payload bytes that the dealer sends to party 0, the only one who needs any. */
  readonly dealerBytes: number;
}

/** Cost of one operation on its own, all parties starting level. */
export function declaredCost(model: CostModel, query: CostQuery): DeclaredCost {
  const schedule = model.schedule(query);
  const bytesSent = Array<number>(model.parties).fill(0);
  const links: Partial<Record<LinkName, number>> = {};
  for (const { from, to, bytes } of schedule.flat()) {
    const link = linkName(from, to);
    bytesSent[from] = (bytesSent[from] ?? 0) + bytes;
    links[link] = (links[link] ?? 0) + bytes;
  }
  const rounds = Math.max(0, ...advanceDepths(Array<number>(model.parties).fill(0), schedule));
  const dealerBytes = model
    .correlations(query)
    .reduce((sum, correlation) => sum + correctionBytes(model.bits, correlation), 0);
  const programRounds = model.programRounds(query) ?? rounds;
  return { rounds, programRounds, bytesSent, links, dealerBytes };
}

function linkName(from: number, to: number): LinkName {
  return `${asPartyId(from)}>${asPartyId(to)}`;
}
