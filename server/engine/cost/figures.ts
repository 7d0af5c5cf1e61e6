/**
 * A cost as commands print it, for single operations and whole runs alike: rounds in both counts,
 * bytes by directed link, and what follows from them. All bytes are payload; the owner's are apart.
 */
import { asPartyId } from '../channel.ts';
import type { LinkName } from '../protocols/schedule.ts';
import type { CostReport } from './report.ts';

export interface CostFigures {
  /** In program order: every operation waits for the one before it, as the named framework runs it. */
  readonly rounds: number;
  /** With independent work side by side, as a run here does it. */
  readonly roundsOverlapped: number;
  /**
   * Bytes by directed link of both phases. Links between parties carry the online phase and stand
   * here even at 0; `dealer>0`, where there is a dealer, is the offline phase.
   */
  readonly links: Readonly<Partial<Record<LinkName, number>>>;
  /** Online, by sending party. */
  readonly bytesSentByParty: readonly number[];
  /** Online, the largest of them. */
  readonly bytesSentPerParty: number;
  /** Online, over all parties; what the dealer sends is not in it. */
  readonly bytesSentTotal: number;
  /** The most that a party sends offline. */
  readonly offlineBytesPerParty: number;
  /** What the dealer sends offline; 0 without one, also where party 0 deals to itself. */
  readonly dealerBytes: number;
  /** Once per session, for sharing weights: rounds, and the most bytes that a party sends. */
  readonly setup: { readonly rounds: number; readonly bytesSentPerParty: number };
}

/** `dealt`: whether a dealer of its own takes part. */
export function costFigures(report: CostReport, dealt: boolean): CostFigures {
  const sent = report.onlineBytesSent;
  const links: Partial<Record<LinkName, number>> = {};
  for (const link of linkNames(sent.length, dealt)) links[link] = report.links[link] ?? 0;
  return {
    rounds: report.programRounds,
    roundsOverlapped: report.rounds,
    links,
    bytesSentByParty: sent,
    bytesSentPerParty: Math.max(0, ...sent),
    bytesSentTotal: sent.reduce((sum, bytes) => sum + bytes, 0),
    offlineBytesPerParty: Math.max(0, ...report.offlineBytesSent),
    dealerBytes: report.dealerBytes,
    setup: {
      rounds: report.setup.rounds,
      bytesSentPerParty: Math.max(0, ...report.setup.bytesSent),
    },
  };
}

function linkNames(parties: number, dealt: boolean): LinkName[] {
  const ids = Array.from({ length: parties }, (_, index) => asPartyId(index));
  const between = ids.flatMap((from) =>
    ids.filter((to) => to !== from).map((to): LinkName => `${from}>${to}`),
  );
  return dealt ? [...between, 'dealer>0'] : between;
}
