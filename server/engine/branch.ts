/**
 * Branch: a strand of the computation with its own message route, depth, randomness and role turn.
 * Parties, dealer and price derive branches alike, so that they agree without a message.
 */
import type { Peer } from './channel.ts';
import type { Prg } from './ring/prg.ts';

/**
 * With whom a generator is shared: a peer (for the owner: the first component that is held), nobody
 * else, the owner for the second component, or, in a party that is its own dealer, the other party
 * for that party's half of the correlations.
 */
export type Holder = Peer | 'private' | 'ownerNext' | 'dealtToOther';

export type Generators = ReadonlyMap<Holder, Prg>;

export interface Branch {
  readonly route: number;
  readonly generators: Generators;
  /** Depth of the latest message this branch depends on. */
  depth: number;
  /** Public counter by which asymmetric roles rotate. */
  turn: number;
  forks: number;
}

/** Pieces of one fork: keeps the labels, from which branches derive their keys, distinct. */
export const maxBranches = 2 ** 16;

export function rootBranch(generators: Generators): Branch {
  return { route: 0, generators, depth: 0, turn: 0, forks: 0 };
}

/** The `index`-th branch of the parent's latest fork. */
export function childBranch(parent: Branch, index: number): Branch {
  const label = parent.forks * maxBranches + index;
  return {
    route: mixRoute(parent.route, parent.forks, index),
    generators: new Map(
      [...parent.generators].map(([holder, prg]) => [holder, prg.child(label)] as const),
    ),
    depth: parent.depth,
    turn: parent.turn + index,
    forks: 0,
  };
}

/** 32-bit label of a branch; a clash between live branches is an error, never a mix-up. */
function mixRoute(parent: number, forks: number, index: number): number {
  let hash = parent;
  for (const value of [forks, index + 1]) {
    hash = Math.imul(hash ^ value, 0x85ebca6b) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
    hash = (hash ^ (hash >>> 16)) >>> 0;
  }
  return hash;
}
