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

  // Pinned, it stays what it was whatever moves.
  await squares.getByRole('button', { name: 'Pin', exact: true }).click();
  const pinned = page.getByRole('region', { name: /^JavaScript result, pinned/ });
  await expect(pinned).toContainText('49 rows');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('Limit: 48')).toBeVisible();
  await expect(pinned).toContainText('49 rows');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Share and export' }).click();
  const dialog = page.getByRole('dialog');
  const saved = async (name: string): Promise<string> => {
    const download = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name }).click();
    return (await download).path();
  };
  const file = await saved('Jupyter');
  const written = await readFile(await saved('Notebook file'), 'utf8');
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
  // What a chat shows of the link.
  const image = await reader.locator('meta[property="og:image"]').getAttribute('content');
  expect(image).toContain(`${path}.png?card`);
  const picture = await reader.request.get(`${path}.png?card`);
  expect([picture.status(), picture.headers()['content-type']]).toEqual([200, 'image/png']);
  await clean.close();

  await page.goto('/n');
  await page.locator('input[type=file]').setInputFiles({
    name: 'squares.ipynb',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await page.waitForURL(/\/n\/[a-z0-9]{10}$/);
  await expect(page.getByText('There are 49 squares')).toBeVisible({ timeout: 30_000 });
  // The same to the letter, pinned results included.
  await page.getByRole('button', { name: 'Share and export' }).click();
  expect(await readFile(await saved('Notebook file'), 'utf8')).toBe(written);
  await page.keyboard.press('Escape');
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

test('a slash adds a run; it is priced, run, moved to another network, read live, taken by the cell', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  await page.goto('/n');
  await page.getByRole('button', { name: 'New notebook' }).click();
  await page.waitForURL(/\/n\/[a-z0-9]{10}$/);
  const address = new URL(page.url()).pathname;
  await expect(page.getByRole('region', { name: /^Query runs, fresh/ })).toBeVisible();

  // By keyboard alone: a text below, a slash, a word of the list.
  await page.getByRole('region', { name: /^Query runs/ }).focus();
  await page.keyboard.press('b');
  await expect(page.locator('.cm-content')).toBeFocused();
  await page.keyboard.type('/ru');
  await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('/run');
  // A list that came this moment takes no key yet.
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
  const run = page.getByRole('region', { name: /^Run mine/ });
  await expect(run).toBeVisible();
  await expect(page.locator('.cm-content')).toBeFocused();
  const spec = {
    version: 1,
    model: 'minilm-2l-imdb',
    dataset: { id: 'imdb-heldout', samples: 1 },
    sequenceLength: 16,
    approximations: { gelu: 'quad', softmax: '2quad' },
    protocol: { variant: 'additive/fast', ring: { bits: 64, fractionBits: 18 } },
    network: {
      name: 'far',
      backend: 'inline',
      topology: 'pair',
      bitsPerSecond: 400_000_000,
      rttMs: 200,
    },
    measurement: { batchSize: 1, repeats: 1 },
    reveal: 'logits',
    seed: { kind: 'random' },
  };
  const far = (rttMs: number) => ({ ...spec.network, rttMs });
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify({ ...spec, network: [far(200), far(250)] }));
  await expect(run).toContainText('0 of its 2 runs are there', { timeout: 30_000 });
  await expect(run).toContainText(/2 runs: about/);
  await page.keyboard.press('Escape');
  await run.getByRole('button', { name: 'Run 2 runs' }).click();
  await expect(run).toContainText(/of 2 runs there/);
  await expect(page.getByRole('region', { name: /^Run mine, fresh/ })).toContainText('2 rows', {
    timeout: 400_000,
  });

  const add = (kind: string) =>
    page
      .getByRole('toolbar', { name: 'Add a cell' })
      .getByRole('button', { name: kind, exact: true })
      .click();
  await add('Input');
  await expect(page.getByRole('slider', { name: 'Limit' })).toBeVisible();
  await add('Chart');
  const chart = page.getByRole('region', { name: /^Chart/ });
  await chart.getByLabel('Table', { exact: true }).first().selectOption('mine');
  await chart.getByLabel('As', { exact: true }).selectOption('whatif');
  await chart.getByLabel('Round trip in ms').fill('limit');
  await expect(chart).toContainText('Replayed from the recordings', { timeout: 30_000 });
  await expect(chart).toContainText('50.0');
  const slider = page.getByRole('slider', { name: 'Limit' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(chart).toContainText('51.0');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expectAccessibleBasics(page);

  for (const suffix of ['json', 'csv']) {
    const file = await page.request.get(`${address}/cells/mine.${suffix}`);
    expect([suffix, file.status()]).toEqual([suffix, 200]);
  }
  expect(await (await page.request.get(`${address}/cells/mine.csv`)).text()).toContain('measured');

  await page.getByRole('button', { name: 'Share and export' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Publish a live address' }).click();
  const link = dialog.getByRole('link', { name: /\/s\/[a-z2-7]{32}$/ });
  const path = (await link.getAttribute('href')) ?? '';
  const clean = await browser.newContext();
  const reader = await clean.newPage();
  await reader.goto(path);
  await expect(reader.getByText(/^Live: the notebook/)).toBeVisible();
  await expect(reader.getByText('2 rows').first()).toBeVisible();
  expect(await reader.locator('meta[property="og:description"]').getAttribute('content')).toContain(
    'finished runs',
  );
  await expect(reader.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  await expectAccessibleBasics(reader);
  await reader.goto(`${address}?reader#cell-mine`);
  await expect(reader.locator('#cell-mine')).toBeInViewport({ timeout: 30_000 });
  await reader.getByRole('button', { name: 'Cite' }).click();
  await expect(reader.getByLabel('BibTeX')).toContainText('@misc{parley-notebook');
  await clean.close();
});
