/**
 * Whether this installation has accounts, and where it may listen. Without accounts whoever reaches
 * the port may do everything, so then it listens on the loopback address only.
 */
import { isIP } from 'node:net';

/**
 * PARLEY_ACCOUNTS, read at each question so that a test can set it.
 * @throws Error for a word that is neither on nor off: a typing error must not open the doors
 */
export function accountsOn(): boolean {
  const asked = process.env['PARLEY_ACCOUNTS'] ?? '';
  if (asked === 'on') return true;
  if (asked === '' || asked === 'off') return false;
  throw new Error(`PARLEY_ACCOUNTS is "${asked}": use on or off.`);
}

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Why Parley does not listen on `host`, with the way to mend it; null where it may.
 * @param host an address of this machine, or a name for one
 * @param admins users who may log in and administer
 */
export function refusalToListen(
  host: string,
  { accounts, admins, hosts }: { accounts: boolean; admins: number; hosts: readonly string[] },
): string | null {
  if (isLoopbackHost(host)) return null;
  if (isIP(host) === 0 && !/^[a-z0-9.-]{1,253}$/i.test(host)) {
    return `--host is "${host}": give an address of this machine, such as 0.0.0.0, or a name.`;
  }
  const add = 'parley users add NAME@EXAMPLE.ORG --admin';
  if (!accounts) {
    return `--host ${host} lets others reach Parley, and without accounts whoever reaches it may do everything. Make an administrator with "${add}", then start with PARLEY_ACCOUNTS=on.`;
  }
  if (admins === 0) {
    return `--host ${host} needs somebody who can log in: make an administrator with "${add}".`;
  }
  if (hosts.length === 0 && ['0.0.0.0', '::'].includes(host)) {
    return `--host ${host} has no single name: say by which names others will ask, PARLEY_HOSTS=parley.example.org,192.0.2.7 (others are refused, against DNS rebinding).`;
  }
  return null;
}
