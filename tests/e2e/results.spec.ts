/** The list of runs by itself: its query by keyboard, what it says when wrong or empty, its files. */
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

test('a query by keyboard: completed, mended, in the address, and back again', async ({ page }) => {
  await page.goto('/results');
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('/');
  const query = page.getByRole('combobox', { name: 'Filter the runs' });
  await expect(query).toBeFocused();
  await query.pressSequentially('stat');
  await query.press('ArrowDown');
  await query.press('Enter');
  await expect(query).toHaveValue('state:');
  await expectAccessibleBasics(page);
  await query.pressSequentially('done rtt>=40');
  await query.press('Enter');
  await expect(page.getByText('40 needs a unit')).toBeVisible();
  await page.getByRole('button', { name: 'Did you mean rtt>=40ms?' }).click();
  await expect(page).toHaveURL(/\/results\?q=state:done\+rtt(>|%3E)=40ms$/);
  await page.reload();
  await expect(query).toHaveValue('state:done rtt>=40ms');
  await page.getByRole('button', { name: 'Drop the whole query' }).click();
  await expect(page).toHaveURL(/\/results$/);
});

test('nothing found says which filter to drop', async ({ page }) => {
  await page.goto('/results?q=latency<1ns+samples>0');
  const none = page.getByRole('region', { name: 'No run fits' });
  await expect(none.getByText(/then [\d,]+ runs?/).last()).toBeVisible();
  await expectAccessibleBasics(page);
  await none.getByRole('button', { name: 'Drop latency<1ns' }).click();
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
});

test('columns, units and selection fit a phone, and a view keeps them', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/results?units=binary');
  await page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .first()
    .check();
  await expect(page.getByRole('region', { name: 'Selected runs' })).toContainText('1 run selected');
  await expectNoSidewaysScroll(page);
  await expectAccessibleBasics(page);
  await page.getByRole('button', { name: 'Save as a view' }).click();
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Phone');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\?view=\w+$/);
  await page.reload();
  await expect(page.locator('button[aria-current="true"]')).toHaveText('Phone');
  await expect(page.getByRole('radio', { name: 'GiB' })).toBeChecked();
  await page.getByRole('button', { name: 'More for the view Phone' }).click();
  await page.getByRole('menuitem', { name: 'Delete the view' }).click();
  await expect(page.getByText('The view Phone was deleted.')).toBeVisible();
});

test('groups of two fields, and a pinned run beside the others', async ({ page }) => {
  await page.goto('/results?q=group:model,network');
  await expect(page.getByRole('combobox', { name: 'then by' })).toHaveValue('network');
  await expect(page.getByRole('rowheader').first()).toContainText(/^Model: .+, Network: /);
  await page
    .getByRole('row')
    .getByRole('checkbox', { name: /^Select (?!all|Model)/ })
    .first()
    .check();
  await page.getByRole('button', { name: 'Pin as baseline' }).click();
  await expect(page).toHaveURL(/baseline=\w+/);
  await expect(page.getByRole('columnheader', { name: /^Rounds, ratio/ })).toBeAttached();
  await expectAccessibleBasics(page);
  await page.getByRole('button', { name: 'Unpin' }).click();
  await expect(page).not.toHaveURL(/baseline/);
});

test('the table as a file is what its address says', async ({ page, request }) => {
  await page.goto('/results?q=sort:latency');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const href = await page.getByRole('menuitem', { name: /^CSV/ }).getAttribute('href');
  const file = await request.get(href ?? '');
  expect(file.headers()['content-type']).toBe('text/csv; charset=utf-8');
  const [header, first] = (await file.text()).split('\n');
  expect(header).toMatch(/^run,provenance,shipped,approximation,/);
  expect(first).toMatch(/^\w+,measured,/);
});
