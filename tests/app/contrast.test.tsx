import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { darkTheme, lightTheme } from '../../app/_charts/chart.ts';

const css = readFileSync('app/globals.css', 'utf8');

/** Colour tokens of a theme; the dark one overrides the light one. */
function tokens(...selectors: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const selector of selectors) {
    const start = css.indexOf(`${selector} {`);
    const block = css.slice(start, css.indexOf('}', start));
    for (const [, name = '', value = ''] of block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)) {
      found.set(name, value);
    }
  }
  return found;
}

/** WCAG 2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const themes = {
  light: tokens(':root'),
  dark: tokens(':root', ":root[data-mantine-color-scheme='dark']"),
} as const;

const texts = [
  ['ink', 'ground'],
  ['ink', 'sheet'],
  ['ink', 'warn-soft'],
  ['ink', 'bad-soft'],
  ['ink', 'accent-soft'],
  ['ink-soft', 'ground'],
  ['ink-soft', 'sheet'],
  ['ink-soft', 'sunken'],
  ['accent', 'ground'],
  ['accent', 'sheet'],
  ['accent', 'accent-soft'],
  ['accent', 'warn-soft'],
  ['good', 'good-soft'],
  ['good', 'sheet'],
  ['bad', 'bad-soft'],
  ['bad', 'sheet'],
  ['bad', 'ground'],
  ['warn', 'warn-soft'],
  ['warn', 'sunken'],
] as const;

describe.each(Object.entries(themes))('%s theme', (name, theme) => {
  it.each(texts)('%s on %s is readable (4.5:1)', (text, ground) => {
    expect(contrast(theme.get(text) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['party-0', 'party-1', 'party-2', 'dealer', 'line-strong'])(
    '%s is visible (3:1)',
    (mark) => {
      expect(contrast(theme.get(mark) ?? '', theme.get('sheet') ?? '')).toBeGreaterThanOrEqual(3);
    },
  );

  it('has charts whose colours are visible (3:1) on its sheet', () => {
    const charts = name === 'dark' ? darkTheme : lightTheme;
    expect(charts.sheet).toBe(theme.get('sheet'));
    for (const colour of charts.series) {
      expect(contrast(colour, charts.sheet)).toBeGreaterThanOrEqual(3);
    }
  });
});
