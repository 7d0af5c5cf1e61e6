/**
 * Takes the pictures of the README from a running Parley:
 *
 *   node tests/e2e/screenshots.ts URL OUTDIR
 *
 * First it makes what the pictures need: one finished run of each method at its preset's size, and one
 * more run to be seen live. Files are <page>-<light|dark>-<desktop|phone>.png.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as browserType, type Page } from '@playwright/test';
import { chromium } from './browser.ts';

const [base, folder] = process.argv.slice(2);
if (base === undefined || folder === undefined) {
  console.error('node tests/e2e/screenshots.ts URL OUTDIR');
  process.exit(2);
}

const looks = ['light', 'dark'] as const;
const windows = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 390, height: 844 },
} as const;
const runTimeoutMs = 15 * 60_000;

await mkdir(folder, { recursive: true });
const browser = await browserType.launch(chromium);

async function take(
  name: string,
  path: string,
  settled: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const colorScheme of looks) {
    for (const [size, viewport] of Object.entries(windows)) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        deviceScaleFactor: 1.5,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(new URL(path, base).href);
      await settled(page);
      // The last chart is drawn a moment after its numbers are there.
      await page.waitForTimeout(1200);
      await page.screenshot({ path: join(folder ?? '.', `${name}-${colorScheme}-${size}.png`) });
      await context.close();
    }
  }
  console.log(name);
}

const context = await browser.newContext();
const page = await context.newPage();
const result = (at: Page) => at.getByLabel('Headline numbers').first();

async function startRun(query: string): Promise<string> {
  await page.goto(new URL(`/new?${query}`, base).href);
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  return new URL(page.url()).pathname;
}

await page.goto(new URL('/new', base).href);
const presets = page.getByRole('group', { name: 'Preset' }).getByRole('radio');
await presets.first().waitFor();
const ids = await presets.evaluateAll((inputs) =>
  inputs.map((input) => (input as HTMLInputElement).value),
);
// The same method over more reviews takes minutes and shows nothing new.
const runs: string[] = [];
for (const id of ids.filter((id) => !id.endsWith('-200'))) {
  const path = await startRun(`preset=${id}`);
  await result(page).waitFor({ timeout: runTimeoutMs });
  runs.push(path);
  console.log(`${id}: ${path}`);
}
const [run = '/'] = runs;

await page.goto(new URL(run, base).href);
await page.getByRole('button', { name: 'Share' }).click();
const permalink = new URL(await page.getByRole('textbox', { name: 'Permalink' }).inputValue());

const live = await startRun(`preset=${ids[0] ?? ''}&samples=32`);
await page
  .getByRole('img', { name: /^Party 0 has sent [\d.]+\s[MG]B/ })
  .waitFor({ timeout: runTimeoutMs });
await take('live', live, (at) =>
  at.getByRole('img', { name: /^Party 0 has sent [\d.]+\s[MG]B/ }).waitFor(),
);
await page.getByRole('button', { name: 'Cancel' }).click();
await page.getByRole('alert').waitFor();

const compare = runs.map((path) => path.split('/').at(-1) ?? '').join(',');
await take('home', '/', (at) => result(at).waitFor());
await take('form', '/new', (at) => at.getByRole('img', { name: /^Predicted/ }).waitFor());
await take('run', run, (at) => result(at).waitFor());
await take('places', run, (at) =>
  at.getByRole('heading', { name: 'Where it goes' }).evaluate((heading) => {
    heading.scrollIntoView({ block: 'start' });
  }),
);
await take('results', '/results', (at) => at.getByRole('table').first().waitFor());
await take('comparison', `/compare?runs=${compare}`, (at) =>
  at.getByRole('table').first().waitFor(),
);
await take('permalink', permalink.pathname, (at) => result(at).waitFor());
await browser.close();
