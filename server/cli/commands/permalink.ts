/** `parley permalink RUN`: publish an ended run. */
import { createPermalink } from '../../permalinks/create-permalink.ts';
import { openSession } from '../session.ts';

export async function permalinkCommand(runId: string): Promise<number> {
  const session = await openSession();
  try {
    const { path } = await createPermalink(session.connection.db, runId);
    console.log(session.appUrl === null ? path : `${session.appUrl}${path}`);
    return 0;
  } finally {
    await session.close();
  }
}
