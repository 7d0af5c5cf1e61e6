/**
 * Many runs for the results page's budgets: every preset and shipped run as they are, varied in what a
 * person varies. The numbers are made up, so they belong into a database of their own, never into one
 * that people work with.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { geluIds, softmaxIds, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline, Median, RunDetail, RunState } from '../../server/api/schemas/run-view.ts';
import { wilson } from '../../server/runs/statistics.ts';
import type { StoredRun } from '../../tests/support/stored-runs.ts';

/** Mulberry32: repeatable, for made-up numbers only. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const scaleMedian = (median: Median, by: number): Median => ({
  median: median.median * by,
  n: median.n,
  low: median.low === null ? null : median.low * by,
  high: median.high === null ? null : median.high * by,
  min: median.min * by,
  max: median.max * by,
});

const networks = [
  { name: 'lan', bitsPerSecond: 5e9, rttMs: 0.4 },
  { name: 'lan-1g', bitsPerSecond: 1e9, rttMs: 0.5 },
  { name: 'wan', bitsPerSecond: 4e8, rttMs: 40 },
  { name: 'metro', bitsPerSecond: 1e8, rttMs: 10 },
] as const;

/** One run in forty ended badly, one in a hundred is still to come. */
function stateOf(index: number): RunState {
  if (index % 100 === 99) return 'queued';
  return index % 40 === 17 ? 'failed' : 'done';
}

/** @param now newest run; the others follow at five minutes each, into the past */
export async function madeUpRuns(count: number, now: Date): Promise<StoredRun[]> {
  const folder = join(import.meta.dirname, '..', 'results', 'runs');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const patterns = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as RunDetail),
  );
  const random = generator(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, index): StoredRun => {
    const { spec: like, headline, environment } = pick(patterns);
    const network = pick(networks);
    const spec: RunSpec = {
      ...like,
      approximations:
        random() < 0.5 ? like.approximations : { gelu: pick(geluIds), softmax: pick(softmaxIds) },
      dataset: { ...like.dataset, samples: pick([4, 16, 64, 200]) },
      sequenceLength: pick([32, 64, 128]),
      network: { ...like.network, ...network },
      measurement: { batchSize: pick([1, 4]), repeats: pick([1, 3, 7]) },
    };
    const state = stateOf(index);
    const by = 0.5 + 2 * random();
    return {
      spec,
      state,
      headline: state === 'done' && headline !== null ? varied(headline, by, random()) : null,
      createdAt: new Date(now.getTime() - index * 300_000),
      environment,
      ...(state === 'done' ? { linkVerdict: random() < 0.97 ? 'met' : 'not met' } : {}),
      tags: random() < 0.1 ? [pick(['paper', 'table-3', 'retry'])] : [],
      note: random() < 0.02 ? 'Somebody else used this machine.' : '',
      starred: random() < 0.01,
      ...(random() < 0.03 ? { archivedAt: now } : {}),
    };
  });
}

function varied(headline: Headline, by: number, luck: number): Headline {
  const { accuracy } = headline;
  const correct = accuracy === null ? 0 : Math.round(accuracy.secure.n * (0.5 + 0.5 * luck));
  return {
    ...headline,
    accuracy:
      accuracy === null ? null : { ...accuracy, secure: wilson(correct, accuracy.secure.n) },
    onlineMs: scaleMedian(headline.onlineMs, by),
    onlineMsPerSample: scaleMedian(headline.onlineMsPerSample, by),
    totalMs: scaleMedian(headline.totalMs, by),
    onlineBytesSent: headline.onlineBytesSent.map((bytes) => Math.round(bytes * (0.5 + luck))),
    rounds: Math.round(headline.rounds * (0.6 + luck)),
  };
}
