/** Route: all that a channel keeps about one peer. */
import type { Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { FrameParser } from './frame-parser.ts';
import type { ParsedFrame } from './frame-parser.ts';
import { defaultFrameLimitBytes, largestFrameLimitBytes } from './frame.ts';
import { Inbox } from './inbox.ts';
import { LinkClock } from './link-clock.ts';
import { LinkCounter } from './link-counter.ts';
import { shapedLink } from './link.ts';
import type { FramedChannelOptions, Wire } from './network-channel.ts';
import { peerName } from './peer-name.ts';
import type { SoftTimer } from './soft-timer.ts';

export interface Route {
  readonly peer: Peer;
  /** The link of the other direction, driven by what arrives: bounds the peer's stamps. */
  readonly clockBack: LinkClock | undefined;
  readonly counter: LinkCounter;
  readonly parser: FrameParser;
  readonly inbox: Inbox;
  wire: Wire | undefined;
  sequence: number;
  /** The peer said that it will neither send nor read any more. */
  finished: boolean;
}

const defaultReceiveTimeoutMs = 120_000;

function checkOption(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new EngineError('range', `channel: ${name} is ${value}, allowed: ${low} to ${high}`);
}

/**
 * Throws `EngineError('range')` for an option or a link that is out of its range, naming the value
 * and what is allowed.
 */
export function openRoute(
  options: FramedChannelOptions,
  peer: Peer,
  hooks: {
    timer: SoftTimer;
    onFrame: (frame: ParsedFrame) => void;
    onTimeout: (error: EngineError) => void;
  },
): Route {
  const { self, link, sessionId } = options;
  const { receiveTimeoutMs: limit = defaultReceiveTimeoutMs } = options;
  const receiveTimeoutMs = typeof limit === 'function' ? limit(peer) : limit;
  const { frameLimitBytes = defaultFrameLimitBytes } = options;
  checkOption('frameLimitBytes', frameLimitBytes, 1024, largestFrameLimitBytes);
  checkOption('receiveTimeoutMs', receiveTimeoutMs, 1, 2 ** 31 - 1);
  checkOption('sessionId.length', sessionId.length, 8, 8);
  // Refuses a bad link now and not at the first frame.
  shapedLink(link, self, peer);
  const linkBack = shapedLink(link, peer, self);
  const name = peerName(peer);
  const counter = new LinkCounter(linkBack?.rttMs);
  const { timer, onFrame, onTimeout } = hooks;
  return {
    peer,
    clockBack: linkBack === undefined ? undefined : new LinkClock(linkBack),
    counter,
    parser: new FrameParser({ peer: name, sessionId, frameLimitBytes, onFrame }),
    inbox: new Inbox({ peer: name, counter, timer, receiveTimeoutMs, onTimeout }),
    wire: undefined,
    sequence: 0,
    finished: false,
  };
}
