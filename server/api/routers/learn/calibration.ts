/** How good expectations of latency were, run by run. */
import { readScore } from '../../../runs/calibration/read-score.ts';
import { procedure } from '../../trpc.ts';

export const calibration = procedure.query(({ ctx }) => readScore(ctx.connection.db));
