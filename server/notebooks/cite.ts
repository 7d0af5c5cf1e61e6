/** A notebook as a BibTeX entry. */
import { shortHash } from '../api/schemas/format.ts';
import { latex } from '../results/table-text.ts';

export interface CitedNotebook {
  readonly title: string;
  /** When it was published, or last saved. ISO 8601. */
  readonly date: string;
  /** SHA-256 of what the reader sees; null for a notebook that was never published. */
  readonly contentHash: string | null;
  /** Whether what is behind the address may change. */
  readonly changes: boolean;
}

/** @param address of the notebook's page; only a full one goes in as a source */
export function notebookBibtex(cited: CitedNotebook, address: string): string {
  const { title, date, contentHash, changes } = cited;
  const isAddress = /^https?:/.test(address);
  const key = contentHash === null ? address.replace(/^.*\//, '') : shortHash(contentHash);
  const notes = [
    ...(contentHash === null ? [] : [`content hash ${contentHash}`]),
    ...(changes ? ['not frozen: the page may change'] : []),
    ...(isAddress ? [] : [`page ${address} of its installation`]),
  ];
  return [
    `@misc{parley-notebook-${key.replaceAll(/[^A-Za-z0-9-]/g, '-')},`,
    `  title        = {{${latex(title)}}},`,
    '  howpublished = {Parley notebook, private Transformer inference run for real},',
    `  year         = {${date.slice(0, 4)}},`,
    `  date         = {${date.slice(0, 10)}},`,
    ...(isAddress ? [`  url          = {${address}},`] : []),
    `  note         = {${latex(notes.join('; '))}}`,
    '}',
    '',
  ].join('\n');
}
