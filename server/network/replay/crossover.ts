/**
 * Which of two runs is faster on which network: both replayed over a grid of round trips and rates.
 * Pure and browser-safe.
 */
import { linkChoiceOf } from '../link.ts';
import type { Link } from '../link.ts';
import type { Recording } from './recording.ts';
import { replay } from './replay.ts';

/** A run as the map takes it. */
export interface Contestant {
  readonly recording: Recording;
  /** Per how many samples its latency is, so that batches of different sizes can be compared. */
  readonly samples: number;
  /** Share by which its replay missed its own measurement: nearer than that is no difference. */
  readonly residual: number;
}

export interface CrossoverCell {
  readonly rttMs: number;
  readonly bitsPerSecond: number;
  /** Per sample. */
  readonly firstMs: number;
  readonly secondMs: number;
  /** tie = the difference is within what the two replays miss by. */
  readonly winner: 'first' | 'second' | 'tie';
}

export interface CrossoverGrid {
  readonly rttMs: readonly number[];
  readonly bitsPerSecond: readonly number[];
  /** The rest of the network: topology, TCP, headers. */
  readonly link: Link;
  readonly cores: number;
}

/** Row by row: all rates of the first round trip, then of the next. */
export function crossoverMap(
  first: Contestant,
  second: Contestant,
  { rttMs, bitsPerSecond, link, cores }: CrossoverGrid,
): CrossoverCell[] {
  return rttMs.flatMap((rtt) =>
    bitsPerSecond.map((rate) => {
      const choice = linkChoiceOf({ ...link, rttMs: rtt, bitsPerSecond: rate }, undefined);
      const perSample = ({ recording, samples }: Contestant): number =>
        replay(recording, { link: choice, cores }).latencyMs / samples;
      const [firstMs, secondMs] = [perSample(first), perSample(second)];
      const unsureMs = first.residual * firstMs + second.residual * secondMs;
      const near = Math.abs(firstMs - secondMs) <= unsureMs;
      const winner = near ? 'tie' : firstMs < secondMs ? 'first' : 'second';
      return { rttMs: rtt, bitsPerSecond: rate, firstMs, secondMs, winner };
    }),
  );
}

/** `count` values from `low` to `high`, each the same factor after the one before. */
export function logarithmicSteps(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, step) =>
    step === count - 1 ? high : low * (high / low) ** (step / (count - 1)),
  );
}
