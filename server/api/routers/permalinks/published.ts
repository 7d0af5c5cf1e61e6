/** Everything that is published now, and the address that links are built of. */
import { listPublished, type PublishedPermalink } from '../../../permalinks/list-permalinks.ts';
import { publicUrl } from '../../../permalinks/public-url.ts';
import { procedure } from '../../trpc.ts';

export type { PublishedPermalink };

export const published = procedure.query(({ ctx }) => listPublished(ctx.connection.db));

/** PARLEY_PUBLIC_URL; null where a page has to use its own address. */
export const address = procedure.query(() => ({ publicUrl: publicUrl() }));
