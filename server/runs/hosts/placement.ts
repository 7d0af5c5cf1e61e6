/**
 * Where the roles of a run are placed: each computing role on a host of its own, the owner with its data at
 * the worker. Hosts are named by an administrator, with their pins; nothing is placed on a host that is not.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { EngineError } from '../../engine/errors.ts';
import type { MeasuredRole } from '../roles.ts';
import { pinPattern } from './identity.ts';
import { addressText, type HostAddress } from './secure-socket.ts';

export interface PartyHostAddress extends HostAddress {
  readonly pin: string;
}

const form = 'HOST:PORT#PIN, as "parley party" prints it';

/**
 * @param least smallest port: 0 asks for any free one to listen on
 * @throws Error naming the value and its form
 */
export function readAddress(text: string, least: 0 | 1 = 1): HostAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  const isHost = isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host);
  if (!isHost || !z.number().int().min(least).max(65535).safeParse(port).success) {
    throw new Error(`"${text}" is no address: write HOST:PORT, as 192.0.2.7:7400.`);
  }
  return { host, port };
}

/**
 * PARLEY_PARTY_HOSTS: addresses with pins, with commas; empty where all roles run at the worker.
 * @throws Error naming the entry and its form
 */
export function readPartyHosts(text = process.env['PARLEY_PARTY_HOSTS'] ?? ''): PartyHostAddress[] {
  const entries = text.split(',').map((entry) => entry.trim());
  const hosts = entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [address = '', pin = ''] = entry.split('#');
      if (!pinPattern.test(pin)) {
        throw new Error(`PARLEY_PARTY_HOSTS has "${entry.slice(0, 100)}": write ${form}.`);
      }
      return { ...readAddress(address), pin };
    });
  const pins = new Set(hosts.map(({ pin }) => pin));
  if (pins.size < hosts.length) {
    throw new Error('PARLEY_PARTY_HOSTS names one pin twice: every host has a key of its own.');
  }
  return hosts;
}

/**
 * A host for each role, in the order in which they are named.
 * @throws EngineError 'backend' where there are fewer than roles: two roles on one host could pool what they hold
 */
export function placeRoles(
  roles: readonly MeasuredRole[],
  hosts: readonly PartyHostAddress[],
): ReadonlyMap<MeasuredRole, PartyHostAddress> {
  if (hosts.length < roles.length) {
    const named = hosts.map(addressText).join(', ');
    throw new EngineError(
      'backend',
      `the run has ${roles.length} computing roles and PARLEY_PARTY_HOSTS names ${hosts.length} hosts (${named}): each role needs a host of its own. Name more, or use backend inline to run on one host`,
    );
  }
  return new Map(roles.map((role, index) => [role, hosts[index] as PartyHostAddress]));
}
