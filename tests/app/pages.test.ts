/** The list that all walks share, and the palette, know every page that stands by itself. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pages } from '../../app/_components/palette/entries.ts';
import { allPages } from '../e2e/all-pages.ts';

const app = join(import.meta.dirname, '../../app');

/** Addresses of all page files without a part that varies. */
const routes = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)page\.tsx$/.test(file) && !file.includes('['))
  .map((file) => `/${file.replace(/\/?page\.tsx$/, '')}`);

it('every page is walked through by the browser tests', () => {
  const walked: readonly string[] = allPages.map(({ path }) => path);
  expect(routes.length).toBeGreaterThan(15);
  expect(routes.filter((route) => !walked.includes(route))).toEqual([]);
});

it('every page is found in the palette, once, and none that does not exist', () => {
  const hrefs = pages.map(({ href }) => href);
  expect(routes.filter((route) => !hrefs.includes(route))).toEqual([]);
  expect(new Set(hrefs).size).toBe(hrefs.length);
  expect(hrefs.filter((href) => !routes.includes(href))).toEqual([]);
});
