/**
 * What can be checked of a page without looking at it, with the names that Chromium itself computes:
 * controls without a name, ids twice, skipped headings, targets below 24 pixels (WCAG 2.5.8, those in
 * a sentence left out), text with too little contrast, a page wider than its window.
 */
import type { Page } from '@playwright/test';

/** Roles that a person acts on: each needs a name. */
const named = new Set([
  'button',
  'link',
  'textbox',
  'combobox',
  'checkbox',
  'radio',
  'switch',
  'slider',
  'tab',
  'menuitem',
  'dialog',
  'searchbox',
  'spinbutton',
]);

interface Node {
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
}

async function withoutName(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as {
    readonly nodes: readonly Node[];
  };
  await session.detach();
  return nodes.flatMap(({ ignored, role, name }) =>
    !ignored && named.has(role?.value ?? '') && (name?.value ?? '').trim() === ''
      ? [`${role?.value ?? ''} without a name`]
      : [],
  );
}

/** Runs in the page: everything it uses is inside. */
function inPage(): readonly string[] {
  const found: string[] = [];
  const visible = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && getComputedStyle(element).visibility !== 'hidden';
  };
  const say = (element: Element): string =>
    `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`;

  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) {
    found.push(`id ${id} twice`);
  }
  // What stands inside a named picture is part of it.
  for (const picture of document.querySelectorAll('img:not([alt]), [role="img"]')) {
    const isNamed =
      picture.matches('[aria-label], [aria-labelledby]') ||
      picture.querySelector(':scope > title') !== null;
    if (visible(picture) && !isNamed) found.push(`picture without a name: ${say(picture)}`);
  }
  let level = 0;
  for (const heading of document.querySelectorAll('main h1, main h2, main h3, main h4')) {
    if (!visible(heading)) continue;
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) found.push(`${say(heading)} follows a heading of level ${level}`);
    level = next;
  }
  if (document.querySelectorAll('h1').length !== 1) found.push('not exactly one h1');

  for (const control of document.querySelectorAll('a[href], button, [role="slider"]')) {
    if (!visible(control) || control.matches('.visually-hidden, [href="#content"]')) continue;
    const { width, height } = control.getBoundingClientRect();
    const inText = control.tagName === 'A' && getComputedStyle(control).display === 'inline';
    if (!inText && (width < 23.5 || height < 23.5)) {
      found.push(`target ${width.toFixed(0)} x ${height.toFixed(0)}: ${say(control)}`);
    }
  }

  // Any colour, as the screen would show it.
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const rgba = (colour: string): readonly number[] => {
    if (pen === null) return [0, 0, 0, 0];
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element): readonly number[] => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if ((colour[3] ?? 0) > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const said = new Set<string>();
  for (const element of document.querySelectorAll('main *, header *, nav *, footer *')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
    );
    if (!own || !visible(element) || element.closest('svg, .visually-hidden, :disabled')) continue;
    const style = getComputedStyle(element);
    if (style.opacity !== '1') continue;
    const [front, back] = [luminance(rgba(style.color)), luminance(ground(element))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const text = `contrast ${ratio.toFixed(2)}: ${say(element)}`;
    if (ratio < (isLarge ? 3 : 4.5) && !said.has(text)) {
      said.add(text);
      found.push(text);
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`page is ${scrollWidth} wide in ${clientWidth}`);
  return found;
}

/** Everything that is wrong with the page as it stands; empty when nothing was found. */
export async function checkPage(page: Page): Promise<readonly string[]> {
  return [...(await withoutName(page)), ...(await page.evaluate(inPage))];
}
