/**
 * A notebook as one HTML file that opens from disk: no script, nothing fetched. The Markdown document is
 * rendered by the pipeline of the pages, with the same sanitising; formulas as MathML, which needs no font.
 */
import Markdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { markdownSchema } from '../api/schemas/notebook-sanitise.ts';
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import type { Evaluation } from '../api/schemas/notebook-evaluate.ts';
import { toMarkdown } from '../api/schemas/notebook-markdown.ts';
import { escapeXml } from '../compare/escape.ts';

const style = `
:root{color-scheme:light dark;--ink:#1b1e24;--soft:#545964;--line:#dcdcd5;--ground:#f7f7f4;--sheet:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6e7ea;--soft:#a4aab6;--line:#2c313b;--ground:#111318;--sheet:#181b22}}
body{margin:0 auto;max-width:46rem;padding:24px 16px 60px;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.2}table{border-collapse:collapse;display:block;overflow-x:auto;font-size:13.5px}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;overflow-wrap:normal}
pre{background:var(--sheet);padding:10px 12px;overflow-x:auto;font-size:13px}em{color:var(--soft)}`;

/** What the pipeline makes: elements and texts (hast), as far as they are written here. */
interface Node {
  readonly type: string;
  readonly tagName?: string;
  readonly value?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

const voidElements = ['br', 'hr', 'input', 'mspace'];
const attributeNames: Readonly<Record<string, string>> = {
  className: 'class',
  ariaHidden: 'aria-hidden',
  ariaLabel: 'aria-label',
};

function attributesOf(properties: Node['properties'] = {}): string {
  return Object.entries(properties)
    .flatMap(([key, value]) => {
      if (value === false || value === null || value === undefined) return [];
      const name = attributeNames[key] ?? key.toLowerCase();
      if (!/^[a-z][a-z-]*$/.test(name) || name.startsWith('on') || name === 'style') return [];
      if (value === true) return [` ${name}`];
      const text = Array.isArray(value)
        ? value.join(' ')
        : typeof value === 'object'
          ? ''
          : `${value as string | number}`;
      return [` ${name}="${escapeXml(text)}"`];
    })
    .join('');
}

/** Elements and texts as HTML; every other kind of node is left out. */
function htmlOf({ type, tagName = '', value = '', properties, children = [] }: Node): string {
  if (type === 'text') return escapeXml(value);
  const inner = children.map(htmlOf).join('');
  if (type === 'root') return inner;
  if (type !== 'element' || !/^[a-z][a-z0-9]*$/.test(tagName)) return '';
  const start = `<${tagName}${attributesOf(properties)}>`;
  return voidElements.includes(tagName) ? start : `${start}${inner}</${tagName}>`;
}

/** The document's body. Markdown is called as the function that it is: only its tree is wanted. */
function bodyOf(markdown: string): string {
  let tree: Node = { type: 'root' };
  const capture = () => (root: Node) => {
    tree = root;
  };
  Markdown({
    remarkPlugins: [remarkGfm, remarkMath],
    // Sanitised first: what KaTeX adds afterwards is its own, and made of escaped text.
    rehypePlugins: [
      [rehypeSanitize, markdownSchema],
      [rehypeKatex, { output: 'mathml', trust: false, strict: false, maxExpand: 200 }],
      capture,
    ],
    children: markdown,
  });
  return htmlOf(tree);
}

/** The whole file. Its own policy forbids every script and every request. */
export function toHtml(notebook: Notebook, evaluation: Evaluation): string {
  const body = bodyOf(toMarkdown(notebook, evaluation));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>${escapeXml(notebook.title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
