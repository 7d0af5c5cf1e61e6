/** `parley share`: freeze runs under an address that nobody can guess; list and take back such links. */
import { createPermalink } from '../../permalinks/create-permalink.ts';
import { listPublished } from '../../permalinks/list-permalinks.ts';
import { publicUrl } from '../../permalinks/public-url.ts';
import { publishComparison } from '../../permalinks/publish-comparison.ts';
import { revokePermalink } from '../../permalinks/revoke-permalink.ts';
import { RunError } from '../../runs/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';
import { openSession, type Session } from '../session.ts';

export interface ShareOptions {
  readonly base?: string;
  readonly days?: number;
  readonly json?: boolean;
}

const addressOf = ({ appUrl }: Session, path: string): string =>
  `${publicUrl() ?? appUrl ?? ''}${path}`;

/** A link of this machine's own name is no use to others. */
function warnOfLoopback(address: string): void {
  const { hostname } = URL.parse(address) ?? { hostname: '' };
  const local = hostname === '' || /^(localhost|127\.|\[::1\])/.test(hostname);
  if (!local) return;
  process.stderr.write(
    '  only this machine can open it: set PARLEY_PUBLIC_URL, or start with --share HOST:PORT\n',
  );
}

/** One run, or a comparison of several. @throws RunError 'notFound', or 'conflict' before the end */
export async function shareCommand(ids: readonly string[], options: ShareOptions): Promise<number> {
  const [first, ...more] = ids;
  if (first === undefined)
    throw new RunError('invalid', 'share needs the id of a run, or several.');
  const session = await openSession();
  try {
    const { db } = session.connection;
    const alone = more.length === 0;
    const link = alone
      ? await createPermalink(db, first, options.days ?? null)
      : await publishComparison(db, {
          ids: [...ids],
          base: options.base ?? null,
          units: '',
          view: null,
          expiresInDays: options.days ?? null,
        });
    const url = addressOf(session, link.path);
    if (options.json === true) console.log(JSON.stringify({ ...link, url }, null, 2));
    else console.log(url);
    warnOfLoopback(url);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

export async function shareListCommand({ json = false }: { json?: boolean }): Promise<number> {
  const session = await openSession();
  try {
    const links = (await listPublished(session.connection.db)).map((link) => ({
      ...link,
      url: addressOf(session, link.path),
    }));
    if (json) console.log(JSON.stringify(links, null, 2));
    else if (links.length === 0) console.log('nothing is published');
    else {
      const ends = (at: string | null): string => (at === null ? '' : `, until ${at}`);
      console.log(
        formatTable(
          links.map(({ url, title, createdAt, expiresAt }) => [
            url,
            `${title}, ${createdAt}${ends(expiresAt)}`,
          ]),
        ),
      );
    }
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** Takes a link back, by its slug, path or address. @throws RunError 'notFound' */
export async function shareRevokeCommand(
  link: string,
  { json = false }: { json?: boolean },
): Promise<number> {
  const slug = link.split('/').at(-1) ?? link;
  const session = await openSession();
  try {
    const { revokedAt } = await revokePermalink(session.connection.db, slug);
    console.log(json ? JSON.stringify({ slug, revokedAt }) : `${slug} taken back`);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
