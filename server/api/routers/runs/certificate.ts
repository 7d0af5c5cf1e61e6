/** A run's link certificate with its signature; NOT_FOUND while there is none. */
import { z } from 'zod';
import { readCertificate } from '../../../runs/read-certificate.ts';
import { runIdSchema } from '../../schemas/requests.ts';
import { procedure } from '../../trpc.ts';

export const certificate = procedure
  .input(z.object({ id: runIdSchema }))
  .query(({ ctx, input }) => readCertificate(ctx.connection.db, input.id));
