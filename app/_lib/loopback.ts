/** What is said of an address that works on this machine alone. */
export { isLoopback } from '../../server/api/schemas/loopback.ts';

export const loopbackNote =
  'Only this machine can open this link. For others, start with --share HOST:PORT, or set PARLEY_PUBLIC_URL; or send the file.';
