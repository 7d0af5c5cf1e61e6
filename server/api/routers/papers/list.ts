/** The three papers with coverage, verdicts and headline claims. */
import { listPapers } from '../../../papers/index.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.query(({ ctx }) => listPapers(ctx.connection.db));
