/** Whether web, worker, queue, database and disk are well. */
import { readSystemStatus } from '../../../runs/system-status.ts';
import { procedure } from '../../trpc.ts';

export const systemStatus = procedure.query(({ ctx }) => readSystemStatus(ctx.connection.db));
