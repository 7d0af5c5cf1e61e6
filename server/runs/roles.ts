/** Which processes a plan needs, and what they and their files are called. */
import type { PartyId, Peer } from '../engine/channel.ts';
import { correlationsOf, partiesOf } from '../engine/execute.ts';
import { partyIds } from '../engine/keys.ts';
import { peerName } from '../engine/peer-name.ts';
import type { Plan } from '../engine/plan.ts';

/** Whoever is measured: everybody but the owner. */
export type MeasuredRole = PartyId | 'dealer';

type Parties = Pick<Plan, 'variant' | 'correlations'>;

/** The parties by number, then the dealer where the plan has one. */
export const measuredRolesOf = (plan: Parties): MeasuredRole[] => [
  ...partyIds(partiesOf(plan.variant)),
  ...(correlationsOf(plan) === 'dealer' ? (['dealer'] as const) : []),
];

/** All of them, the owner last. */
export const rolesOf = (plan: Parties): Peer[] => [...measuredRolesOf(plan), 'owner'];

/** Whom a role is connected to. Dealer and owner have nothing to say to each other. */
export const peersOf = (plan: Parties, self: Peer): Peer[] =>
  rolesOf(plan).filter(
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
