/** A page that forgives nothing: an error in the console, a broken script or a CSP violation fails the test. */
import { expect, test as base, type Page } from '@playwright/test';

interface Watched {
  /** What a test brings about on purpose, e.g. the 404 that it asks for. */
  readonly forgiven: RegExp;
}

export function watch(page: Page, found: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      found.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => found.push(`page error: ${error.message}`));
}

export const test = base.extend<Watched>({
  forgiven: [/^$/, { option: true }],
  page: async ({ page, forgiven }, use) => {
    const found: string[] = [];
    watch(page, found);
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    await use(page);
    expect(found.filter((line) => !forgiven.test(line))).toEqual([]);
  },
});

export { expect };

/** Content never runs out of the window sideways; a chart may take a moment to follow a new size. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = (): string[] => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const wide = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .filter((element) => !scrolls(element.parentElement))
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent}`);
    return [`${scrollWidth - clientWidth} px`, ...wide.map((text) => text.slice(0, 160))];
  };
  await expect
    .poll(() => page.evaluate(overflow), { message: 'what is wider than the window' })
    .toEqual([]);
}

/** What every page owes to people who do not see it, checked on the finished document. */
export async function expectAccessibleBasics(page: Page): Promise<void> {
  const problems = await page.evaluate(() => {
    const visible = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('[aria-hidden="true"]') === null;
    const textOf = (id: string): string => document.getElementById(id)?.textContent ?? '';
    const nameOf = (element: Element): string =>
      [
        element.getAttribute('aria-label'),
        ...(element.getAttribute('aria-labelledby') ?? '').split(' ').map(textOf),
        ...(element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
          ? [...(element.labels ?? [])].map((label) => label.textContent)
          : [element.textContent]),
        element.getAttribute('title'),
      ]
        .join('')
        .trim();
    const found: string[] = [];
    const all = (selector: string): Element[] =>
      [...document.querySelectorAll(selector)].filter(visible);
    for (const element of all(
      'a[href], button, input, select, textarea, [role="img"], nav, form',
    )) {
      if (nameOf(element) === '') found.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    }
    if (document.documentElement.lang === '') found.push('no language');
    if (document.title === '') found.push('no title');
    if (all('main').length !== 1) found.push('not exactly one main');
    if (all('h1').length !== 1) found.push(`${all('h1').length} headings of level 1`);
    let level = 0;
    for (const heading of all('h1, h2, h3, h4')) {
      const next = Number(heading.tagName.slice(1));
      if (next > level + 1) found.push(`heading skips a level: ${heading.textContent}`);
      level = next;
    }
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
      found.push(`id twice: ${id}`);
    }
    return found;
  });
  expect(problems).toEqual([]);
}
