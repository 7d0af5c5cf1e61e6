/** The picture of a link's preview, 1200 x 630: title, what is said of it, where from, and its chart. */
import { verdictOf } from '../api/schemas/compare-verdict.ts';
import { formatDate, plural, shortHash } from '../api/schemas/format.ts';
import { escapeXml } from './escape.ts';
import type { ExportDocument } from './document.ts';
import { chosenSvg } from './svg-chart.ts';

const width = 1200;
const height = 630;
const font = 'font-family="system-ui, sans-serif"';

/** Words in lines of at most so many characters; what does not fit ends in an ellipsis. */
function lines(text: string, most: number, count: number): readonly string[] {
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

const at = (
  x: number,
  y: number,
  size: number,
  colour: string,
  text: string,
  weight = 400,
): string =>
  `<text x="${x}" y="${y}" ${font} font-size="${size}" font-weight="${weight}" fill="${colour}">${escapeXml(text)}</text>`;

/** One sentence of what was found; the title says the rest. */
export const summaryLine = (document: ExportDocument): string =>
  verdictOf(document.runs, document.base, document.units).sentences[0] ??
  'A run of private Transformer inference.';

export function cardSvg(document: ExportDocument): string {
  const { title, runs, frozen } = document;
  const networks = [...new Set(runs.map(({ run }) => run.spec.network.name))];
  const classes = [...new Set(runs.map(({ run }) => run.provenance))];
  const source = [
    plural(runs.length, 'run'),
    `network ${networks.slice(0, 3).join(', ')}`,
    classes.join(', '),
    ...(frozen === null
      ? []
      : [`frozen ${formatDate(frozen.createdAt)}`, shortHash(frozen.contentHash)]),
  ].join(' · ');
  const heading = lines(title, 52, 2);
  const said = lines(summaryLine(document), 84, 2);
  const top = 96 + heading.length * 52;
  // The chart keeps its own coordinates; here it is fitted into what is left.
  const chart = chosenSvg(document)
    .replace(/^<svg /, `<svg x="56" y="${top + said.length * 30 + 16}" `)
    .replace(
      / width="\d+" height="\d+" role/,
      ` width="${width - 112}" height="${height - top - said.length * 30 - 76}" role`,
    );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<rect width="${width}" height="10" fill="#0072b2"/>`,
    at(56, 62, 24, '#545964', 'Parley'),
    ...heading.map((text, index) => at(56, 116 + index * 52, 44, '#1b1e24', text, 600)),
    ...said.map((text, index) => at(56, top + index * 30, 24, '#545964', text)),
    chart,
    at(56, height - 24, 21, '#545964', source),
    '</svg>',
  ].join('\n');
}
