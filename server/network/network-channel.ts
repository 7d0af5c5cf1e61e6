/**
 * Types of the folder: what it adds to the engine's channel, what a channel is opened with, and the
 * pipes of bytes below it (a socket, or memory).
 */
import type { Channel, Peer } from '../engine/channel.ts';
import type { LinkChoice } from './link.ts';

/** Bytes to one peer. */
export interface Wire {
  /** Takes the chunks in order without copying them; never blocks, never throws. */
  write(chunks: readonly Uint8Array[]): void;
  /** Resolves when everything written is out, or after `flushMs` milliseconds; then it is closed. */
  close(flushMs: number): Promise<void>;
}

/** Bytes from one peer. Every fault goes to the channel; false = it is broken, stop reading. */
export interface Inbound {
  target(): Uint8Array<ArrayBuffer> | undefined;
  commit(bytes: number): boolean;
  feed(bytes: Uint8Array): boolean;
  /** The stream is over, in good order or by the error that is named. */
  ended(why?: string): void;
}

export interface FramedChannelOptions {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  /** 8 bytes: frames of another run are refused. */
  readonly sessionId: Uint8Array;
  readonly link?: LinkChoice | undefined;
  /** How long a receive waits without any byte, from everybody or by peer. Default 120 000 ms. */
  readonly receiveTimeoutMs?: number | ((peer: Peer) => number) | undefined;
  /** Longest payload, in bytes. Default 1 GiB. */
  readonly frameLimitBytes?: number | undefined;
  /** Breaks the channel with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Told once, when the channel breaks. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/** What `server/network` adds to the engine's channel. */
export interface NetworkChannel extends Channel {
  /** All counters to zero, e.g. after the probe. Frames not yet received count when they are. */
  resetCounters(): void;
}
