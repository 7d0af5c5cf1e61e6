/** All notebooks, and those that came with Parley. */
import { listNotebooks } from '../../../notebooks/store.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.query(({ ctx }) => listNotebooks(ctx.connection.db));
