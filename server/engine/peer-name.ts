/** How a role is called in sentences. */
import type { Peer } from './channel.ts';

export function peerName(peer: Peer): string {
  return typeof peer === 'number' ? `party ${peer}` : `the ${peer}`;
}
