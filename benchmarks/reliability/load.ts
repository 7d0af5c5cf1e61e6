/**
 * Load: many stored runs, a long queue, many followers and a real browser at the same time, on one
 * installation. What is asked: is every acknowledged run there, has every follower heard every event of its
 * run, did the browser see its run end, and how long answers took meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium as browserType } from '@playwright/test';
import { endStates } from '../../server/api/schemas/run-view.ts';
import { chromium, chromiumPath } from '../../tests/e2e/browser.ts';
import { storeRuns } from '../../tests/support/stored-runs.ts';
import { madeUpRuns } from '../web/seed-runs.ts';
import { smallSpecs, startInstallation, type Installation } from './installation.ts';

export interface LoadSizes {
  readonly stored: number;
  readonly queued: number;
  readonly followers: number;
}

/** Runs that the followers are spread over; the others of the queue are taken back at the end. */
const followedRuns = 20;
const atATime = 2000;
const mostMinutes = 10;

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ??
  Number.NaN;

const timesOf = (ms: readonly number[]): string =>
  `median ${quantile(ms, 0.5).toFixed(0)} ms, 95 % within ${quantile(ms, 0.95).toFixed(0)} ms, n = ${ms.length}`;

async function store({ db }: Installation, count: number): Promise<void> {
  for (let from = 0; from < count; from += atATime) {
    const now = new Date(Date.now() - from * 300_000);
    await storeRuns(db, await madeUpRuns(Math.min(atATime, count - from), now));
  }
  // Those that wait were never queued.
  await db.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled' } });
  await db.$executeRaw`ANALYZE`;
}

async function queueOverRest(url: string, count: number): Promise<{ ids: string[]; ms: number[] }> {
  const ids: string[] = [];
  const ms: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const began = performance.now();
    const response = await fetch(new URL('/api/v1/runs', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(smallSpecs[i % 2 === 0 ? 0 : 1]),
    });
    ms.push(performance.now() - began);
    if (response.status !== 201) throw new Error(`run ${i + 1} of ${count}: ${response.status}`);
    ids.push(((await response.json()) as { id: string }).id);
  }
  return { ids, ms };
}

/** Numbers of the events that one follower heard, to the end of the run. */
async function followOne(url: string, id: string): Promise<number[]> {
  const response = await fetch(new URL(`/api/v1/runs/${id}/events`, url), {
    signal: AbortSignal.timeout(mostMinutes * 60_000),
  });
  const text = await response.text();
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
}

async function watchInBrowser(url: string, id: string): Promise<boolean> {
  if (chromiumPath === undefined) throw new Error('no Chromium: set PARLEY_CHROMIUM to its path.');
  const browser = await browserType.launch(chromium);
  try {
    const page = await browser.newPage();
    await page.goto(new URL(`/runs/${id}`, url).href);
    // The page of a run that has ended offers to repeat it.
    await page.getByRole('button', { name: 'Repeat' }).waitFor({ timeout: mostMinutes * 60_000 });
    return true;
  } finally {
    await browser.close();
  }
}

async function askMeanwhile(url: string, over: () => boolean): Promise<Record<string, number[]>> {
  const paths = ['/api/health', '/api/v1/runs?limit=50', '/api/v1/runs?limit=50&q=state%3Adone'];
  const ms: Record<string, number[]> = Object.fromEntries(paths.map((path) => [path, []]));
  while (!over()) {
    for (const path of paths) {
      const began = performance.now();
      const response = await fetch(new URL(path, url));
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} answers ${response.status}`);
      ms[path]?.push(performance.now() - began);
    }
    await sleep(250);
  }
  return ms;
}

/** Events of each run as the database has them, against what each follower heard. */
async function deafOf(
  { db }: Installation,
  heard: readonly { readonly id: string; readonly seqs: readonly number[] }[],
): Promise<number> {
  let deaf = 0;
  for (const { id, seqs } of heard) {
    const events = await db.event.findMany({
      where: { runId: id },
      orderBy: { seq: 'asc' },
      select: { seq: true },
    });
    const all = events.map(({ seq }) => seq);
    if (all.length !== seqs.length || all.some((seq, index) => seq !== seqs[index])) deaf += 1;
  }
  return deaf;
}

/** Prints what was held and how long answers took. @returns whether nothing was lost */
export async function runLoad({ stored, queued, followers }: LoadSizes): Promise<boolean> {
  const installation = await startInstallation({ pages: true });
  const { db, url } = installation;
  try {
    if (url === null) throw new Error('the pages have no address');
    await store(installation, stored);
    const { ids, ms } = await queueOverRest(url, queued);
    console.log(`${stored} runs stored; ${ids.length} queued over REST: ${timesOf(ms)}`);
    const followed = (
      await db.run.findMany({
        where: { id: { in: ids }, state: 'queued' },
        orderBy: [{ turn: 'asc' }, { createdAt: 'asc' }],
        take: followedRuns,
        select: { id: true },
      })
    ).map(({ id }) => id);
    let over = false;
    const asking = askMeanwhile(url, () => over);
    const [saw, heard] = await Promise.all([
      watchInBrowser(url, followed.at(-1) ?? ''),
      Promise.all(
        Array.from({ length: followers }, async (_, i) => {
          const id = followed[i % followed.length] ?? '';
          return { id, seqs: await followOne(url, id) };
        }),
      ),
    ]);
    over = true;
    for (const [path, times] of Object.entries(await asking)) {
      console.log(`meanwhile ${path}: ${timesOf(times)}`);
    }
    const deaf = await deafOf(installation, heard);
    const events = heard.reduce((sum, { seqs }) => sum + seqs.length, 0);
    console.log(
      `${followers} followers of ${followed.length} runs heard ${events} events, ${deaf} of them not all of their run's; the browser ${saw ? 'saw its run end' : 'did not see its run end'}`,
    );
    const waiting = await db.run.findMany({
      where: { id: { in: ids }, state: 'queued' },
      select: { id: true },
    });
    for (const { id } of waiting) {
      const response = await fetch(new URL(`/api/v1/runs/${id}/cancel`, url), { method: 'POST' });
      if (!response.ok && response.status !== 409) throw new Error(`cancel: ${response.status}`);
    }
    await sleep(5000);
    const kept = await db.run.count({ where: { id: { in: ids } } });
    const open = await db.run.count({
      where: { id: { in: ids }, state: { notIn: [...endStates] } },
    });
    const done = await db.run.count({ where: { id: { in: ids }, state: 'done' } });
    console.log(
      `${kept} of ${ids.length} acknowledged runs are there: ${done} done, ${waiting.length} taken back, ${open} open`,
    );
    return deaf === 0 && saw && kept === ids.length && open <= 1;
  } finally {
    await installation.stop();
  }
}
