/** A draft's network while somebody changes it: what goes together, and why something does not. */
import { formatRoundTrip } from '../../server/api/schemas/format.ts';
import { leastInlineRttMs, matrixSizeOf } from '../../server/api/schemas/network-limits.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { SpecDraft } from './spec-draft.ts';

type Network = SpecDraft['network'];

/** Another backend, without what only the one before had. */
export function withBackend(network: Network, backend: string): Network {
  const { tcp, overhead, matrix, ...rest } = network;
  const imposed = matrix === undefined || backend === 'none' ? {} : { matrix };
  if (backend !== 'inline') return { ...rest, ...imposed, backend };
  return {
    ...rest,
    ...imposed,
    ...(tcp === undefined || tcp === 'real' ? {} : { tcp }),
    ...(overhead === undefined ? {} : { overhead }),
    backend,
    topology: reasonAgainstTopology(backend, rest.topology) === null ? rest.topology : 'pair',
  };
}

/** The network as a start for one's own: on the backend that every machine has. */
export const asCustom = (network: Network): Network => ({
  ...withBackend(network, 'inline'),
  name: 'custom',
});

/** Why a backend cannot have a topology; null where it can. */
export const reasonAgainstTopology = (backend: string, topology: string): string | null =>
  backend === 'inline' && topology === 'shared'
    ? 'needs the kernel backend: inline emulates in each party by itself'
    : null;

/**
 * Why a named network cannot be chosen for this protocol and machine; null where it can.
 *
 * @param kernelFault why the kernel backend cannot be had here; null where it can
 */
export function reasonAgainstNetwork(
  profile: Catalog['networks'][number],
  protocol: Pick<Catalog['protocols'][number], 'id' | 'parties' | 'needsCorrelations'> | undefined,
  kernelFault: string | null,
): string | null {
  if (profile.backend === 'kernel' && kernelFault !== null) return kernelFault;
  const { rttMs } = profile;
  if (profile.backend === 'inline' && rttMs > 0 && rttMs < leastInlineRttMs) {
    return `${formatRoundTrip(rttMs)} is shorter than can be held here (${formatRoundTrip(leastInlineRttMs)}); see it in the what-if of a finished run.`;
  }
  const rows = matrixSizeOf(profile);
  if (rows === undefined || protocol === undefined) return null;
  const roles = protocol.needsCorrelations
    ? [protocol.parties, protocol.parties + 1]
    : [protocol.parties];
  return roles.includes(rows)
    ? null
    : `Joins ${rows} roles, and ${protocol.id} has ${roles.join(' or ')} with links.`;
}
