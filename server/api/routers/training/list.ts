/** Trainings, newest first. */
import { listTrainings } from '../../../runs/training/read-trainings.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.query(({ ctx }) => listTrainings(ctx.connection.db));
