/**
 * Static mirror: everything that is published, as files that any web server can serve and that go on
 * when Parley does not. Only frozen copies are read; what was taken back or is over is not written.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { frozenDocument } from '../compare/document.ts';
import { escapeXml } from '../compare/escape.ts';
import { documentFormats, writeDocument } from '../compare/write-document.ts';
import type { Database } from '../db/client.ts';
import { frozenNotebookSuffixes, writeFrozenNotebook } from '../notebooks/frozen.ts';
import { listPublished, type PublishedPermalink } from '../permalinks/list-permalinks.ts';
import { objectAddress } from '../permalinks/public-url.ts';
import { readPermalink, readSnapshot, type PermalinkView } from '../permalinks/read-permalink.ts';
import { RunError } from '../runs/errors.ts';
import { KeepError } from './errors.ts';

export interface MirrorReport {
  readonly copies: number;
  readonly files: number;
}

/**
 * Writes `index.html` and, of every copy, `s/<slug>.<format>` and the very text that its hash is of.
 * @param origin of the installation, for the addresses in citations
 * @throws KeepError where the folder is not empty
 */
export async function mirror(db: Database, folder: string, origin: string): Promise<MirrorReport> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new KeepError(`${folder} is not empty: name a folder that does not exist yet.`);
  }
  await mkdir(join(folder, 's'));
  const published = await listPublished(db);
  let files = 1;
  const copied: PublishedPermalink[] = [];
  for (const one of published) {
    const { slug, path } = one;
    const view = await readIfThere(db, slug);
    if (view === null) continue;
    copied.push(one);
    if (view.kind === 'notebook') {
      const written = await writeFrozenNotebook({ ...view, address: objectAddress(origin, path) });
      for (const { suffix, body } of written) {
        await writeFile(join(folder, 's', `${slug}.${suffix}`), body);
      }
      files += written.length;
    } else {
      const document = frozenDocument(view, null, null);
      const address = objectAddress(origin, path);
      for (const format of documentFormats) {
        await writeFile(
          join(folder, 's', `${slug}.${format}`),
          writeDocument(document, format, address).body,
        );
      }
      files += documentFormats.length;
    }
    await writeFile(
      join(folder, 's', `${slug}.snapshot.json`),
      (await readSnapshot(db, slug)).snapshot,
    );
    files += 1;
  }
  await writeFile(join(folder, 'index.html'), indexOf(copied));
  return { copies: copied.length, files };
}

/** Null for a live address whose notebook was deleted: there is nothing to copy. */
async function readIfThere(db: Database, slug: string): Promise<PermalinkView | null> {
  try {
    return await readPermalink(db, slug);
  } catch (error) {
    if (error instanceof RunError && error.kind === 'notFound') return null;
    throw error;
  }
}

const day = (time: string): string => time.slice(0, 10);

/** Readable without a script or a style of another file. */
function indexOf(published: readonly PublishedPermalink[]): string {
  const rows = published.map(({ slug, kind, title, createdAt, contentHash }) => {
    const others = (kind === 'notebook' ? frozenNotebookSuffixes : documentFormats)
      .filter((format) => format !== 'html')
      .map((format) => `<a href="s/${slug}.${format}">${format}</a>`);
    return `<tr><td><a href="s/${slug}.html">${escapeXml(title)}</a></td><td>${kind}</td><td>${day(createdAt)}</td><td>${others.join(' ')}</td><td><a href="s/${slug}.snapshot.json"><code>${contentHash.slice(0, 16)}</code></a></td></tr>`;
  });
  const body =
    rows.length === 0
      ? '<p>Nothing is published.</p>'
      : `<table><thead><tr><th>What</th><th>Kind</th><th>Published</th><th>As</th><th>SHA-256</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Published by Parley</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8886; }
</style>
</head>
<body>
<h1>Published by Parley</h1>
${body}
</body>
</html>
`;
}
