/**
 * A network of one's own in the address: what differs from the usual is a key each, so that a link to
 * `/new` is the profile, to be kept as a bookmark and shared.
 */
import { defaultOverhead } from '../../server/api/schemas/network-limits.ts';
import type { SpecDraft } from './spec-draft.ts';
import { numberOrText } from './number-text.ts';

type Network = SpecDraft['network'];

const keys = ['backend', 'topology', 'tcp', 'overhead', 'matrix'] as const;

/** Anything that does not parse goes to the form as it is, where it is refused by name. */
function matrixOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The network with what the address says about it; bad values reach the form. */
export function readLinkKeys(query: URLSearchParams, network: Network): Network {
  const [backend, topology, tcp, overhead, matrix] = keys.map((key) => query.get(key));
  return {
    ...network,
    ...(typeof backend === 'string' ? { backend } : {}),
    ...(typeof topology === 'string' ? { topology } : {}),
    ...(typeof tcp === 'string' ? { tcp } : {}),
    ...(typeof overhead === 'string' ? { overhead: numberOrText(overhead) } : {}),
    ...(typeof matrix === 'string' ? { matrix: matrixOf(matrix) } : {}),
  };
}

/** Writes what is not usual. */
export function writeLinkKeys(query: URLSearchParams, network: Network): void {
  const { backend, topology, tcp, overhead, matrix } = full(network);
  if (backend !== 'inline') query.set('backend', backend);
  if (topology !== 'pair') query.set('topology', topology);
  if (tcp !== usualTcp(backend)) query.set('tcp', tcp);
  if (overhead !== defaultOverhead) query.set('overhead', String(overhead));
  if (matrix !== null) query.set('matrix', JSON.stringify(matrix));
}

const usualTcp = (backend: string): string => (backend === 'inline' ? 'warm' : 'real');

const full = ({ backend, bitsPerSecond, rttMs, topology, tcp, overhead, matrix }: Network) => ({
  backend,
  bitsPerSecond,
  rttMs,
  topology,
  tcp: tcp ?? usualTcp(backend),
  overhead: overhead ?? defaultOverhead,
  matrix: matrix ?? null,
});

/** Whether two networks ask for the same, whatever their names. */
export const sameLink = (a: Network, b: Network): boolean =>
  JSON.stringify(full(a)) === JSON.stringify(full(b));
