/** What a chat or a search shows of a link: Open Graph tags of a self-contained page. */
import { escapeXml } from './escape.ts';

export interface PreviewOf {
  readonly title: string;
  readonly description: string;
  /** Of the page. */
  readonly address: string;
}

/** Empty for a page whose address others cannot open: its picture would be nowhere. */
export function previewTags({ title, description, address }: PreviewOf): readonly string[] {
  if (!/^https?:/.test(address)) return [];
  const tag = (name: string, content: string): string =>
    `<meta property="og:${name}" content="${escapeXml(content)}">`;
  return [
    tag('type', 'article'),
    tag('title', title),
    tag('description', description),
    tag('url', address),
    tag('image', `${address}.png?card`),
    tag('image:width', '1200'),
    tag('image:height', '630'),
    '<meta name="twitter:card" content="summary_large_image">',
  ];
}
