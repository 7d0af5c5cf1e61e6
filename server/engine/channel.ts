/**
 * Channel: an ordered, reliable pipe of frames from this role to each of its peers.
 *
 * The engine knows only this interface; `server/network` implements it over memory (tests) and TCP
 * with an emulated link. A channel knows nothing of rings, shares or rounds.
 */
import { EngineError } from './errors.ts';

/** Compute parties are numbered from 0. */
export type PartyId = 0 | 1 | 2;

export function asPartyId(value: number): PartyId {
  if (value !== 0 && value !== 1 && value !== 2) {
    throw new EngineError('plan', `party ${value} does not exist; parties are 0, 1 and 2`);
  }
  return value;
}

/**
 * Whoever can sit at the end of a channel: a compute party, the owner (who holds inputs and
 * weights, shares them and receives what is revealed), or the dealer (who hands out correlated
 * randomness to two parties and sees nothing else).
 */
export type Peer = PartyId | 'owner' | 'dealer';

/** Counters of one directed link, as the sender (sent*) and as the receiver (received*). */
export interface LinkCounters {
  readonly peer: Peer;
  /** Payload bytes handed to `send`. */
  readonly bytesSent: number;
  readonly framesSent: number;
  /** Bytes of headers added by the channel, not part of `bytesSent`. */
  readonly frameBytesSent: number;
  readonly bytesReceived: number;
  readonly framesReceived: number;
  /** Frames that were delivered after the emulated link's due time while someone waited for them. */
  readonly framesLate: number;
  readonly worstLateMs: number;
  /** Of an emulated link. */
  readonly overdue?: Overdue;
}

/** Frames for which somebody waited when they became due, and how long after that they came in all. */
export interface Overdue {
  readonly frames: number;
  /** Milliseconds, of all of them together. */
  readonly ms: number;
}

export interface Channel {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  /**
   * Queues one frame whose payload is the concatenation of `parts`. The parts must not be changed
   * afterwards. Never blocks; throws `EngineError('channel')` when the channel is closed or broken.
   */
  send(to: Peer, parts: readonly Uint8Array[]): void;
  /**
   * The next frame's payload from that peer, in order. Rejects with `EngineError('channel')` naming
   * the peer when the peer is gone, a frame is corrupted, out of order or of another run, or when
   * nothing came within the channel's time limit; with 'aborted' when the run was cancelled.
   */
  receive(from: Peer): Promise<Uint8Array>;
  counters(): readonly LinkCounters[];
  /** Idempotent. Pending receives reject with `reason`. */
  close(reason?: Error): Promise<void>;
}
