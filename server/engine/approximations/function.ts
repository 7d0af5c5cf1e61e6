/** What a non-linear function is to a model: a name, where it comes from, and how it is evaluated. */
import type { AShare, Protocol } from '../protocol.ts';

export interface Description<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly description: string;
  /** Paper, section or equation; null for our own. */
  readonly source: string | null;
  /** Set where the function is as somebody shipped it and does not do what its name says. */
  readonly defect?: Defect;
}

/** Why a result may be used for cost and never for accuracy. */
export interface Defect {
  readonly what: string;
  /** How far off, on which inputs. */
  readonly measuredError: string;
  /** How that was measured. */
  readonly measuredBy: string;
}

export interface ElementFunction<Id extends string> extends Description<Id> {
  evaluate(mpc: Protocol, x: AShare): Promise<AShare>;
}

/**
 * scores [..., n] to weights over the last axis. `keep` has the scores' shape and holds the ring
 * integers 1 (a real position) and 0 (padding); null where nothing is padding, which spares the
 * masking altogether.
 */
export interface SoftmaxFunction<Id extends string> extends Description<Id> {
  /**
   * A score that gets no weight: a public mask, such as the causal one, puts it where a position is
   * hidden. Absent means -256, far below all others; functions that square name the square's zero.
   */
  readonly hiddenScore?: number;
  /** Set where no score gets no weight: hidden positions are told as padding is, by a public `keep`. */
  readonly hides?: 'byKeep';
  evaluate(mpc: Protocol, scores: AShare, keep: AShare | null): Promise<AShare>;
}
