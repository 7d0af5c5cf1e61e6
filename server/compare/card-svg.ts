/** The picture of a link's preview, 1200 x 630: title, what is said of it, where from, and its chart. */
import { verdictOf } from '../api/schemas/compare-verdict.ts';
import { formatDate, plural, shortHash } from '../api/schemas/format.ts';
import { cardFrame, cardHeight, cardLines, cardText, cardWidth } from './card-parts.ts';
import type { ExportDocument } from './document.ts';
import { chosenSvg } from './svg-chart.ts';

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
  const heading = cardLines(title, 52, 2);
  const said = cardLines(summaryLine(document), 84, 2);
  const top = 96 + heading.length * 52;
  // The chart keeps its own coordinates; here it is fitted into what is left.
  const chart = chosenSvg(document)
    .replace(/^<svg /, `<svg x="56" y="${top + said.length * 30 + 16}" `)
    .replace(
      / width="\d+" height="\d+" role/,
      ` width="${cardWidth - 112}" height="${cardHeight - top - said.length * 30 - 76}" role`,
    );
  return cardFrame(title, [
    ...heading.map((text, index) => cardText(56, 116 + index * 52, 44, '#1b1e24', text, 600)),
    ...said.map((text, index) => cardText(56, top + index * 30, 24, '#545964', text)),
    chart,
    cardText(56, cardHeight - 24, 21, '#545964', source),
  ]);
}
