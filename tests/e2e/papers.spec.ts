/** Papers, from a table to a cell, from a cell to its run, and back to the cell with a number in it. */
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

test('open a table, open a cell, queue its run, see it filled', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/papers');
  const card = page.getByRole('region', { name: 'MPCViT' });
  await card.getByRole('link', { name: 'CIFAR-10', exact: true }).click();
  await page.waitForURL(/\/papers\/mpcvit\?table=cifar-10$/);
  // The cheapest run of all tables: no head of it has a softmax.
  const grid = page.getByRole('region', { name: 'CIFAR-10' });
  const cells = grid.getByRole('button');
  await expect(cells.first()).toBeVisible();
  await page.goto('/papers/mpcvit?table=cifar-10&cell=mpcvit.cifar-10.scale.latency');
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText(/1 run, .* of this machine, predicted/);
  await panel.getByRole('button', { name: 'Queue 1 run' }).click();
  await expect(panel).toContainText('Queued 1 run.');
  // A busy machine does not hold its link: then the time is the one replayed on the asked link.
  const numbers = panel.getByLabel('Numbers');
  await expect(numbers).toContainText(/(measured|replayed) [\d.]+\ss, n = 1/, {
    timeout: 400_000,
  });
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(
    grid.getByRole('button', { expanded: false, name: /measured|replayed/ }).first(),
  ).toBeVisible();
  await expectAccessibleBasics(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

test('badge and tables come as files', async ({ page }) => {
  const badge = await page.request.get('/papers/puma/badge.svg');
  expect(badge.headers()['content-type']).toContain('image/svg+xml');
  const csv = await page.request.get('/papers/puma/t3.csv');
  expect(csv.status()).toBe(200);
  expect(await csv.text()).toContain('33.913');
});
