/** All saved networks, by name. */
import { listNetworks } from '../../../runs/saved-networks.ts';
import { procedure } from '../../trpc.ts';

export const list = procedure.query(({ ctx }) => listNetworks(ctx.connection.db));
