/** Which processes a plan needs, and what they and their files are called. */
import type { PartyId, Peer } from '../engine/channel.ts';
import { correlationsOf, partiesOf } from '../engine/execute.ts';
import { partyIds } from '../engine/keys.ts';
import { peerName } from '../engine/peer-name.ts';
import type { Plan } from '../engine/plan.ts';

/** Whoever is measured: everybody but the owner. */
export type MeasuredRole = PartyId | 'dealer';

type Parties = Pick<Plan, 'variant' | 'correlations'>;

/**
 * Who takes part in a session: everybody; nobody who holds data, when a dealer deals ahead of time
 * (`offline`); nobody who deals, when it has (`dealt`).
 */
export type Attendance = 'all' | 'offline' | 'dealt';

/** The parties by number, then the dealer where the plan has one. */
export const measuredRolesOf = (plan: Parties, attendance: Attendance = 'all'): MeasuredRole[] => [
  ...partyIds(partiesOf(plan.variant)),
  ...(correlationsOf(plan) === 'dealer' && attendance !== 'dealt' ? (['dealer'] as const) : []),
];

/** All of them, the owner last. */
export const rolesOf = (plan: Parties, attendance: Attendance = 'all'): Peer[] => [
  ...measuredRolesOf(plan, attendance),
  ...(attendance === 'offline' ? [] : (['owner'] as const)),
];

/** Whom a role is connected to. Dealer and owner have nothing to say to each other. */
export const peersOf = (plan: Parties, self: Peer, attendance: Attendance = 'all'): Peer[] =>
  rolesOf(plan, attendance).filter(
    (peer) =>
      peer !== self &&
      !(self === 'dealer' && peer === 'owner') &&
      !(self === 'owner' && peer === 'dealer'),
  );

/** At the start of a sentence: `Party 1`, `The dealer`. */
export function roleName(role: Peer): string {
  const name = peerName(role);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** In names of files: `party-1`, `dealer`. */
export const roleFileName = (role: Peer): string =>
  typeof role === 'number' ? `party-${role}` : role;
