/**
 * What one party keeps of an offline phase that was run ahead of time: the key of the stream that it
 * shares with the dealer and, in party 0, the corrections. One session may claim it, once; a session
 * that fails has burnt it.
 */
import { EngineError } from '../errors.ts';
import type { CorrectionStore } from './store.ts';

export interface ClaimedCorrelations {
  readonly key: Uint8Array;
  /** Name of the dealing, the same in both parties. */
  readonly dealing: Uint8Array;
  readonly corrections: CorrectionStore;
  /** Wall time of the offline phase of each inference, when it was run. */
  readonly offlineMs: readonly number[];
}

export interface DealtAhead {
  /** Throws `EngineError('protocol')` from the second time on. */
  claim(): ClaimedCorrelations;
}

export function dealtOnce(contents: ClaimedCorrelations): DealtAhead {
  let kept: ClaimedCorrelations | null = contents;
  return {
    claim: () => {
      if (kept === null) {
        throw new EngineError(
          'protocol',
          'correlations: a session has claimed these before; each is used once, deal again',
        );
      }
      const claimed = kept;
      kept = null;
      return claimed;
    },
  };
}
