/**
 * What else the machine does: the CPU time of everything that is not ours, over a stretch of time, and
 * the settings of its TCP. Linux; elsewhere unknown (null), which is said.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { monotonicMs } from '../engine/clock.ts';

/** Kernel ticks per second in /proc/stat: 100 on every Linux that Node supports. */
const ticksPerSecond = 100;

export interface LoadMark {
  readonly atMs: number;
  /** CPU time of the whole machine that was not idle; null where it is not told. */
  readonly busyMs: number | null;
}

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
};

/** user, nice, system, idle, iowait, irq, softirq, steal of the line `cpu` of /proc/stat. */
export function busyMsOf(stat: string | null): number | null {
  const fields = /^cpu\s+(.*)$/m
    .exec(stat ?? '')?.[1]
    ?.trim()
    .split(/\s+/)
    .map(Number);
  if (fields === undefined || fields.length < 8 || fields.some(Number.isNaN)) return null;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return ((user + nice + system + irq + softirq + steal) * 1000) / ticksPerSecond;
}

export const markLoad = (): LoadMark => ({
  atMs: monotonicMs(),
  busyMs: busyMsOf(readText('/proc/stat')),
});

/**
 * Share of the machine (all its cores) that others used between two marks, when ours used `ownCpuMs`.
 * 0 to 1; null where it cannot be known. Interrupts count as others' work, ours included.
 */
export function foreignShare(from: LoadMark, to: LoadMark, ownCpuMs: number): number | null {
  if (from.busyMs === null || to.busyMs === null || to.atMs <= from.atMs) return null;
  const foreignMs = to.busyMs - from.busyMs - ownCpuMs;
  return Math.min(1, Math.max(0, foreignMs / ((to.atMs - from.atMs) * cpus().length)));
}

/** CPU time of one process, user and system, by its /proc/<pid>/stat; 0 when it is gone. */
export function processCpuMs(pid: number): number {
  const stat = readText(`/proc/${pid}/stat`) ?? '';
  // The name in brackets may hold anything; the fields after it are numbers, utime the 12th of them.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? (ticks * 1000) / ticksPerSecond : 0;
}

/** TCP as connections on loopback have it; nothing where it cannot be read. */
export function tcpFacts(): Record<string, string> {
  const files = {
    congestionControl: '/proc/sys/net/ipv4/tcp_congestion_control',
    tcpWmem: '/proc/sys/net/ipv4/tcp_wmem',
    tcpRmem: '/proc/sys/net/ipv4/tcp_rmem',
    slowStartAfterIdle: '/proc/sys/net/ipv4/tcp_slow_start_after_idle',
  };
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, path]) => {
      const text = readText(path);
      return text === null ? [] : [[name, text.replaceAll(/\s+/g, ' ')] as const];
    }),
  );
}
