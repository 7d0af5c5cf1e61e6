/** A Markdown document as HTML: the pipeline of the pages, written out. */
import { escapeXml } from '../compare/escape.ts';
import { isPlainAttribute, markdownTree, type MarkdownNode } from './markdown-tree.ts';

const voidElements = ['br', 'hr', 'input', 'mspace'];
const attributeNames: Readonly<Record<string, string>> = {
  className: 'class',
  ariaHidden: 'aria-hidden',
  ariaLabel: 'aria-label',
};

function attributesOf(properties: MarkdownNode['properties'] = {}): string {
  return Object.entries(properties)
    .flatMap(([key, value]) => {
      if (value === false || value === null || value === undefined) return [];
      const name = attributeNames[key] ?? key.toLowerCase();
      if (!isPlainAttribute(name)) return [];
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
function htmlOf({
  type,
  tagName = '',
  value = '',
  properties,
  children = [],
}: MarkdownNode): string {
  if (type === 'text') return escapeXml(value);
  const inner = children.map(htmlOf).join('');
  if (type === 'root') return inner;
  if (type !== 'element' || !/^[a-z][a-z0-9]*$/.test(tagName)) return '';
  const start = `<${tagName}${attributesOf(properties)}>`;
  return voidElements.includes(tagName) ? start : `${start}${inner}</${tagName}>`;
}

/** @throws RangeError for what is nested deeper than the stack */
export const htmlBody = (markdown: string): string => htmlOf(markdownTree(markdown));
