/** The network of a run, from one to another: replayed in the what-if, and asked for in the form. */
import type { Page } from '@playwright/test';
import { expect, expectAccessibleBasics, test } from './watched.ts';

/** From the form to the result. */
async function runTheForm(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Run' });
  await form.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  await expect(page.getByLabel('Headline numbers')).toBeVisible({ timeout: 240_000 });
}

test('change the network in the what-if, and the form asks for that point', async ({ page }) => {
  test.setTimeout(600_000);
  // A round trip that is long beside what a busy machine adds to it.
  await page.goto(
    '/new?protocol=additive%2Ffast&samples=1&length=16&network=custom&rate=400000000&rtt=20',
  );
  await runTheForm(page);
  await expect(page.getByRole('region', { name: 'Replayed before it was measured' })).toHaveCount(
    0,
  );
  const whatIf = page.getByRole('region', { name: 'What if the network were another' });
  await expect(whatIf).toContainText('replayed');
  const roundTrip = whatIf.getByRole('textbox', { name: 'Round trip, ms' });
  await roundTrip.fill('30');
  const parts = whatIf.getByLabel('Replayed latency and its parts');
  await expect(parts).toContainText('400 Mbit/s, 30 ms RTT');
  await expectAccessibleBasics(page);

  await whatIf.getByRole('link', { name: 'Measure this point' }).click();
  await expect(page.getByRole('textbox', { name: 'RTT, ms' })).toHaveValue('30');
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
