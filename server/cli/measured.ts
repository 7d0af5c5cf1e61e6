/**
 * What a run measured, in the words of `parley costs --json`, so that the two can be laid side by side:
 * one full batch (`perInference`), and the run as a whole (`inAll`). Bytes are payload.
 */
import type { Headline, Median, RunDetail } from '../api/schemas/run-view.ts';
import { sum } from './format.ts';

export interface Measured {
  /** One inference of one full batch. */
  readonly perInference: {
    readonly samples: number;
    /** Online: from the first party's start to the last party's end. */
    readonly wallMs: Median;
    readonly offlineMs: Median;
    readonly totalMs: Median;
    /** As measured, so with independent work side by side. */
    readonly rounds: number;
    /** The same number by the name that it has in `parley costs`, whose `rounds` are in program order. */
    readonly roundsOverlapped: number;
    /** By directed link; those of the dealer carry the offline phase. */
    readonly links: Headline['links'];
    /** Online, the largest over the parties. */
    readonly bytesSentPerParty: number;
    readonly bytesSentByParty: readonly number[];
    /** Online, over all parties, without the dealer. */
    readonly bytesSentTotal: number;
    /** The most that a party sends offline. */
    readonly offlineBytesPerParty: number;
    readonly dealerBytes: number;
  };
  /** All inferences of all repeats, and the setup. */
  readonly inAll: {
    readonly samples: number;
    readonly inferences: number;
    /** Both null where weights are random. */
    readonly accuracy: Headline['accuracy'];
    readonly disagreement: Headline['disagreement'];
    /** Between the secure outputs and the clear twin's; null where weights are uniform. */
    readonly maxLogitError: number | null;
    readonly meanLogitError: number | null;
    readonly setupMs: number;
    readonly bytesSentByParty: readonly number[];
    readonly dealerBytes: number;
    /** Largest over parties and dealer. */
    readonly peakRssBytes: number;
    /** By party, then the dealer where there is one. */
    readonly peakRssBytesByRole: readonly number[];
    readonly cpuMs: number;
  };
}

/** Null for a run that has no result. */
export function measuredOf({ headline, parties, dealer, spec }: RunDetail): Measured | null {
  if (headline === null) return null;
  const { batchSize, repeats } = spec.measurement;
  const roles = dealer === null ? parties : [...parties, dealer];
  return {
    perInference: {
      samples: Math.min(batchSize, headline.samples),
      wallMs: headline.onlineMs,
      offlineMs: headline.offlineMs,
      totalMs: headline.totalMs,
      rounds: headline.rounds,
      roundsOverlapped: headline.rounds,
      links: headline.links,
      bytesSentPerParty: Math.max(...headline.onlineBytesSent),
      bytesSentByParty: headline.onlineBytesSent,
      bytesSentTotal: sum(headline.onlineBytesSent),
      offlineBytesPerParty: Math.max(...headline.offlineBytesSent),
      dealerBytes: headline.dealerBytes,
    },
    inAll: {
      samples: headline.samples,
      inferences: Math.ceil(headline.samples / batchSize) * repeats,
      accuracy: headline.accuracy,
      disagreement: headline.disagreement,
      maxLogitError: headline.maxLogitError.protocol,
      meanLogitError: headline.meanLogitError,
      setupMs: headline.setupMs,
      bytesSentByParty: parties.map(({ bytesSent }) => bytesSent),
      dealerBytes: dealer?.bytesSent ?? 0,
      peakRssBytes: headline.peakRssBytes,
      peakRssBytesByRole: roles.map(({ peakRssBytes }) => peakRssBytes),
      cpuMs: headline.cpuMs,
    },
  };
}
