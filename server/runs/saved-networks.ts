/** Use cases: networks that somebody saved under a name, beside those of the papers. */
import { networkSchema, normaliseNetwork, type NetworkSpec } from '../api/schemas/network-spec.ts';
import type { Catalog } from '../api/schemas/catalog-view.ts';
import type { Database } from '../db/client.ts';
import { linkProfiles } from '../network/profiles.ts';
import { RunError } from './errors.ts';

export const mostSavedNetworks = 200;

/** Names that mean something else in an address. */
const isTaken = (name: string): boolean =>
  name === 'custom' || linkProfiles.some(({ link }) => link.name === name);

/** By name. */
export async function listNetworks(db: Database): Promise<NetworkSpec[]> {
  const rows = await db.savedNetwork.findMany({ orderBy: { name: 'asc' } });
  return rows.map(({ network }) => networkSchema.parse(network));
}

/** As the catalog shows them, after those of the papers. */
export async function savedNetworkEntries(db: Database): Promise<Catalog['networks'][number][]> {
  return (await listNetworks(db)).map((network) => ({
    ...network,
    id: network.name,
    title: network.name,
    description: 'Saved here.',
    source: null,
    basis: 'saved',
    trap: null,
  }));
}

/** @throws RunError 'conflict' when the name is taken or there are too many */
export async function saveNetwork(db: Database, network: NetworkSpec): Promise<NetworkSpec> {
  const { name } = network;
  if (isTaken(name)) {
    throw new RunError('conflict', `the name "${name}" is one of Parley's own; use another.`);
  }
  const normal = normaliseNetwork(network);
  return db.$transaction(async (tx) => {
    if ((await tx.savedNetwork.count()) >= mostSavedNetworks) {
      const text = `there are ${mostSavedNetworks} saved networks already; delete one first.`;
      throw new RunError('conflict', text);
    }
    if ((await tx.savedNetwork.findUnique({ where: { name } })) !== null) {
      const fix = 'give this one another name, or delete that one first.';
      throw new RunError('conflict', `there is a network "${name}" already; ${fix}`);
    }
    await tx.savedNetwork.create({ data: { name, network: normal } });
    return normal;
  });
}

/** Runs keep the network that they were made with. @throws RunError 'notFound' */
export async function deleteNetwork(db: Database, name: string): Promise<void> {
  const { count } = await db.savedNetwork.deleteMany({ where: { name } });
  if (count === 0) {
    throw new RunError('notFound', `there is no saved network "${name}"; it may be deleted.`);
  }
}
