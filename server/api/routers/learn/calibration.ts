/** How good expectations of latency were, run by run. */
import { readScore } from '../../../runs/calibration/read-score.ts';
import { scoreInOrder } from '../../../runs/calibration/score-in-order.ts';
import { procedure } from '../../trpc.ts';

export const calibration = procedure.query(({ ctx }) => readScore(ctx.connection.db));

/** What would have been said of stored runs, each from the ones before it. */
export const calibrationInOrder = procedure.query(({ ctx }) => scoreInOrder(ctx.connection.db));
