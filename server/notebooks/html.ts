/**
 * A notebook as one HTML file that opens from disk: no script, nothing fetched. The Markdown document is
 * rendered by the pipeline of the pages, with the same sanitising; formulas as MathML, which needs no font.
 */
import type { Notebook } from '../api/schemas/notebook-cells.ts';
import type { Evaluation } from '../api/schemas/notebook-evaluate.ts';
import { toMarkdown } from '../api/schemas/notebook-markdown.ts';
import { notebookSummary } from '../api/schemas/notebook-summary.ts';
import { escapeXml } from '../compare/escape.ts';
import { previewTags } from '../compare/preview-tags.ts';
import { renderHtml } from './text-thread.ts';

const style = `
:root{color-scheme:light dark;--ink:#1b1e24;--soft:#545964;--line:#dcdcd5;--ground:#f7f7f4;--sheet:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6e7ea;--soft:#a4aab6;--line:#2c313b;--ground:#111318;--sheet:#181b22}}
body{margin:0 auto;max-width:46rem;padding:24px 16px 60px;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.2}table{border-collapse:collapse;display:block;overflow-x:auto;font-size:13.5px}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;overflow-wrap:normal}
pre{background:var(--sheet);padding:10px 12px;overflow-x:auto;font-size:13px}em{color:var(--soft)}`;

/**
 * The whole file. Its own policy forbids every script and every request.
 * @param address of its page, where it is published under one
 */
export async function toHtml(
  notebook: Notebook,
  evaluation: Evaluation,
  address = '',
): Promise<string> {
  const { title } = notebook;
  const description = notebookSummary(notebook, evaluation);
  const preview = previewTags({ title, description, address });
  const markdown = toMarkdown(notebook, evaluation);
  const body =
    (await renderHtml(markdown)) ??
    `<p>This notebook is nested too deeply, or is too long, to be laid out.</p>\n<pre>${escapeXml(markdown)}</pre>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>${escapeXml(title)}</title>
${preview.map((tag) => `${tag}\n`).join('')}<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
