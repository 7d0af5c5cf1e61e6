/**
 * Session: one party's side of one joint computation, from key agreement to the last reveal.
 * A `Talk` is what a protocol step sees of it: whom it can send to, what it can receive, which
 * randomness it shares with whom, and where in the trace it is booked.
 */
import { childBranch, maxBranches, type Branch, type Holder } from './branch.ts';
import { asPartyId, type Channel, type PartyId, type Peer } from './channel.ts';
import type { Correlation } from './correlations/correlation.ts';
import type { CorrelationSource } from './correlations/source.ts';
import { EngineError } from './errors.ts';
import { Ledger } from './ledger.ts';
import { Mailbox } from './mailbox.ts';
import { wholeBytes, type Opening, type SeenAt, type Watcher } from './opening-log.ts';
import type { Ring } from './plan.ts';
import type { Kernels } from './ring/kernels.ts';
import { recordedChannel } from './timeline.ts';

export type { Branch, Holder } from './branch.ts';

export interface SessionOptions {
  readonly channel: Channel;
  readonly kernels: Kernels;
  readonly ring: Ring;
  readonly party: PartyId;
  readonly parties: number;
  /** Protocols of two parties need one. */
  readonly correlations?: CorrelationSource | undefined;
  /** Called whenever an operation starts, with its place in the model. */
  readonly onPlace?: ((path: string) => void) | undefined;
  /** Called when this party has sent all that it can, before it waits for the others. */
  readonly onIdle?: (() => void) | undefined;
  /** Watches what this party receives and opens; see `opening-log.ts`. */
  readonly watcher?: Watcher | undefined;
}

export class Session {
  readonly kernels: Kernels;
  readonly ring: Ring;
  readonly party: PartyId;
  readonly parties: number;
  readonly ledger = new Ledger();
  /** Every frame through it is noted in the ledger's timeline. */
  readonly channel: Channel;
  readonly mailbox: Mailbox;
  readonly onPlace: ((path: string) => void) | undefined;
  readonly watcher: Watcher | undefined;
  readonly #correlations: CorrelationSource | undefined;
  readonly #routes = new Set<number>([0]);

  constructor(options: SessionOptions) {
    this.kernels = options.kernels;
    this.ring = options.ring;
    this.party = options.party;
    this.parties = options.parties;
    this.onPlace = options.onPlace;
    this.watcher = options.watcher;
    this.#correlations = options.correlations;
    const { timeline } = this.ledger;
    this.channel = recordedChannel(options.channel, timeline);
    this.mailbox = new Mailbox(this.channel, () => {
      options.onIdle?.();
      timeline.idle();
    });
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

  /** Halves of this party, see `CorrelationSource.take`. */
  correlate(branch: Branch, correlation: Correlation): readonly Uint8Array[] {
    if (this.#correlations === undefined) {
      throw new EngineError('protocol', 'this session has nobody who makes correlations');
    }
    return this.#correlations.take(branch, correlation);
  }

  #child(parent: Branch, index: number): Branch {
    const child = childBranch(parent, index);
    if (this.#routes.has(child.route)) {
      throw new EngineError('protocol', `two live branches share route ${child.route}`);
    }
    this.#routes.add(child.route);
    return child;
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
    this.session.watcher?.arrived({ ...this.#here(), from, payload: message.payload });
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

  /** This party's halves of a correlation, fresh. */
  correlate(correlation: Correlation): readonly Uint8Array[] {
    return this.session.correlate(this.branch, correlation);
  }

  /** Tells the watcher, if there is one, what this party has just seen. */
  saw(opening: Omit<Opening, keyof SeenAt>): void {
    this.session.watcher?.opened({ ...opening, ...this.#here() });
  }

  /** Of one message that hides under what others have drawn, any bytes equally likely. */
  sawMessage(bytes: Uint8Array): void {
    this.saw({ kind: 'received', domain: wholeBytes, masks: [], bytes, messages: [bytes] });
  }

  /** Next value of the public counter by which asymmetric roles rotate. */
  takeTurn(): number {
    return this.branch.turn++;
  }

  #here(): SeenAt {
    return { path: this.path, op: this.op, route: this.branch.route };
  }
}
