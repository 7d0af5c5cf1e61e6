/** Follows a run to its end, with its progress on stderr. */
import { closeListener, followEvents } from '../runs/events.ts';
import { requestCancel } from '../runs/lifecycle.ts';
import { ProgressLines } from './progress-bar.ts';
import type { Session } from './session.ts';

/**
 * @param interrupt what Ctrl-C does: `cancel` ends the run first and leaves at the second time; `leave`
 *   only stops watching
 * @returns whether the run was seen to its end
 */
export async function follow(
  session: Session,
  id: string,
  interrupt: 'cancel' | 'leave',
): Promise<boolean> {
  const stop = new AbortController();
  let asked = false;
  const onInterrupt = (): void => {
    if (asked || interrupt === 'leave') stop.abort();
    asked = true;
    if (interrupt === 'cancel') {
      requestCancel(session.connection.db, id).catch(() => stop.abort());
    }
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const lines = new ProgressLines();
  try {
    for await (const event of followEvents(session.connection, id, 0, stop.signal)) {
      lines.show(event);
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await closeListener();
  }
  return !stop.signal.aborted;
}
