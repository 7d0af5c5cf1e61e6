/**
 * What Markdown may become in HTML, for rehype-sanitize: text, lists, tables, code, links and formulas.
 * No raw HTML ever gets this far; this is the second wall. Pictures are not among it: one of another
 * host would tell that host who reads. Browser-safe.
 */

/** Classes that mark formulas and code for what renders them. */
const markClass: [string, ...RegExp[]] = [
  'className',
  /^language-[\w-]+$/,
  /^math-(inline|display)$/,
];

export const markdownSchema = {
  tagNames:
    'h1 h2 h3 h4 h5 h6 p blockquote hr br ul ol li strong em del code pre a sup section input table thead tbody tr th td'.split(
      ' ',
    ),
  attributes: {
    a: ['href', 'title'],
    code: [markClass],
    th: [['align', 'left', 'right', 'center']],
    td: [['align', 'left', 'right', 'center']],
    ol: ['start'],
    input: [['type', 'checkbox'], 'checked', ['disabled', true]],
  },
  protocols: { href: ['http', 'https', 'mailto'] },
  required: { input: { type: 'checkbox', disabled: true } },
  strip: ['script', 'style'],
  ancestors: {},
  clobberPrefix: 'note-',
  clobber: ['id', 'name'],
} satisfies Readonly<Record<string, unknown>>;
