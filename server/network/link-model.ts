/**
 * The arithmetic of a whole emulated network: virtual time in, stamps out. Pure and browser-safe. The
 * channel drives one with CLOCK_MONOTONIC for what its own role sends; a replay drives one for
 * everybody with its own virtual time.
 *
 *   stamp = end of serialisation at the rate of the link, queued behind what shares that rate
 *           (link-clock.ts for `pair`, shared-egress.ts for `nic` and `shared`),
 *           later by what slow start adds with TCP mode `cubic`
 *   due   = stamp + RTT / 2
 *
 * With `nic` and `shared` a frame that is handed over later may move the stamps of frames under way;
 * `send` says which. A receiver takes frames of one directed link in order: one that is due before its
 * predecessor waits for it.
 */
import type { Peer } from '../engine/channel.ts';
import { dueMs, LinkClock, serialisationMs, slowStartOf } from './link-clock.ts';
import type { FrameTiming } from './link-clock.ts';
import { shapedLink } from './link.ts';
import type { Link, LinkChoice, Topology } from './link.ts';
import { SharedEgress } from './shared-egress.ts';
import type { SlowStart } from './slow-start.ts';

export interface ModelFrame {
  readonly from: Peer;
  readonly to: Peer;
  /** Number of the frame on this directed link, from 0. */
  readonly index: number;
}

export interface MovedStamp extends ModelFrame {
  readonly stampMs: number;
  readonly dueMs: number;
}

export interface ModelTiming extends FrameTiming {
  /** Number of this frame on its directed link, from 0. */
  readonly index: number;
  /** Frames under way that end later because of this one; in the order in which they end. */
  readonly moved: readonly MovedStamp[];
}

interface Path {
  readonly from: Peer;
  readonly to: Peer;
  readonly link: Link;
  /** Topology `pair` only. */
  readonly clock: LinkClock | undefined;
  readonly slowStart: SlowStart | undefined;
  next: number;
}

/** A frame on a shared rate. */
interface Tagged {
  readonly path: Path;
  readonly index: number;
  /** What slow start adds. */
  extraMs: number;
}

const egressOf: Readonly<Record<Exclude<Topology, 'pair'>, (from: Peer) => string>> = {
  nic: (from) => String(from),
  shared: () => '*',
};

export class LinkModel {
  readonly #choice: LinkChoice | undefined;
  readonly #paths = new Map<string, Path | undefined>();
  readonly #egress = new Map<string, SharedEgress<Tagged>>();

  /** `choice` as a channel is given it; undefined = nothing is shaped. */
  constructor(choice: LinkChoice | undefined) {
    this.#choice = choice;
  }

  /**
   * The link imposed from one role to another; undefined where none is (nothing asked, or the owner's).
   * Throws `EngineError('range')` for a link that `checkLink` refuses.
   */
  link(from: Peer, to: Peer): Link | undefined {
    return this.#path(from, to)?.link;
  }

  /**
   * Hands a frame of `frameBytes` (header included) over at `atMs`. Times of one model must not go
   * back. Undefined on a link that is not shaped: the frame is there at once.
   */
  send(atMs: number, from: Peer, to: Peer, frameBytes: number): ModelTiming | undefined {
    const path = this.#path(from, to);
    if (path === undefined) return undefined;
    const index = path.next;
    path.next += 1;
    if (path.clock !== undefined) return { ...path.clock.send(atMs, frameBytes), index, moved: [] };
    const { link, slowStart } = path;
    const egress = this.#egressOf(link.topology, from);
    const tag: Tagged = { path, index, extraMs: 0 };
    const timing = egress.send(atMs, pathName(from, to), link, frameBytes, tag);
    if (slowStart !== undefined) {
      const endMs = timing.startMs + serialisationMs(link, frameBytes);
      tag.extraMs = Math.max(0, slowStart.send(timing.startMs, frameBytes) - endMs);
    }
    const moved = timing.moved.map(({ tag: { path, index, extraMs }, stampMs }) => {
      const { from, to, link } = path;
      const later = stampMs + extraMs;
      return { from, to, index, stampMs: later, dueMs: dueMs(link, later) };
    });
    const stampMs = timing.stampMs + tag.extraMs;
    return { startMs: timing.startMs, stampMs, dueMs: dueMs(link, stampMs), index, moved };
  }

  #path(from: Peer, to: Peer): Path | undefined {
    const name = pathName(from, to);
    if (this.#paths.has(name)) return this.#paths.get(name);
    const link = shapedLink(this.#choice, from, to);
    const path =
      link === undefined
        ? undefined
        : {
            from,
            to,
            link,
            clock: link.topology === 'pair' ? new LinkClock(link) : undefined,
            slowStart: slowStartOf(link),
            next: 0,
          };
    this.#paths.set(name, path);
    return path;
  }

  #egressOf(topology: Topology, from: Peer): SharedEgress<Tagged> {
    const name = topology === 'pair' ? pathName(from, from) : egressOf[topology](from);
    const egress = this.#egress.get(name) ?? new SharedEgress<Tagged>();
    this.#egress.set(name, egress);
    return egress;
  }
}

const pathName = (from: Peer, to: Peer): string => `${from}>${to}`;
