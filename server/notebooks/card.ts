/**
 * The picture of a notebook's link preview, 1200 x 630: its title, its first words with their numbers, and the
 * first numbers that cells came to, each with its class.
 */
import { formatDate, plural, shortHash } from '../api/schemas/format.ts';
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import {
  classWords,
  EvaluationError,
  valueOf,
} from '../api/schemas/notebook-evaluate-expression.ts';
import { lookupOf, type Evaluation } from '../api/schemas/notebook-evaluate.ts';
import { ExpressionError, placeholdersOf } from '../api/schemas/notebook-expression.ts';
import { notebookSummary } from '../api/schemas/notebook-summary.ts';
import { formatPlain } from '../api/schemas/notebook-table.ts';
import { cardFrame, cardHeight, cardLines, cardText } from '../compare/card-parts.ts';

const mostFigures = 4;
/** Characters of a number that fit into its column. */
const longestFigure = 14;

export interface Figure {
  readonly text: string;
  /** The expression, for whoever wants to know what the number is. */
  readonly of: string;
  readonly classes: string;
}

/** Numbers of the texts, in the order in which they stand, each expression once; those that cannot be said are left out. */
export function figuresOf({ cells }: Notebook, evaluation: Evaluation): readonly Figure[] {
  const lookup = lookupOf(evaluation);
  const figures = new Map<string, Figure>();
  for (const cell of cells) {
    if (cell.kind !== 'markdown') continue;
    for (const { text: expression } of placeholdersOf(cell.source)) {
      const of = expression.trim();
      try {
        const { value, format, classes } = valueOf(of, lookup);
        const text = formatPlain(value, format);
        if (typeof value !== 'number' || text === '' || text.length > longestFigure) continue;
        figures.set(of, { text, of, classes: classWords(classes) });
      } catch (error) {
        if (!(error instanceof EvaluationError || error instanceof ExpressionError)) throw error;
      }
      if (figures.size === mostFigures) return [...figures.values()];
    }
  }
  return [...figures.values()];
}

export interface CardOf {
  readonly notebook: Notebook;
  readonly evaluation: Evaluation;
  /** Null where it changes with what is stored. */
  readonly frozen: { readonly createdAt: string; readonly contentHash: string } | null;
}

export function notebookCard({ notebook, evaluation, frozen }: CardOf): string {
  const { title, cells } = notebook;
  const heading = cardLines(title, 46, 2);
  const said = cardLines(notebookSummary(notebook, evaluation, 400), 80, 5);
  const top = 116 + heading.length * 56;
  const figures = figuresOf(notebook, evaluation);
  const step = (1200 - 112) / mostFigures;
  const drawn = figures.flatMap(({ text, of, classes }, index) => {
    const x = 56 + index * step;
    const [what = ''] = cardLines(of, 30, 1);
    return [
      cardText(x, cardHeight - 138, 36, '#0b5f96', text, 600),
      cardText(x, cardHeight - 108, 15, '#545964', what),
      cardText(x, cardHeight - 86, 15, '#545964', classes),
    ];
  });
  const source = [
    'A notebook',
    plural(cells.length, 'cell'),
    ...(frozen === null
      ? ['results of now']
      : [`frozen ${formatDate(frozen.createdAt)}`, shortHash(frozen.contentHash)]),
  ].join(' · ');
  return cardFrame(title, [
    ...heading.map((text, index) => cardText(56, 126 + index * 56, 48, '#1b1e24', text, 600)),
    ...said.map((text, index) => cardText(56, top + 24 + index * 34, 26, '#545964', text)),
    ...drawn,
    cardText(56, cardHeight - 28, 21, '#545964', source),
  ]);
}
