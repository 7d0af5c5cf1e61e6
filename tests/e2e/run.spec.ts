/** The main job, as a newcomer does it: from the form to the result and its permalink. */
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test, watch } from './watched.ts';

test('a run from the form, live, reloaded, done, and its permalink in a clean browser', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  await page.goto('/new');
  const form = page.getByRole('form', { name: 'Run' });
  await form.getByRole('textbox', { name: 'Reviews', exact: true }).fill('4');
  await expect(form.getByText('predicted', { exact: true }).first()).toBeVisible();
  await expect(form.getByRole('img', { name: /^Predicted bytes by operation/ })).toBeVisible();
  await form.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);

  const stages = page.getByRole('list', { name: 'Stages' });
  await expect(stages.locator('[aria-current="step"]')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'Running' })).toBeVisible({
    timeout: 120_000,
  });
  await expect(
    page.getByRole('region', { name: 'Party 2' }).getByText(/MB$/).first(),
  ).toBeVisible();
  await expect(page.getByRole('img', { name: /^Party 0 has sent [\d.]+\sMB/ })).toBeVisible({
    timeout: 60_000,
  });

  // A reload in the middle loses nothing: the log begins with the first event again.
  await page.reload();
  const log = page.getByRole('region', { name: 'Log lines' });
  const result = page.getByLabel('Headline numbers');
  await expect(log.or(result).first()).toBeVisible();

  await expect(result).toBeVisible({ timeout: 200_000 });
  await expect(result).toContainText('Secure accuracy');
  await expect(result).toContainText(/of 4/);
  await expect(page.getByText('Equal to the byte')).toBeVisible();
  await page.getByRole('tab', { name: 'Accuracy' }).click();
  await expect(page.getByRole('region', { name: 'Reviews table' }).getByRole('row')).toHaveCount(5);
  await page.getByRole('tab', { name: 'Operations' }).click();
  const places = page.getByRole('img', { name: /^Bytes sent by place/ });
  await expect(places.locator('.bars .point').first()).toBeAttached();
  await expectAccessibleBasics(page);

  // The chart by keyboard.
  await places.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/Embedding, .*% of all/)).toBeVisible();

  await page.getByRole('tab', { name: 'Summary' }).click();
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Permalink' }).inputValue();
  expect(link).toMatch(/\/s\/[a-z2-7]{32}$/);

  const clean = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const reader = await clean.newPage();
  const found: string[] = [];
  watch(reader, found);
  await reader.goto(new URL(link).pathname);
  await expect(reader.getByRole('region', { name: 'Frozen copy' })).toContainText(/read-only/);
  await expect(reader.getByLabel('Headline numbers')).toHaveText(
    (await result.innerText()).trim(),
    {
      useInnerText: true,
    },
  );
  await expect(reader.getByRole('button', { name: /Repeat|Cancel/ })).toHaveCount(0);
  await expectNoSidewaysScroll(reader);
  expect(await clean.cookies()).toEqual([]);
  expect(found).toEqual([]);
  await clean.close();

  // It stands on top of the results.
  await page.goto('/results');
  const first = page.getByRole('table').getByRole('row').nth(1);
  await expect(first).toContainText('Done');
  await expect(first).toContainText(/just now|min ago/);
});

test('two parties and a dealer: both phases apart, every link as predicted, the copy taken back', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await page.goto('/new?protocol=additive%2Ffast&samples=1');
  const form = page.getByRole('form', { name: 'Run' });
  await expect(form.getByRole('radio', { name: 'A dealer of its own' })).toBeChecked();
  await expect(form.getByText('Dealer, offline')).toBeVisible();
  await form.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  await expect(page.getByRole('region', { name: 'Dealer' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: /^Party \d$/ })).toHaveCount(2);

  await expect(page.getByLabel('Headline numbers')).toBeVisible({ timeout: 200_000 });
  await expect(page.getByText('Equal to the byte')).toBeVisible();
  const costs = page.getByRole('region', { name: 'Prediction table' });
  await expect(costs.getByRole('row', { name: /^Link dealer → 0/ })).toContainText(/[MG]B/);
  await expect(page.getByRole('region', { name: 'Phases table' })).toContainText('Offline');
  await expect(page.getByRole('region', { name: 'Security' })).toContainText(
    'for the owner of the input',
  );
  await expectAccessibleBasics(page);

  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Permalink' }).inputValue();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Permalink' })).toHaveValue(link);
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('The permalink was taken back.')).toBeVisible();

  await page.getByRole('link', { name: 'Who sees what, in full' }).click();
  await expect(page).toHaveURL(/\/learn\/protocols#additive-fast$/);
  await expect(page.getByRole('region', { name: 'Roles of additive/fast' })).toBeInViewport();
});

test('a run can be cancelled within a moment, and says so', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/new?repeats=5');
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'It was cancelled' })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
});
