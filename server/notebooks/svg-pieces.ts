/** What a notebook's pictures are drawn with: light colours, text as text. */
import { escapeXml } from '../compare/escape.ts';

export const width = 760;
export const ink = '#1b1e24';
const soft = '#545964';
export const line = '#dcdcd5';
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b27a00', '#767676'];
const font = 'font-family="system-ui, sans-serif"';
export const fixed = (value: number): string => value.toFixed(1);
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
export const word = (
  x: number,
  y: number,
  text: string,
  { colour = soft, anchor = 'start', size = 12 } = {},
): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" ${font} font-size="${size}" fill="${colour}" text-anchor="${anchor}">${escapeXml(text)}</text>`;

export type Colour = (series: string) => string;

export interface Drawn {
  readonly height: number;
  readonly body: readonly string[];
}
