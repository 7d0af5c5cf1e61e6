/**
 * Session: one party's side of one joint computation, from key agreement to the last reveal.
 * A `Talk` is what a protocol step sees of it: whom it can send to, what it can receive, which
 * randomness it shares with whom, and where in the trace it is booked.
 */
import type { Channel, PartyId, Peer } from './channel.ts';
import { EngineError } from './errors.ts';
import { Ledger } from './ledger.ts';
import { Mailbox } from './mailbox.ts';
import type { Ring } from './plan.ts';
import type { Kernels } from './ring/kernels.ts';
import type { Prg } from './ring/prg.ts';

/** A generator is shared with a party, drawn alone, or shared with the owner (first, second component). */
export type Holder = Peer | 'private' | 'ownerNext';

export type Generators = ReadonlyMap<Holder, Prg>;

/** A strand of the computation with its own message route, depth, randomness and turn. */
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
const maxBranches = 2 ** 16;

export interface SessionOptions {
  readonly channel: Channel;
  readonly kernels: Kernels;
  readonly ring: Ring;
  readonly party: PartyId;
  readonly parties: number;
  /** Called whenever an operation starts, with its place in the model. */
  readonly onPlace?: ((path: string) => void) | undefined;
}

export class Session {
  readonly kernels: Kernels;
  readonly ring: Ring;
  readonly party: PartyId;
  readonly parties: number;
  readonly ledger = new Ledger();
  readonly mailbox: Mailbox;
  readonly onPlace: ((path: string) => void) | undefined;
  readonly #routes = new Set<number>([0]);

  constructor(options: SessionOptions) {
    this.kernels = options.kernels;
    this.ring = options.ring;
    this.party = options.party;
    this.parties = options.parties;
    this.onPlace = options.onPlace;
    this.mailbox = new Mailbox(options.channel);
  }

  /** Party `steps` further in the ring of parties; -1 is the previous one. */
  neighbour(steps: number): PartyId {
    return asPartyId((this.party + steps + this.parties) % this.parties);
  }

  /** Runs `pieces` as branches of `parent`; see `Protocol.together`. */
  async fork<T>(parent: Branch, pieces: readonly ((branch: Branch) => Promise<T>)[]): Promise<T[]> {
    if (pieces.length === 0) return [];
    if (pieces.length > maxBranches) {
      throw new EngineError('range', `together: ${pieces.length} pieces, limit ${maxBranches}`);
    }
    parent.forks += 1;
    const children = pieces.map((_, index) => this.#child(parent, index));
    this.mailbox.fork(pieces.length);
    const results = await Promise.all(
      pieces.map(async (piece, index) => {
        const result = await piece(children[index] as Branch);
        this.mailbox.finish();
        return result;
      }),
    );
    this.mailbox.join(pieces.length);
    for (const child of children) {
      parent.depth = Math.max(parent.depth, child.depth);
      this.#routes.delete(child.route);
    }
    parent.turn += pieces.length;
    return results;
  }

  #child(parent: Branch, index: number): Branch {
    const route = mixRoute(parent.route, parent.forks, index);
    if (this.#routes.has(route)) {
      throw new EngineError('protocol', `two live branches share route ${route}`);
    }
    this.#routes.add(route);
    const label = parent.forks * maxBranches + index;
    const generators = new Map(
      [...parent.generators].map(([holder, prg]) => [holder, prg.child(label)] as const),
    );
    return { route, generators, depth: parent.depth, turn: parent.turn + index, forks: 0 };
  }
}

/** One operation at one place, on one branch. */
export class Talk {
  readonly session: Session;
  readonly branch: Branch;
  readonly path: string;
  readonly op: string;

  constructor(session: Session, branch: Branch, path: string, op: string) {
    this.session = session;
    this.branch = branch;
    this.path = path;
    this.op = op;
  }

  send(to: Peer, payload: Uint8Array): void {
    this.session.ledger.sent(this.path, this.op, to, payload.length);
    this.session.mailbox.send(to, {
      route: this.branch.route,
      depth: this.branch.depth + 1,
      payload,
    });
  }

  async receive(from: Peer, bytes: number): Promise<Uint8Array> {
    const { ledger, mailbox } = this.session;
    ledger.charge(this.path, this.op, 'computeMs');
    const message = await mailbox.receive(this.branch.route, from, bytes);
    ledger.charge(this.path, this.op, 'waitMs');
    this.branch.depth = Math.max(this.branch.depth, message.depth);
    return message.payload;
  }

  /** Bytes that `holder` (or nobody else, for `private`) draws too, at the same point. */
  random(holder: Holder, bytes: number): Uint8Array {
    const prg = this.branch.generators.get(holder);
    if (prg === undefined) {
      throw new EngineError('protocol', `no randomness is shared with ${holder}`);
    }
    return prg.bytes(bytes);
  }

  /** Next value of the public counter by which asymmetric roles rotate. */
  takeTurn(): number {
    return this.branch.turn++;
  }
}

export function asPartyId(value: number): PartyId {
  if (value !== 0 && value !== 1 && value !== 2) {
    throw new EngineError('plan', `party ${value} does not exist; parties are 0, 1 and 2`);
  }
  return value;
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
