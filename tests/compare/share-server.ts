/** The second listener over one permalink held in memory, for share-namespaces.sh. */
import { RunError } from '../../server/runs/errors.ts';
import { openShare } from '../../server/permalinks/share-listener.ts';
import { doneRun } from '../support/fixtures.ts';
import { publishedSlug } from './share-slugs.ts';

const [host = '127.0.0.1', port = '0'] = process.argv.slice(2);
await openShare({
  host,
  port: Number(port),
  read: async (slug) => {
    if (slug !== publishedSlug) throw new RunError('notFound', 'no such link.');
    const createdAt = '2026-11-22T18:00:00.000Z';
    return { kind: 'run', slug, run: doneRun, contentHash: 'f', createdAt, expiresAt: null };
  },
});
