/** How roles and sessions are called in messages for people. */
export { peerName } from '../engine/peer-name.ts';

/** Session id (8 bytes) as 16 hexadecimal digits. */
export const sessionName = (sessionId: Uint8Array): string =>
  Buffer.from(sessionId).toString('hex');
