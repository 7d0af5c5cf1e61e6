/**
 * The pages' budgets in a browser, against a Parley that runs:
 *
 *   node benchmarks/web/pages.ts URL [--pictures FOLDER] [--only PATH]
 *
 * For every page: the JavaScript that it loads, gzipped, plotly left out (budget 250 kB); how far things
 * move while it loads (0.02); what page-checks.ts and axe find, on a desktop and at 360 pixels, light and dark.
 * Then the first paint of a comparison of 1,000 runs, where so many are stored (2 s).
 */
import { mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium as browserType, type BrowserContextOptions } from '@playwright/test';
import { allPages } from '../../tests/e2e/all-pages.ts';
import { axeFindings } from '../../tests/e2e/axe.ts';
import { chromium } from '../../tests/e2e/browser.ts';
import { checkPage } from './page-checks.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pictures: { type: 'string' }, only: { type: 'string' } },
});
const [base] = positionals;
if (base === undefined) {
  console.error('node benchmarks/web/pages.ts URL [--pictures FOLDER] [--only PATH]');
  process.exit(2);
}
const { pictures, only } = values;
if (pictures !== undefined) await mkdir(pictures, { recursive: true });

const scriptBudget = 250_000;
const shiftBudget = 0.02;
const compareBudgetMs = 2000;
const browser = await browserType.launch(chromium);
let missed = 0;

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  'light desktop': { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  'dark desktop': { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  'light phone': { viewport: { width: 360, height: 780 }, colorScheme: 'light', hasTouch: true },
  'dark phone': { viewport: { width: 360, height: 780 }, colorScheme: 'dark', hasTouch: true },
};

/** Sums up in the page, from its first moment on, what moved without anybody touching it. */
const watchShifts = (): void => {
  const holder = window as unknown as { shifted: number };
  holder.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as readonly {
      readonly value: number;
      readonly hadRecentInput: boolean;
    }[]) {
      if (!entry.hadRecentInput) holder.shifted += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
};

async function visit(path: string, look: string): Promise<void> {
  const context = await browser.newContext({
    ...looks[look],
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(
      response.body().then(
        // Plotly is asked for only where a chart is drawn, and by a chunk of its own.
        (body) => (body.includes('Plotly') ? 0 : gzipSync(body).length),
        () => 0,
      ),
    );
  });
  await page.addInitScript(watchShifts);
  await page.goto(new URL(path, base).href);
  await page.locator('h1').first().waitFor({ timeout: 30_000 });
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(600);
  const kilobytes = (await Promise.all(scripts)).reduce((a, b) => a + b, 0) / 1000;
  const shifted = await page.evaluate(() => (window as unknown as { shifted: number }).shifted);
  const wrong = [...(await checkPage(page)), ...(await axeFindings(page))];
  const late = [
    kilobytes * 1000 > scriptBudget ? 'SCRIPTS' : '',
    shifted > shiftBudget ? 'SHIFT' : '',
    wrong.length > 0 ? `${wrong.length} FINDINGS` : '',
  ].filter((word) => word !== '');
  if (late.length > 0) missed += 1;
  console.log(
    `${path.padEnd(34)} ${look.padEnd(14)} ${kilobytes.toFixed(0).padStart(4)} kB  shift ${shifted.toFixed(3)}  ${late.join(', ') || 'ok'}`,
  );
  for (const finding of wrong.slice(0, 8)) console.log(`    ${finding}`);
  if (pictures !== undefined) {
    const name = `${path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'home'}-${look.replaceAll(' ', '-')}`;
    await page.screenshot({ path: join(pictures, `${name.slice(0, 80)}.png`) });
  }
  await context.close();
}

/** Ids as the results list them; none where nothing is stored. */
async function storedIds(count: number): Promise<readonly string[]> {
  const input = encodeURIComponent(JSON.stringify({ json: { q: 'state:done has:result' } }));
  const response = await fetch(new URL(`/api/trpc/results.ids?input=${input}`, base));
  const answer = (await response.json()) as {
    readonly result?: { readonly data?: { readonly json?: { readonly ids?: readonly string[] } } };
  };
  return (answer.result?.data?.json?.ids ?? []).slice(0, count);
}

async function paintComparison(): Promise<void> {
  const ids = await storedIds(1000);
  if (ids.length < 1000) {
    console.log(`comparison of 1,000 runs: only ${ids.length} finished runs are stored here.`);
    return;
  }
  const context = await browser.newContext(looks['light desktop'] ?? {});
  const page = await context.newPage();
  const times: { table: number; picture: number; runs: string }[] = [];
  for (let i = 0; i < 4; i += 1) {
    const start = performance.now();
    await page.goto(new URL(`/compare?runs=${ids.join(',')}`, base).href, { waitUntil: 'commit' });
    await page.getByRole('region', { name: 'Comparison table' }).waitFor({ timeout: 60_000 });
    const table = performance.now() - start;
    await page.locator('.js-plotly-plot .plot-container').first().waitFor({ timeout: 60_000 });
    const picture = performance.now() - start;
    const runs = (await page.locator('h1 + p').first().textContent()) ?? '';
    if (i > 0) times.push({ table, picture, runs });
  }
  times.sort((a, b) => a.table - b.table);
  const middle = times[1];
  if (middle === undefined) return;
  const late = middle.table > compareBudgetMs;
  if (late) missed += 1;
  console.log(
    `comparison, ${middle.runs.trim()} Numbers after ${middle.table.toFixed(0)} ms, picture after ${middle.picture.toFixed(0)} ms, median of 3; budget ${compareBudgetMs} ms${late ? '  MISSED' : ''}`,
  );
  await context.close();
}

const some = await storedIds(3);
const paths = [
  ...allPages.map(({ path }) => path),
  ...(some.length < 2 ? [] : [`/runs/${some[0] ?? ''}`, `/compare?runs=${some.join(',')}`]),
];
for (const path of paths.filter((one) => only === undefined || one.startsWith(only))) {
  for (const look of Object.keys(looks)) await visit(path, look);
}
if (only === undefined || only === '/compare') await paintComparison();
const [load = 0] = loadavg();
console.log(`load average ${load.toFixed(1)}`);
await browser.close();
process.exitCode = missed === 0 ? 0 : 1;
