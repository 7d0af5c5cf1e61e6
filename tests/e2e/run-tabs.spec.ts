/** The page of a finished run: every tab by itself, the timeline by mouse and keyboard, the head's menus. */
import type { Page } from '@playwright/test';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

const tabs = [
  'Summary',
  'Operations',
  'Timeline',
  'Accuracy',
  'Link',
  'Environment',
  'Logs',
  'Files',
];

/** A small run of two parties and a dealer; made once. */
let made: string | null = null;
async function openRun(page: Page): Promise<string> {
  if (made === null) {
    await page.goto('/new?protocol=additive%2Ffast&samples=2');
    await page.getByRole('button', { name: /^Run/ }).first().click();
    await page.waitForURL(/\/runs\/\w+$/);
    made = new URL(page.url()).pathname;
  } else await page.goto(made);
  await expect(page.getByLabel('Headline numbers')).toBeVisible({ timeout: 200_000 });
  return made;
}

test('every tab has its part of the run, and the address keeps it', async ({ page }) => {
  test.setTimeout(300_000);
  const path = await openRun(page);
  await page.getByRole('tab', { name: 'Summary' }).focus();
  for (const name of tabs.slice(1)) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true');
    await expect(page).toHaveURL(`${path}?tab=${name.toLowerCase()}`);
    await expect(page.getByRole('tabpanel')).not.toBeEmpty();
  }
  await page.goto(`${path}?tab=operations`);
  const table = page.getByRole('region', { name: 'Operations table' });
  await table.getByRole('button', { name: 'Layer 0' }).click();
  await table.getByRole('button', { name: 'Attention', exact: true }).click();
  await expect(table.getByText('not equal')).toHaveCount(0);
  await expect(table.getByText('equal').first()).toBeAttached();
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Operations' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
});

test('the timeline selects by drag and by keyboard, and zooms', async ({ page }) => {
  test.setTimeout(300_000);
  const path = await openRun(page);
  await page.goto(`${path}?tab=timeline`);
  const panel = page.getByRole('region', { name: 'Timeline' });
  const picture = panel.getByRole('img', { name: /^Timeline of/ });
  await expect(panel.getByText(/^Whole inference/)).toBeVisible();
  await picture.scrollIntoViewIfNeeded();
  const box = await picture.boundingBox();
  if (box === null) throw new Error('no picture');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(panel.getByText(/^Selected/)).toBeVisible();
  await panel.getByRole('button', { name: 'Zoom to selection' }).click();
  await picture.focus();
  await page.keyboard.press('Escape');
  await expect(panel.getByText(/^Shown/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(panel.getByText(/Party 0 (computes|waits)/)).toBeVisible();
  await panel.getByText('Left-heavy', { exact: true }).click();
  const heavy = panel.getByRole('region', { name: 'Party 0, left-heavy' });
  await expect(heavy.getByRole('listitem').first()).toContainText(/Layer \d+(\.\d+)?.%/);
  await expectNoSidewaysScroll(page);
  await expectAccessibleBasics(page);
  const saved = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Trace for Perfetto' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^parley-trace-.*\.json$/);
});

test('Home counts it as new, and a notebook that cites it is found', async ({ page }) => {
  test.setTimeout(300_000);
  const path = await openRun(page);
  await page.goto('/');
  const changed = page.getByRole('region', { name: 'What changed' });
  await expect(changed).toContainText(/\d+ new runs? measured here/);
  await expect(changed.getByRole('link').nth(1)).toHaveAttribute('href', /^\/runs\/\w+$/);
  const cells = [{ id: 'm', kind: 'markdown' as const, source: `See ${path}.` }];
  const made = await page.request.post('/api/trpc/notebooks.create', {
    data: { json: { text: writeNotebook({ title: 'Cites a run', cells }) } },
    headers: { origin: new URL(page.url()).origin },
  });
  expect(made.status()).toBe(200);
  const { id } = ((await made.json()) as { result: { data: { json: { id: string } } } }).result.data
    .json;
  await page.goto(path);
  await expect(
    page.getByRole('region', { name: 'Related notebooks' }).getByRole('link'),
  ).toHaveAttribute('href', `/n/${id}`);
});

test('a frozen copy says that the same was measured again', async ({ page }) => {
  test.setTimeout(400_000);
  const path = await openRun(page);
  const frozen = await page.request.post('/api/trpc/permalinks.create', {
    data: { json: { runId: path.split('/').at(-1) } },
    headers: { origin: new URL(page.url()).origin },
  });
  const answer = (await frozen.json()) as { result: { data: { json: { path: string } } } };
  await page.goto(answer.result.data.json.path);
  await expect(page.getByRole('region', { name: 'Frozen copy' })).toBeVisible();
  await expect(page.getByText(/Newer data exists/)).toHaveCount(0);
  await page.goto(path);
  await page.getByRole('button', { name: 'Repeat' }).click();
  await page.waitForURL((url) => /^\/runs\/\w+$/.test(url.pathname) && url.pathname !== path);
  const again = new URL(page.url()).pathname;
  await expect(page.getByLabel('Headline numbers')).toBeVisible({ timeout: 300_000 });
  await page.goto(answer.result.data.json.path);
  await expect(page.getByText(/Newer data exists: 1 run of the same spec/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', again);
});

test('cites and exports', async ({ page }) => {
  test.setTimeout(300_000);
  const path = await openRun(page);
  await page.getByRole('button', { name: 'Cite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cite this run' });
  await expect(dialog.getByRole('textbox', { name: 'BibTeX' })).toHaveValue(/^@misc\{/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export' }).click();
  for (const suffix of ['csv', 'json', 'md', 'tex', 'svg', 'bib', 'html']) {
    const answer = await page.request.get(`${path}.${suffix}`);
    expect(answer.status(), suffix).toBe(200);
  }
});

for (const width of [360, 1280]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every tab at ${width} px, ${colorScheme}`, async ({ page }) => {
      test.setTimeout(300_000);
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = await openRun(page);
      for (const name of tabs) {
        await page.goto(`${path}?tab=${name.toLowerCase()}`);
        await expect(page.getByRole('tabpanel')).toBeVisible();
        await expect(page.locator('main')).not.toContainText(/^Reading/);
        await expectNoSidewaysScroll(page);
        await expectAccessibleBasics(page);
      }
    });
  }
}
