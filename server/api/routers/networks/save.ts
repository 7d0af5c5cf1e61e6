/** Saves a network under its name. */
import { saveNetwork } from '../../../runs/saved-networks.ts';
import { savedNetworkSchema } from '../../schemas/saved-network.ts';
import { procedure } from '../../trpc.ts';

export const save = procedure
  .input(savedNetworkSchema)
  .mutation(({ ctx, input }) => saveNetwork(ctx.connection.db, input));
