/** A notebook from the first text to a published copy and back from a file, with its sandbox. */
import { readFile } from 'node:fs/promises';
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

test.use({ forgiven: /TypeError|example\.invalid|SyntaxError/ });

test('write, compute, drag, pin, publish, read elsewhere, export, import the same', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  await page.goto('/n');
  await page.getByRole('button', { name: 'New notebook' }).click();
  await page.waitForURL(/\/n\/[a-z0-9]{10}$/);
  await expect(page.getByRole('region', { name: /^Query runs, fresh/ })).toBeVisible();

  const add = (kind: string) =>
    page
      .getByRole('toolbar', { name: 'Add a cell' })
      .getByRole('button', { name: kind, exact: true })
      .click();
  const write = async (text: string): Promise<void> => {
    await expect(page.locator('.cm-content')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(text);
    // The first one may close the list of names.
    await expect(async () => {
      await page.keyboard.press('Escape');
      await expect(page.locator('.cm-content')).toHaveCount(0, { timeout: 500 });
    }).toPass();
  };

  await add('Input');
  const slider = page.getByRole('slider', { name: 'Limit' });
  await add('JavaScript');
  await write('return Array.from({ length: limit }, (_, i) => ({ i, square: i * i }));');
  const squares = page.getByRole('region', { name: /^JavaScript result, fresh/ });
  await expect(squares).toContainText('50 rows');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(squares).toContainText('49 rows');

  await add('JavaScript');
  await write('for (;;) {}');
  const loop = page.getByRole('region', { name: /^JavaScript result2, error/ });
  await expect(loop).toContainText('It was ended after 2 s', { timeout: 30_000 });
  await loop.focus();
  await page.keyboard.press('Enter');
  await write(
    'const out = []; for (const what of ["https://example.invalid/x.js", "/api/trpc/notebooks.list"]) { try { await import(what); out.push("reached"); } catch { out.push("refused"); } } return out.join() + typeof fetch + typeof document + typeof Worker;',
  );
  await expect(page.getByRole('region', { name: /^JavaScript result2, fresh/ })).toContainText(
    'refused,refusedundefinedundefinedundefined',
    { timeout: 30_000 },
  );

  await add('Text');
  await write('There are {{count(result)}} squares, $x^2$, the last {{max(result.square)}}.');
  await expect(page.getByText('There are 49 squares')).toBeVisible();
  await expect(page.locator('math')).toHaveCount(1);
  await page.getByRole('textbox', { name: 'Title' }).fill('Squares');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expectAccessibleBasics(page);

  await page.getByRole('button', { name: 'Share and export' }).click();
  const dialog = page.getByRole('dialog');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Jupyter' }).click();
  const file = await (await download).path();
  await dialog.getByRole('button', { name: 'Publish a frozen copy' }).click();
  const link = dialog.getByRole('link', { name: /\/s\/[a-z2-7]{32}$/ });
  const path = (await link.getAttribute('href')) ?? '';
  await page.keyboard.press('Escape');

  const clean = await browser.newContext();
  const reader = await clean.newPage();
  await reader.goto(path);
  await expect(reader.getByText('There are 49 squares')).toBeVisible();
  const html = await reader.request.get(`${path}.html`);
  expect(html.status()).toBe(200);
  expect(await html.text()).toContain('There are 49 squares');
  await clean.close();

  await page.goto('/n');
  await page.locator('input[type=file]').setInputFiles({
    name: 'squares.ipynb',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await page.waitForURL(/\/n\/[a-z0-9]{10}$/);
  await expect(page.getByText('There are 49 squares')).toBeVisible({ timeout: 30_000 });
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

test('of two tabs the second is told, and loses nothing', async ({ page, context }) => {
  await page.goto('/n');
  await page.getByRole('button', { name: 'New notebook' }).click();
  await page.waitForURL(/\/n\/[a-z0-9]{10}$/);
  const title = page.getByRole('textbox', { name: 'Title' });
  await expect(title).toHaveValue('New notebook');
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByRole('textbox', { name: 'Title' }).fill('Other tab');
  await expect(other.getByText('Saved', { exact: true })).toBeVisible();
  await title.fill('This tab');
  await expect(page.getByText('Nothing is lost')).toBeVisible();
  await page.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(title).toHaveValue('Copy of This tab');
  await other.reload();
  await expect(other.getByRole('textbox', { name: 'Title' })).toHaveValue('Other tab');
  await other.close();
});
