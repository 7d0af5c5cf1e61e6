/** The network of a run, from one to another: replayed in the what-if, then measured, and the two compared. */
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

/** From the form to the result. */
async function runTheForm(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Run' });
  await form.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  await expect(page.getByLabel('Headline numbers')).toBeVisible({ timeout: 240_000 });
}

/** What stands far down the page is fetched when somebody comes near it. */
async function comeNear(page: Page, region: Locator): Promise<void> {
  await expect(async () => {
    await page.mouse.wheel(0, 900);
    await expect(region).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await region.scrollIntoViewIfNeeded();
}

test('change the network in the what-if, measure that point, see the difference', async ({
  page,
}) => {
  test.setTimeout(600_000);
  // A round trip that is long beside what a busy machine adds to it: else the what-if is locked.
  await page.goto(
    '/new?protocol=additive%2Ffast&samples=1&length=16&network=custom&rate=400000000&rtt=200',
  );
  await runTheForm(page);
  const whatIf = page.getByRole('region', { name: 'What if the network were another' });
  await comeNear(page, whatIf);
  const told = page.getByRole('region', { name: 'Replayed before it was measured' });
  await expect(told).toHaveCount(0);
  await expect(whatIf).toContainText('replayed');
  await expect(whatIf, 'the replay misses its own run: this machine is too busy').not.toContainText(
    'Locked',
  );
  const roundTrip = whatIf.getByRole('textbox', { name: 'Round trip, ms' });
  await roundTrip.fill('300');
  const parts = whatIf.getByLabel('Replayed latency and its parts');
  await expect(parts).toContainText('400 Mbit/s, 300 ms RTT');
  await expectAccessibleBasics(page);

  await whatIf.getByRole('link', { name: 'Measure this point' }).click();
  await expect(page.getByRole('textbox', { name: 'RTT, ms' })).toHaveValue('300');
  await runTheForm(page);

  await comeNear(page, told);
  await expect(told).toContainText('400 Mbit/s, 300 ms RTT');
  const row = told.getByRole('row').nth(1);
  await expect(row).toContainText('400 Mbit/s, 200 ms RTT');
  const difference = await row.getByRole('cell').nth(2).innerText();
  expect(difference).toMatch(/^[+−-]?[\d.]+\s%$/);
  // How near it comes is the benchmark's matter; a replay of something else would be off by half.
  expect(Math.abs(Number.parseFloat(difference.replace('−', '-')))).toBeLessThan(30);
  await page.setViewportSize({ width: 360, height: 740 });
  // The charts follow the window a moment later.
  await expect(() => expectNoSidewaysScroll(page)).toPass({ timeout: 10_000 });
});

test('a network of one’s own: saved in the form, on its page, picked again, deleted', async ({
  page,
}) => {
  await page.goto('/new?network=my-lab&rate=250000000&rtt=12');
  await page.getByRole('button', { name: 'Save this network' }).click();
  await expect(page.getByText('Saved as my-lab.')).toBeVisible();
  await page.goto('/learn/networks');
  const saved = page.getByRole('region', { name: 'Saved networks' });
  await saved.getByRole('link', { name: 'my-lab' }).click();
  await expect(page.getByRole('radio', { name: 'my-lab' })).toBeChecked();
  await page.goto('/learn/networks');
  await saved.getByRole('button', { name: 'Delete my-lab' }).click();
  await expect(page.getByText('None yet.')).toBeVisible();
});
