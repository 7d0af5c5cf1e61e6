/** Everything that can be chosen on the Run page, networks that somebody saved included. */
import { readCatalog } from '../../../runs/catalog.ts';
import { savedNetworkEntries } from '../../../runs/saved-networks.ts';
import { procedure } from '../../trpc.ts';

export const getCatalog = procedure.query(async ({ ctx }) => {
  const [catalog, saved] = await Promise.all([
    readCatalog(),
    savedNetworkEntries(ctx.connection.db),
  ]);
  return { ...catalog, networks: [...catalog.networks, ...saved] };
});
