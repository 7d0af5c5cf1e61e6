/**
 * A Markdown text of a notebook as pages show it. Numbers of the notebook keep a place each, which the page
 * fills: a text is rendered once, whatever its numbers become.
 */
import { placeholdersOf } from '../api/schemas/notebook-expression.ts';
import type { RenderedNode } from '../api/schemas/notebook-text.ts';
import { isPlainAttribute, markdownTree, type MarkdownNode } from './markdown-tree.ts';

/** Around the number of a placeholder; private characters that no text has, or they are taken out. */
const [open, close] = ['\uE000', '\uE001'];

interface Placed {
  /** As written, for code and formulas, which stay as they are. */
  readonly written: string;
  readonly expression: string;
}

/** The text with a short mark for each placeholder, so that Markdown cannot tear one apart. */
function marked(source: string): { readonly text: string; readonly places: readonly Placed[] } {
  const clean = source.replaceAll(/[\uE000\uE001]/g, '');
  const found = placeholdersOf(clean);
  const text = found.reduceRight(
    (rest, { from, to }, index) => `${rest.slice(0, from)}${open}${index}${close}${rest.slice(to)}`,
    clean,
  );
  const places = found.map(({ from, to, text: expression }) => ({
    written: clean.slice(from, to),
    expression,
  }));
  return { text, places };
}

const restored = (text: string, places: readonly Placed[]): string =>
  text.replaceAll(/\uE000(\d+)\uE001/g, (_, index: string) => places[Number(index)]?.written ?? '');

/** Elements for the marks in a text of its own; nothing for a mark without a place. */
function placed(value: string, places: readonly Placed[]): MarkdownNode[] {
  return value.split(/(\uE000\d+\uE001)/).flatMap((part): MarkdownNode[] => {
    if (!part.startsWith(open)) return part === '' ? [] : [{ type: 'text', value: part }];
    const place = places[Number(/\d+/.exec(part)?.[0])];
    if (place === undefined) return [];
    const properties = { value: place.expression };
    return [{ type: 'element', tagName: 'data', properties, children: [] }];
  });
}

/** Puts elements for the marks into texts, and the written words back into code, formulas and addresses. */
function placeValues(node: MarkdownNode, places: readonly Placed[], isCode: boolean): void {
  const { properties } = node;
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (typeof value === 'string' && properties !== undefined)
      properties[key] = restored(value, places);
  }
  node.children = (node.children ?? []).flatMap((child): MarkdownNode[] => {
    if (child.type !== 'text') {
      placeValues(child, places, isCode || child.tagName === 'code' || child.tagName === 'pre');
      return [child];
    }
    const value = child.value ?? '';
    if (!value.includes(open)) return [child];
    return isCode ? [{ type: 'text', value: restored(value, places) }] : placed(value, places);
  });
}

/** Headings of a text stand below the page's own. */
const headings: Readonly<Record<string, string>> = { h1: 'h2', h2: 'h3', h3: 'h4' };

function propsOf(tag: string, properties: MarkdownNode['properties'] = {}) {
  const props: Record<string, string | number | true> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (!isPlainAttribute(name)) continue;
    if (Array.isArray(value)) props[name] = value.join(' ');
    else if (typeof value === 'string' || typeof value === 'number' || value === true)
      props[name] = value;
  }
  if (tag === 'a') props['rel'] = 'noreferrer nofollow';
  return props;
}

/** Elements and texts; every other kind of node is left out. */
function toRendered(node: MarkdownNode): readonly RenderedNode[] {
  const { type, tagName = '', value = '', properties, children = [] } = node;
  if (type === 'text') return value === '' ? [] : [value];
  const inner = children.flatMap(toRendered);
  if (type === 'root') return inner;
  if (type !== 'element' || !/^[a-z][a-z0-9]*$/.test(tagName)) return [];
  const props = propsOf(tagName, properties);
  return [
    {
      tag: headings[tagName] ?? tagName,
      ...(Object.keys(props).length === 0 ? {} : { props }),
      ...(inner.length === 0 ? {} : { children: inner }),
    },
  ];
}

/** @throws RangeError for what is nested deeper than the stack */
export function renderText(source: string): readonly RenderedNode[] {
  const { text, places } = marked(source);
  return toRendered(markdownTree(text, (tree) => placeValues(tree, places, false)));
}
