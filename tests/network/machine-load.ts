/**
 * Upper bounds are the machine's: tests of other files run beside these. So what must be fast enough is
 * tried a few times, and counts as too slow only if the machine was free for it; lower bounds, which
 * hold on any machine, belong into `make` and are checked in every attempt.
 */
import { foreignShare, markLoad } from '../../server/network/host-load.ts';

const mostAttempts = 5;
/** Share of all cores that others used, beyond which nothing is said about how fast we were. */
const busyShare = 0.1;

export interface Attempted<T> {
  /** Of the first attempt that was good, else of the last. */
  readonly value: T;
  /** Others used the machine in every attempt: an upper bound that was missed says nothing then. */
  readonly busy: boolean;
}

/** `ownCpuMs`: what the processes that `make` started used. */
export async function attempt<T>(
  make: () => Promise<T>,
  good: (value: T) => boolean,
  ownCpuMs: (value: T) => number,
): Promise<Attempted<T>> {
  let busy = true;
  for (let attempts = 1; ; attempts += 1) {
    const cpu = process.cpuUsage();
    const from = markLoad();
    const value = await make();
    const to = markLoad();
    const { user, system } = process.cpuUsage(cpu);
    const foreign = foreignShare(from, to, ownCpuMs(value) + (user + system) / 1000);
    busy &&= foreign !== null && foreign > busyShare;
    if (good(value) || attempts === mostAttempts) return { value, busy };
  }
}
