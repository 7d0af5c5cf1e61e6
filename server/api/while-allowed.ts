/**
 * What is followed ends with the right to follow it: a user who is put out, a key that is taken back and a
 * session that has ended get no further event, at the latest when somebody next looks.
 */
import { accountsOn } from '../accounts/mode.ts';
import { requireNeed, type Need } from '../accounts/principal.ts';
import type { Context } from './context.ts';

const lookEveryMs = 10_000;

export interface Watch {
  /** Aborted when the listener has gone, or may listen no longer. */
  readonly signal: AbortSignal;
  /** @throws AccountsError what the listener was refused for, where that is why it ended */
  throwIfRefused(): void;
  /** No more looking. */
  stop(): void;
}

/**
 * @param need what the door asks
 * @param gone aborted when the listener has gone
 */
export function whileAllowed(
  { askAgain }: Context,
  need: Need,
  gone?: AbortSignal,
  everyMs = lookEveryMs,
): Watch {
  const ended = new AbortController();
  let refused: { readonly reason: unknown } | undefined;
  const look = async (): Promise<void> => {
    try {
      requireNeed((await askAgain?.()) ?? null, need);
    } catch (reason) {
      refused = { reason };
      ended.abort();
    }
  };
  const timer =
    askAgain === undefined || !accountsOn() ? undefined : setInterval(() => void look(), everyMs);
  timer?.unref();
  return {
    signal: gone === undefined ? ended.signal : AbortSignal.any([gone, ended.signal]),
    throwIfRefused() {
      if (refused !== undefined) throw refused.reason;
    },
    stop: () => clearInterval(timer),
  };
}
