/**
 * The first minute of a newcomer, from an empty installation to a comparison that somebody else reads. It
 * prints the seconds of every step and asserts their order, not their length: that is the machine's.
 */
import { axeFindings } from './axe.ts';
import { expect, expectNoSidewaysScroll, test, watch } from './watched.ts';

test.use({ bypassCSP: true });

test('from nothing to a shared comparison', async ({ page, browser }) => {
  test.setTimeout(900_000);
  const started = performance.now();
  const steps: { readonly name: string; readonly seconds: number }[] = [];
  const step = (name: string): void => {
    const seconds = (performance.now() - started) / 1000;
    steps.push({ name, seconds });
    console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  };

  await page.goto('/');
  const card = page.getByRole('form', { name: 'Start a run' });
  await expect(card).toBeVisible();
  step('Home, no sign-up, the card filled in');

  await card.getByRole('textbox', { name: 'Reviews' }).fill('4');
  await expect(card.getByText(/rounds a batch/)).toBeVisible();
  step('one number changed, the price follows');

  await card.getByRole('button', { name: 'Run it' }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  const first = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  step('the run has an address');

  const result = page.getByLabel('Headline numbers');
  const stages = page.getByRole('list', { name: 'Stages' });
  await expect(stages.or(result).first()).toBeVisible();
  step('the live run');

  await expect(result).toBeVisible({ timeout: 400_000 });
  await expect(result).toContainText('Secure accuracy');
  step('its result');
  expect(await axeFindings(page)).toEqual([]);

  // The same task with other functions, beside the first one.
  await page.goto('/new?preset=quad2quad-minilm2-imdb-lan&samples=4');
  await page.getByRole('form', { name: 'Run' }).getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/\w+$/);
  const second = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await expect(result).toBeVisible({ timeout: 400_000 });
  step('a second run');

  await page.goto(`/compare?runs=${first},${second}`);
  const table = page.getByRole('region', { name: 'Comparison table' });
  await expect(table.getByRole('row').filter({ hasText: 'Secure accuracy' })).toBeVisible();
  await expect(page.getByRole('img', { name: /with the Pareto front/ })).toBeVisible();
  step('the first comparison');
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  const link = await page.getByRole('textbox', { name: 'Permalink' }).inputValue();
  expect(link).toMatch(/\/s\/[a-z2-7]{32}$/);
  step('a link to it');

  const clean = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const reader = await clean.newPage();
  const found: string[] = [];
  watch(reader, found);
  await reader.goto(link);
  await expect(reader.getByRole('region', { name: 'Comparison table' })).toBeVisible();
  await expectNoSidewaysScroll(reader);
  step('read by somebody else, on a phone');
  expect(await clean.cookies()).toEqual([]);
  expect(found).toEqual([]);

  // The same as one file, opened from disk by a browser that reaches nothing.
  const html = await (await page.request.get(`${new URL(link).pathname}.html`)).text();
  const offline = await browser.newContext({ offline: true, javaScriptEnabled: false });
  const sheet = await offline.newPage();
  await sheet.setContent(html);
  await expect(sheet.getByText('Secure accuracy').first()).toBeVisible();
  expect(html).not.toMatch(/<script|<link[^>]+href="http/);
  step('one self-contained file');
  await offline.close();
  await clean.close();

  const seconds = steps.map((one) => one.seconds);
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  expect(steps.map(({ name }) => name)).toHaveLength(10);
});

test('three papers are one click from Home, also where nothing has run', async ({ page }) => {
  await page.goto('/');
  const papers = page.getByRole('region', { name: 'Three papers' });
  await expect(papers.getByRole('listitem')).toHaveCount(3);
  const run = papers.getByRole('button', { name: /compare/ });
  const ready = papers.getByRole('link', { name: 'Compare the three' });
  await expect(run.or(ready).first()).toBeVisible();
  for (const name of ['MPCFormer', 'PUMA', 'MPCViT']) {
    const line = papers.getByRole('listitem').filter({ hasText: name });
    // A run, or what one would cost: never nothing.
    await expect(line).toContainText(/rounds/);
    await expect(line).toContainText(/measured|predicted/);
  }
});
