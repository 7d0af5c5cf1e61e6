/** Every page by itself: no error, no sideways scroll, readable without eyes, wrong input named. */
import { allPages } from './all-pages.ts';
import { axeFindings } from './axe.ts';
import { expect, expectAccessibleBasics, expectNoSidewaysScroll, test } from './watched.ts';

for (const { path, ready } of allPages) {
  for (const width of [360, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${path} at ${width} px, ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toContainText(ready);
        await expect(page.locator('main')).not.toContainText(/^Reading/);
        await page.waitForLoadState('networkidle').catch(() => {});
        await expectNoSidewaysScroll(page);
        await expectAccessibleBasics(page);
      });
    }
  }
}

test.describe('axe', () => {
  // axe is not of the page, so its policy would refuse it.
  test.use({ bypassCSP: true });

  for (const { path, ready } of allPages) {
    test(`${path} has no serious finding, wide and narrow, light and dark`, async ({ page }) => {
      const found: string[] = [];
      for (const width of [360, 1280]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 800 });
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.goto(path);
          await expect(page.getByRole('heading', { level: 1 })).toContainText(ready);
          await page.waitForLoadState('networkidle').catch(() => {});
          const findings = await axeFindings(page);
          found.push(...findings.map((finding) => `${width} px, ${colorScheme}: ${finding}`));
        }
      }
      expect(found).toEqual([]);
    });
  }
});

test('the keyboard alone walks from Home to a comparison and back', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('form', { name: 'Start a run' })).toBeVisible();
  const reach = async (name: string | RegExp, most = 60): Promise<void> => {
    for (let step = 0; step < most; step += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const said = (await focused.getAttribute('aria-label')) ?? (await focused.innerText());
      if (typeof name === 'string' ? said.trim() === name : name.test(said)) {
        // What has the focus shows it.
        expect(await focused.evaluate((element) => element.matches(':focus-visible'))).toBe(true);
        return;
      }
    }
    throw new Error(`${String(name)} is not reached within ${most} steps of Tab`);
  };
  await reach('Results');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/results/);
  await expect(page.getByRole('heading', { level: 1, name: 'Results' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Compare all finished');
  await expect(page.getByRole('button', { name: /Compare all finished/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/compare/);
  await expect(page.getByRole('heading', { level: 1, name: 'Compare' })).toBeVisible();
  // The browser's own Back key does not reach a headless one.
  await page.goBack();
  await page.waitForURL(/\/results/);
});

test('wrong values are named at their fields and nothing starts', async ({ page }) => {
  await page.goto('/new?samples=0&length=4096');
  const reviews = page.getByRole('textbox', { name: 'Reviews', exact: true });
  await expect(reviews).toHaveAttribute('aria-invalid', 'true');
  await expect(reviews).toHaveAccessibleDescription(/at least 1/);
  const length = page.getByRole('textbox', { name: /Wordpieces per review/ });
  await expect(length).toHaveAccessibleDescription(/that .* can read/);
  await reviews.press('Enter');
  await expect(page.getByText('2 things to settle first')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/new');
  await reviews.fill('1000000');
  await expect(reviews).toHaveAccessibleDescription(/1,000,000/);
  await reviews.fill('4');
  await length.fill('32');
  await expect(page.getByText('to settle first')).toHaveCount(0);
});

test('the address fills the form, and the form writes the address', async ({ page }) => {
  await page.goto('/new?samples=8&gelu=quad&softmax=2quad');
  await expect(page.getByRole('radio', { name: /2Quad/ }).last()).toBeChecked();
  await page.getByRole('textbox', { name: 'Reviews', exact: true }).fill('12');
  await expect(page).toHaveURL(/samples=12/);
});

test('the theme is kept, and the first paint already has it', async ({ page }) => {
  await page.goto('/');
  await page.getByText('Dark', { exact: true }).locator('xpath=ancestor::label').click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});

test('the keyboard finds the content first', async ({ page }) => {
  await page.goto('/results');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test.describe('what does not exist', () => {
  test.use({ forgiven: /404/ });

  for (const path of ['/nowhere', '/runs/nowhere', `/s/${'a'.repeat(32)}`]) {
    test(path, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByText(/no such page|cannot be shown|nothing here/)).toBeVisible();
    });
  }
});

test('every answer carries the policy', async ({ request }) => {
  const headers = (await request.get('/')).headers();
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  expect(headers['content-security-policy']).toContain("'strict-dynamic'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
  const again = (await request.get('/')).headers();
  expect(again['content-security-policy']).not.toBe(headers['content-security-policy']);
});
