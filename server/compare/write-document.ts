/** One document in any of the formats, by suffix. */
import type { ExportDocument } from './document.ts';
import { toHtml } from './html-page.ts';
import { chosenSvg } from './svg-chart.ts';
import { toBibtex, toCsv, toJson, toLatex, toMarkdown } from './text-formats.ts';

export const documentFormats = ['json', 'csv', 'tex', 'md', 'bib', 'svg', 'html'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

const types: Readonly<Record<DocumentFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tex: 'application/x-tex; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

export interface Written {
  readonly type: string;
  readonly body: string;
}

/** @param address of the object's page, for citations and source lines */
export function writeDocument(
  document: ExportDocument,
  format: DocumentFormat,
  address: string,
): Written {
  const type = types[format];
  switch (format) {
    case 'json':
      return { type, body: toJson(document, address) };
    case 'csv':
      return { type, body: toCsv(document) };
    case 'tex':
      return { type, body: toLatex(document, address) };
    case 'md':
      return { type, body: toMarkdown(document, address) };
    case 'bib':
      return { type, body: toBibtex(document, address) };
    case 'svg':
      return { type, body: `${chosenSvg(document)}\n` };
    case 'html':
      return { type, body: toHtml(document, address) };
  }
}
