/**
 * What the named frameworks and papers are known to send for single operations, as data. Every
 * figure stands as its source counts it; `figureOf` turns our own cost into the same count, so that
 * the two can be compared to the byte and nothing is fitted.
 */
import type { SecureVariantId } from '../protocols/registry.ts';
import type { Shape } from '../ring/tensor.ts';
import type { CostFigures } from './figures.ts';
import { publishedByCrypten } from './published-crypten.ts';
import { publishedBySpu } from './published-spu.ts';

/**
 * How a source counts bytes. `sentPerParty`: payload that one party sends (the largest, where roles
 * differ). `sumOverParties`: what all compute parties send, added up. `sentAndReceived`: what one of
 * two parties sends and receives, as CrypTen logs an exchange; twice what it sends.
 */
export type CountedAs = 'sentPerParty' | 'sumOverParties' | 'sentAndReceived';

export interface PublishedSource {
  readonly title: string;
  /** How the figures came to be. */
  readonly how: string;
  readonly countedAs: CountedAs;
  readonly fractionBits: number;
}

export const publishedSources = {
  crypten: {
    title: 'CrypTen 0.4.0 (commit 775868a), the functions that MPCFormer timed',
    how: "Counted by CrypTen's own communication log, two parties, trusted first party.",
    countedAs: 'sentAndReceived',
    fractionBits: 16,
  },
  aby3: {
    title: 'SPU 0.5.0 (branch release/0.5.0), ABY3 over FM64, as PUMA ran it',
    how: 'Added up from the send and receive calls in the source of SPU.',
    countedAs: 'sumOverParties',
    fractionBits: 18,
  },
  semi2k: {
    title: 'SPU 0.5.0b0, SEMI2K over FM64, two parties',
    how: "Reconstructed per operator from the profiler log that PriViT's benchmark published.",
    countedAs: 'sentPerParty',
    fractionBits: 18,
  },
} as const satisfies Record<string, PublishedSource>;

export type PublishedSourceId = keyof typeof publishedSources;

export interface PublishedCost {
  readonly source: PublishedSourceId;
  readonly variant: SecureVariantId;
  readonly op: string;
  /** Form of the operation; null for its default one. */
  readonly form: string | null;
  readonly shapes: readonly Shape[];
  /** Set where the figure is what `shapes` cost more than these: bytes of one further entry. */
  readonly beyond?: readonly Shape[];
  readonly bytes: number;
  /** Set where the source rounds its figure, to multiples of this. */
  readonly roundedTo?: number;
  /** In program order; null where the source has no figure. */
  readonly rounds: number | null;
  readonly roundsOverlapped?: number;
  readonly note?: string;
}

/** Our cost in the count of a source. */
export function figureOf(
  cost: Pick<CostFigures, 'bytesSentPerParty' | 'bytesSentTotal'>,
  countedAs: CountedAs,
): number {
  switch (countedAs) {
    case 'sentPerParty':
      return cost.bytesSentPerParty;
    case 'sumOverParties':
      return cost.bytesSentTotal;
    case 'sentAndReceived':
      return 2 * cost.bytesSentPerParty;
  }
}

export const publishedCosts: readonly PublishedCost[] = [...publishedByCrypten, ...publishedBySpu];
