/** What a non-linear function is to a model: a name, where it comes from, and how it is evaluated. */
import type { AShare, Protocol } from '../protocol.ts';

export interface Description<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly description: string;
  /** Paper, section or equation; null for our own. */
  readonly source: string | null;
}

export interface ElementFunction<Id extends string> extends Description<Id> {
  evaluate(mpc: Protocol, x: AShare): Promise<AShare>;
}

/**
 * scores [..., n] to weights over the last axis. `keep` has the scores' shape and holds the ring
 * integers 1 (a real position) and 0 (padding).
 */
export interface SoftmaxFunction<Id extends string> extends Description<Id> {
  evaluate(mpc: Protocol, scores: AShare, keep: AShare): Promise<AShare>;
}
