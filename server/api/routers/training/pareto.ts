/** Every teacher with its students, each with the runs that were made of it. */
import { readStudents } from '../../../runs/training/read-students.ts';
import { procedure } from '../../trpc.ts';

export const pareto = procedure.query(({ ctx }) => readStudents(ctx.connection.db));
