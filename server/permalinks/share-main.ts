/** The process of the second listener: `node server/permalinks/share-main.ts HOST:PORT`. */
import { connect } from '../db/client.ts';
import { readPermalink } from './read-permalink.ts';
import { openShare, readShareAddress } from './share-listener.ts';

const { host, port } = readShareAddress(process.argv[2] ?? '');
const { db } = await connect();
const listener = await openShare({ host, port, read: (slug) => readPermalink(db, slug) });
const end = async (): Promise<void> => {
  await listener.close();
  await db.$disconnect();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
