/** A small SVG that says how many of a paper's cells have a value here (measured or predicted), and when. */
import { verdictWords, type Coverage, type PaperSummary } from '../api/schemas/papers.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Room for a letter at 11 px; the text is stretched to what was reserved for it. */
const letter = 6.4;
const widthOf = (text: string): number => Math.ceil(text.length * letter) + 14;

const wordsOf = ({ filled, cells }: Coverage): string => `${filled}/${cells} cells with a value`;

/** @param at date that the badge carries */
export function badge(
  { title, coverage }: Pick<PaperSummary, 'title' | 'coverage'>,
  at: Date = new Date(),
): string {
  const left = `${title} in Parley`;
  const right = `${wordsOf(coverage)}, ${at.toISOString().slice(0, 10)}`;
  const [a, b] = [widthOf(left), widthOf(right)];
  const counts = Object.entries(coverage.verdicts)
    .map(([id, count]) => `${count} ${verdictWords[id as keyof typeof verdictWords]}`)
    .join(', ');
  const text = (x: number, width: number, words: string): string =>
    `<text x="${x + width / 2}" y="14" text-anchor="middle" textLength="${width - 14}">${escaped(words)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${escaped(`${left}: ${right}`)}">
<title>${escaped(`${left}: ${right}. ${counts}.`)}</title>
<rect width="${a}" height="20" fill="#3b3f46"/>
<rect x="${a}" width="${b}" height="20" fill="#0b5c8f"/>
<g fill="#ffffff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">${text(0, a, left)}${text(a, b, right)}</g>
</svg>
`;
}
