/**
 * A Markdown text as the server rendered it: sanitised elements and texts, formulas as MathML. Plain data
 * and not HTML, so that a page builds elements out of it and never parses markup. Browser-safe.
 */
import type { Notebook } from './notebook-cells.ts';
import type { NotebookSummary } from './notebook-requests.ts';

/** A text, or an element with its attributes under the names that React has for them. */
export type RenderedNode = string | RenderedElement;

export interface RenderedElement {
  /** Of HTML or MathML, in small letters; `data` is the place of a number, its expression in `value`. */
  readonly tag: string;
  readonly props?: Readonly<Record<string, string | number | true>>;
  readonly children?: readonly RenderedNode[];
}

export interface RenderedText {
  readonly source: string;
  readonly nodes: readonly RenderedNode[];
}

/** What a notebook's file holds, ready to be shown. */
export type OpenContent =
  | {
      readonly kind: 'notebook';
      readonly notebook: Notebook;
      readonly texts: readonly RenderedText[];
    }
  | {
      readonly kind: 'unreadable';
      readonly text: string;
      /** Which line, and what to do. */
      readonly problem: string;
    };

/** A notebook as a page opens it: read and rendered by the server, which keeps both parsers off the page. */
export interface OpenNotebook extends NotebookSummary {
  readonly content: OpenContent;
}

/** Texts of one request. */
export const mostTexts = 20;
