/** Deletes a saved network. */
import { z } from 'zod';
import { deleteNetwork } from '../../../runs/saved-networks.ts';
import { networkNameSchema } from '../../schemas/saved-network.ts';
import { procedure } from '../../trpc.ts';

export const remove = procedure
  .input(z.strictObject({ name: networkNameSchema }))
  .mutation(({ ctx, input }) => deleteNetwork(ctx.connection.db, input.name));
