/**
 * Soak: runs one after the other, pages and followers beside them, and the resident memory of web and worker
 * sampled all along. What is asked is whether it grows, not how large it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRun } from '../../server/runs/create-run.ts';
import { smallSpecs, startInstallation, type Installation } from './installation.ts';
import { slopeOf, type Sample } from './slope.ts';
import { soakSvg, type Series } from './soak-svg.ts';
import { findServer } from './victims.ts';

const sampleEveryMs = 1500;
const queuedAtATime = 4;
/** Pages and paths that somebody who looks on asks for, every few seconds. */
const looked = ['/', '/results', '/api/v1/status', '/api/v1/runs?limit=50', '/api/metrics'];
/** Real growth above this is a leak: the first minutes of a process grow while its caches fill. */
const mostBytesPerMinute = { short: 24 * 2 ** 20, long: 2 ** 20 };
const longFromMinutes = 30;

const residentBytes = (pid: number): number => {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) * 1024;
};

/** Keeps a few runs queued; returns how many were made when the time is over. */
async function queueRuns(
  { db, queue }: Installation,
  ids: string[],
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    const open = await db.run.count({ where: { state: 'queued' } });
    for (let i = open; i < queuedAtATime; i += 1) {
      const { id } = await createRun({ db, queue }, smallSpecs[i % 2 === 0 ? 0 : 1], 'cli');
      ids.push(id);
    }
    await sleep(500);
  }
}

/** Follows the newest run to its end, again and again, and counts the events. */
async function follow(url: string, ids: readonly string[], over: () => boolean): Promise<number> {
  let events = 0;
  while (!over()) {
    const id = ids.at(-1);
    if (id === undefined) {
      await sleep(200);
      continue;
    }
    const response = await fetch(new URL(`/api/v1/runs/${id}/events`, url), {
      signal: AbortSignal.timeout(60_000),
    });
    events += [...(await response.text()).matchAll(/^event: /gm)].length;
  }
  return events;
}

async function look(url: string, over: () => boolean): Promise<number> {
  let answers = 0;
  while (!over()) {
    for (const path of looked) {
      const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(30_000) });
      if (!response.ok) throw new Error(`${path} answers ${response.status}`);
      await response.arrayBuffer();
      answers += 1;
    }
    await sleep(1000);
  }
  return answers;
}

/**
 * Prints slopes and counts; writes the plot where it is told to.
 * @param minutes of which the first third is not looked at: caches fill, code is compiled
 * @returns whether neither grows and every run that has ended is done
 */
export async function runSoak(minutes: number, plot?: string): Promise<boolean> {
  const installation = await startInstallation({ pages: true });
  const { db, url, folder } = installation;
  try {
    if (url === null) throw new Error('the pages have no address');
    const began = performance.now();
    const over = (): boolean => performance.now() - began > minutes * 60_000;
    const names = ['web', 'worker'] as const;
    const series: Record<(typeof names)[number], Sample[]> = { web: [], worker: [] };
    const sample = async (): Promise<void> => {
      while (!over()) {
        for (const name of names) {
          const pid = findServer(name, folder);
          if (pid === null) throw new Error(`${name} is not there`);
          const seconds = (performance.now() - began) / 1000;
          series[name].push({ seconds, bytes: residentBytes(pid) });
        }
        await sleep(sampleEveryMs);
      }
    };
    const ids: string[] = [];
    const followers = Array.from({ length: 10 }, () => follow(url, ids, over));
    const [answers, , , ...events] = await Promise.all([
      look(url, over),
      queueRuns(installation, ids, over),
      sample(),
      ...followers,
    ]);
    const done = await db.run.count({ where: { id: { in: ids }, state: 'done' } });
    const bad = await db.run.count({ where: { state: { in: ['failed', 'lost'] } } });
    const heard = events.reduce((sum, count) => sum + count, 0);
    console.log(
      `${minutes} min: ${done} runs done, ${bad} failed or lost, ${answers} pages and answers, ${heard} events to ${events.length} followers`,
    );
    const most = mostBytesPerMinute[minutes >= longFromMinutes ? 'long' : 'short'];
    const lines: Series[] = [];
    let flat = true;
    for (const name of names) {
      const later = series[name].filter(({ seconds }) => seconds > (minutes * 60) / 3);
      const { bytesPerMinute, low, samples } = slopeOf(later);
      const grows = low > most;
      flat &&= !grows;
      lines.push({ name, samples: series[name] });
      const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);
      const last = later.at(-1)?.bytes ?? 0;
      console.log(
        `${name}: ${megabytes(last)} MiB at the end, ${megabytes(bytesPerMinute)} MiB a minute (90 % above ${megabytes(low)}, n = ${samples})${grows ? ` GROWS: more than ${megabytes(most)}` : ''}`,
      );
    }
    if (plot !== undefined) writeFileSync(plot, soakSvg(lines, minutes));
    return flat && bad === 0 && done > 0;
  } finally {
    await installation.stop();
  }
}
