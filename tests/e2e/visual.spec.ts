/**
 * How the run page and the comparison look, against stored pictures. What the server says is made up
 * (tests/support/fixtures.ts), and the clock stands still, so that a difference is one of the page. Fonts are the
 * page's own; 2 % of the pixels may differ, which is more than smoothing does and less than a lost chart.
 *
 * `npx playwright test visual --update-snapshots` takes them anew.
 */
import { expect, test, type Page } from '@playwright/test';
import superjson from 'superjson';
import { compared } from '../compare/fixtures.ts';
import { catalog, doneRun, exactRun, preview, protocols, quadRun } from '../support/fixtures.ts';

const now = new Date('2026-01-02T12:00:00Z');

/** A procedure's answer by its path; a question that is not here fails the test. */
const answers: Readonly<Record<string, unknown>> = {
  'accounts.me': {
    accounts: false,
    user: { id: null, name: 'this machine', role: 'admin' },
    quota: null,
  },
  'catalog.get': catalog,
  'compare.runs': {
    runs: [doneRun, quadRun, exactRun].map((run) => compared(run)),
    missing: [],
  },
  'learn.protocols': protocols,
  'permalinks.address': { publicUrl: null },
  'permalinks.list': [],
  'runs.citedBy': [],
  'runs.foretold': null,
  'runs.get': doneRun,
  'runs.preview': preview,
  'runs.replay': null,
  'system.status': { workers: 1, running: 0, queued: 0 },
};

async function standIn(page: Page): Promise<readonly string[]> {
  const unknown: string[] = [];
  await page.clock.setFixedTime(now);
  await page.route('**/api/trpc/**', async (route) => {
    const url = new URL(route.request().url());
    const paths = url.pathname.replace('/api/trpc/', '').split(',');
    if (paths.includes('runs.events')) {
      // No content ends an event stream for good.
      await route.fulfill({ status: 204 });
      return;
    }
    unknown.push(...paths.filter((path) => !(path in answers)));
    const bodies = paths.map((path) => ({
      result: { data: superjson.serialize(answers[path] ?? null) },
    }));
    await route.fulfill({ json: url.searchParams.has('batch') ? bodies : bodies[0] });
  });
  return unknown;
}

const looks = [
  { name: 'light-desktop', width: 1280, colorScheme: 'light' },
  { name: 'dark-desktop', width: 1280, colorScheme: 'dark' },
  { name: 'light-phone', width: 360, colorScheme: 'light' },
] as const;

const pages = [
  { name: 'run', path: `/runs/${doneRun.id}`, ready: 'Headline numbers', chart: false },
  {
    name: 'run-operations',
    path: `/runs/${doneRun.id}?tab=operations`,
    ready: 'Parts of this run',
    chart: true,
  },
  {
    name: 'compare',
    path: `/compare?runs=${[doneRun, quadRun, exactRun].map(({ id }) => id).join(',')}`,
    ready: 'Comparison table',
    chart: true,
  },
] as const;

for (const { name, path, ready, chart } of pages) {
  for (const { name: look, width, colorScheme } of looks) {
    test(`${name}, ${look}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const unknown = await standIn(page);
      await page.goto(path);
      await expect(page.getByLabel(ready).first()).toBeVisible();
      if (chart) await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible();
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`${name}-${look}.png`, {
        fullPage: true,
        maxDiffPixelRatio: 0.02,
        timeout: 30_000,
      });
      expect(unknown).toEqual([]);
    });
  }
}
