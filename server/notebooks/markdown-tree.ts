/**
 * The one Markdown pipeline: pages, HTML files and permalinks show what it makes. Raw HTML is never
 * rendered, what comes out is sanitised besides, and formulas are MathML: no style, font or request of
 * theirs.
 */
import Markdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { markdownSchema } from '../api/schemas/notebook-sanitise.ts';

/** What the pipeline makes: elements and texts (hast), as far as they are read here. */
export interface MarkdownNode {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: MarkdownNode[];
}

type Step = (tree: MarkdownNode) => void;

/**
 * The tree of a text. `beforeFormulas` sees it sanitised, with formulas still as they were written.
 * Markdown is called as the function that it is: only its tree is wanted.
 * @throws RangeError for a text that is nested deeper than the stack
 */
export function markdownTree(markdown: string, beforeFormulas?: Step): MarkdownNode {
  let tree: MarkdownNode = { type: 'root' };
  const plugin = (step: Step) => () => step;
  Markdown({
    remarkPlugins: [remarkGfm, remarkMath],
    rehypePlugins: [
      [rehypeSanitize, markdownSchema],
      // What these add afterwards is their own, and made of escaped text.
      plugin((root) => beforeFormulas?.(root)) as never,
      [rehypeKatex, { output: 'mathml', trust: false, strict: false, maxExpand: 200 }],
      plugin((root) => {
        tree = root;
      }) as never,
    ],
    children: markdown,
  });
  return tree;
}

/** Attributes that may leave the pipeline; never a handler, never a style. */
export const isPlainAttribute = (name: string): boolean =>
  /^[a-z][a-z-]*$/i.test(name) && !/^on/i.test(name) && name.toLowerCase() !== 'style';
