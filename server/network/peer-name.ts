/** How roles and sessions are called in messages for people. */
import type { Peer } from '../engine/channel.ts';

/** `party 1` or `the owner`. */
export const peerName = (peer: Peer): string => (peer === 'owner' ? 'the owner' : `party ${peer}`);

/** Session id (8 bytes) as 16 hexadecimal digits. */
export const sessionName = (sessionId: Uint8Array): string =>
  Buffer.from(sessionId).toString('hex');
