/** `parley permalink RUN`: publish an ended run. */
import { createPermalink } from '../../permalinks/create-permalink.ts';
import { openSession } from '../session.ts';

export async function permalinkCommand(
  runId: string,
  { json = false }: { json?: boolean } = {},
): Promise<number> {
  const session = await openSession();
  try {
    const link = await createPermalink(session.connection.db, runId);
    const url = `${session.appUrl ?? ''}${link.path}`;
    console.log(json ? JSON.stringify({ ...link, url }, null, 2) : url);
    return 0;
  } finally {
    await session.close();
  }
}
