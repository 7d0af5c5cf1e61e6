/**
 * Takes the README's pictures, and a gallery of every page, light and dark, on a desktop and a phone:
 *
 *   npm run screenshots [-- URL]
 *
 * Without a URL a Parley of its own is started on an empty folder, and ended. First it makes what the
 * pictures need: a finished run of each method at its preset's size, and one more to be seen live. The
 * README's pictures go to benchmarks/screenshots, the gallery to test-results/gallery/index.html.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as browserType, type Page } from '@playwright/test';
import { allPages } from './all-pages.ts';
import { chromium } from './browser.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'benchmarks', 'screenshots');
const gallery = join(root, 'test-results', 'gallery');
const parley = process.argv[2] === undefined ? await startParley() : null;
const base = process.argv[2] ?? parley?.url ?? '';

/** A Parley on an empty folder; its output is shown when it does not come up. */
async function startParley(): Promise<{ readonly url: string; readonly end: () => void }> {
  const data = await mkdtemp(join(tmpdir(), 'parley-pictures-'));
  const child = spawn(process.execPath, [join(root, 'server', 'cli', 'start.mjs')], {
    cwd: root,
    env: { ...process.env, PARLEY_DATA: data, PARLEY_CALIBRATE: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const ready = /is ready after .*?(http:\S+)/.exec(said)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
  });
  return { url, end: () => child.kill('SIGTERM') };
}

const looks = ['light', 'dark'] as const;
const windows = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 390, height: 844 },
} as const;
/** Presets that are run for the pictures: seconds each. */
const readmeRuns: readonly string[] = [
  'puma-minilm2-imdb-lan',
  'quad2quad-minilm2-imdb-lan',
  'fast2pc-minilm2-imdb-lan',
];
const runTimeoutMs = 15 * 60_000;

await mkdir(gallery, { recursive: true });
/** What the README shows; all else is the gallery's alone. */
const kept = new Set(await readdir(folder));
const browser = await browserType.launch(chromium);

const taken: string[] = [];

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
      const file = `${name}-${colorScheme}-${size}.png`;
      if (kept.has(file)) await page.screenshot({ path: join(folder, file) });
      await page.screenshot({ path: join(gallery, file), fullPage: true });
      taken.push(file);
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
for (const id of ids.filter((id) => readmeRuns.includes(id))) {
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
await take('places', `${run}?tab=operations`, (at) =>
  at.getByRole('heading', { name: 'Where it goes' }).evaluate((heading) => {
    heading.scrollIntoView({ block: 'start' });
  }),
);
await take('results', '/results', (at) => at.getByRole('table').first().waitFor());
await take('comparison', `/compare?runs=${compare}`, (at) =>
  at.getByRole('table').first().waitFor(),
);
await take('permalink', permalink.pathname, (at) => result(at).waitFor());
const shown = new Set(['/', '/new', '/results', '/compare']);
for (const { path, ready } of allPages.filter((one) => !shown.has(one.path))) {
  await take(path.slice(1).replaceAll('/', '-'), path, (at) =>
    at.getByRole('heading', { level: 1, name: ready }).waitFor(),
  );
}
for (const tab of ['operations', 'timeline', 'accuracy', 'link', 'environment', 'logs', 'files']) {
  await take(`run-${tab}`, `${run}?tab=${tab}`, (at) =>
    at.getByRole('tab', { selected: true }).first().waitFor(),
  );
}
await writeFile(
  join(gallery, 'index.html'),
  `<!doctype html><meta charset="utf-8"><title>Every page</title>${taken
    .map(
      (file) =>
        `<figure><figcaption>${file}</figcaption><img src="${file}" loading="lazy" width="480" alt=""></figure>`,
    )
    .join('\n')}`,
);
console.log(`${taken.length} pictures in ${join(gallery, 'index.html')}`);
await browser.close();
parley?.end();
