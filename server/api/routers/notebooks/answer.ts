/** The answer to one question of a notebook: what a query finds, a paper's table, a spec's newest run. */
import { answerQuestion } from '../../../notebooks/answer-question.ts';
import { serverQuestionSchema } from '../../schemas/notebook-requests.ts';
import { procedure } from '../../trpc.ts';

export const answer = procedure
  .input(serverQuestionSchema)
  .query(({ ctx, input }) => answerQuestion(ctx.connection.db, input));
