/** What pictures of link previews are made of: their size, and texts in lines. */
import { escapeXml } from './escape.ts';

export const cardWidth = 1200;
export const cardHeight = 630;
const font = 'font-family="system-ui, sans-serif"';

/** Words in lines of at most so many characters; what does not fit ends in an ellipsis. */
export function cardLines(text: string, most: number, count: number): readonly string[] {
  const found: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = found.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) {
      found[found.length - 1] = `${last} ${word}`;
    } else found.push(word);
  }
  return found.length <= count
    ? found
    : [...found.slice(0, count - 1), `${(found[count - 1] ?? '').slice(0, most - 1)}…`];
}

export const cardText = (
  x: number,
  y: number,
  size: number,
  colour: string,
  text: string,
  weight = 400,
): string =>
  `<text x="${x}" y="${y}" ${font} font-size="${size}" font-weight="${weight}" fill="${colour}">${escapeXml(text)}</text>`;

/** The ground, the accent on top, and the name of the program. */
export const cardFrame = (label: string, inner: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${cardWidth} ${cardHeight}" width="${cardWidth}" height="${cardHeight}" role="img" aria-label="${escapeXml(label)}">`,
    `<rect width="${cardWidth}" height="${cardHeight}" fill="#ffffff"/>`,
    `<rect width="${cardWidth}" height="10" fill="#0072b2"/>`,
    cardText(56, 62, 24, '#545964', 'Parley'),
    ...inner,
    '</svg>',
  ].join('\n');
