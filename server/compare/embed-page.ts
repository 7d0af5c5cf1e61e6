/**
 * The chart of a frozen copy for a frame in somebody else's page: the picture, its source and the way
 * to the whole. No script, nothing fetched, no cookie. The one page that may stand in a frame.
 */
import { escapeXml as e } from './escape.ts';
import type { ExportDocument } from './document.ts';
import { chosenSvg, darkened } from './svg-chart.ts';

/** Allows frames of any site and nothing else at all. */
export const embedHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *",
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** @param link to the frozen copy, a path or an address */
export function embedPage(document: ExportDocument, link: string, isDark: boolean): string {
  const svg = chosenSvg(document);
  const [ground, ink] = isDark ? ['#181b22', '#a4aab6'] : ['#ffffff', '#545964'];
  return `${[
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${e(document.title)}</title>`,
    `<style>html{color-scheme:${isDark ? 'dark' : 'light'}}body{margin:0;padding:8px;background:${ground};color:${ink};font:13px/1.5 system-ui,sans-serif}svg{display:block;width:100%;height:auto}a{color:inherit}p{margin:4px 0 0}</style></head><body>`,
    isDark ? darkened(svg) : svg,
    `<p><a href="${e(link)}" target="_blank" rel="noopener noreferrer">${e(document.title)}, every number</a></p>`,
    '</body></html>',
  ].join('\n')}\n`;
}
