/**
 * Where a party's correlations come from. Each is handed out once: what was taken is gone before it
 * is used, so that no mask can hide two values.
 */
import { EngineError } from '../errors.ts';
import type { PartyId } from '../channel.ts';
import type { Kernels, RingBits } from '../ring/kernels.ts';
import type { Prg } from '../ring/prg.ts';
import type { Branch, Holder } from '../branch.ts';
import { correctionBytes, layoutOf, tagOf, type Correlation, type Part } from './correlation.ts';
import { Dealing } from './deal.ts';
import type { CorrectionStore } from './store.ts';

export interface CorrelationSource {
  /** This party's halves: the free parts, then the made ones. */
  take(branch: Branch, correlation: Correlation): readonly Uint8Array[];
}

function streamOf(branch: Branch, holder: Holder): Prg {
  const prg = branch.generators.get(holder);
  if (prg === undefined) throw new EngineError('protocol', `no stream is shared with ${holder}`);
  return prg;
}

/** Draws from the stream shared with the dealer; party 0 adds the corrections that it was sent. */
export function dealtCorrelations(
  party: PartyId,
  bits: RingBits,
  corrections: CorrectionStore,
): CorrelationSource {
  return {
    take: (branch, correlation) => {
      const stream = streamOf(branch, 'dealer');
      const { free, made } = layoutOf(bits, correlation);
      const drawn = free.map((part) => stream.bytes(part.bytes));
      if (party === 1) return [...drawn, ...made.map((part) => stream.bytes(part.bytes))];
      const bytes = correctionBytes(bits, correlation);
      // Nothing was sent for an empty tensor.
      const correction =
        bytes === 0 ? new Uint8Array(0) : corrections.take(branch.route, bytes, tagOf(correlation));
      return [...drawn, ...cut(correction, made)];
    },
  };
}

/**
 * Party 0 deals to itself, knowing both halves of everything: it can read every value that is
 * opened under these masks. For comparison with systems that were timed so, never for privacy.
 */
export function firstPartyCorrelations(
  party: PartyId,
  kernels: Kernels,
  bits: RingBits,
): CorrelationSource {
  const dealing = new Dealing(kernels, bits);
  return {
    take: (branch, correlation) => {
      const stream = streamOf(branch, 'dealer');
      const { free, made } = layoutOf(bits, correlation);
      if (party === 1) return [...free, ...made].map((part) => stream.bytes(part.bytes));
      const drawn: Uint8Array[] = [];
      const recorded = { bytes: (length: number) => keep(drawn, stream.bytes(length)) };
      const correction = dealing.deal(correlation, {
        first: recorded,
        second: streamOf(branch, 'dealtToOther'),
        own: streamOf(branch, 'private'),
      });
      return [...drawn, ...cut(correction, made)];
    },
  };
}

function keep(drawn: Uint8Array[], bytes: Uint8Array): Uint8Array {
  drawn.push(bytes);
  return bytes;
}

function cut(bytes: Uint8Array, parts: readonly Part[]): Uint8Array[] {
  let at = 0;
  return parts.map((part) => bytes.subarray(at, (at += part.bytes)));
}
