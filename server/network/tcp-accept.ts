/**
 * The listening side of one connection: whoever dials us wants to receive from us. Nothing is sent
 * but the handshake's reply before the caller has proved that it knows the run's key, and a caller
 * that does not is dropped: it cannot join, and what it sends breaks nothing but its own connection.
 */
import type { Socket } from 'node:net';
import type { Peer } from '../engine/channel.ts';
import { monotonicMs } from '../engine/clock.ts';
import {
  checkProof,
  encodeReply,
  helloBytes,
  helloHeadBytes,
  judgeHello,
  judgeHelloHead,
  proofBytes,
  readCaller,
} from './handshake.ts';
import type { Hello } from './handshake.ts';
import { peerName } from './peer-name.ts';

export interface AcceptOptions {
  readonly callers: readonly Peer[];
  /** The hello we expect from that caller. */
  readonly expectedHello: (caller: Peer) => Hello;
  readonly authKey: Uint8Array;
  readonly timeoutMs: number;
  readonly isConnected: (caller: Peer) => boolean;
  readonly onAccepted: (caller: Peer, socket: Socket) => void;
  /** A connection was dropped, and why; `caller` is who it said to be. Told once at most. */
  readonly onRefused: (caller: Peer | undefined, why: string) => void;
}

/** Takes one fresh connection through the handshake. Never throws; the socket may be destroyed. */
export function acceptConnection(socket: Socket, options: AcceptOptions): void {
  let collected: Buffer = Buffer.alloc(0);
  let caller: Peer | undefined;
  let hello: Buffer | undefined;
  let reply: Buffer | undefined;
  let over = false;

  const refuse = (why: string): void => {
    if (over) return;
    over = true;
    options.onRefused(caller, why);
    // Not destroy(): a reply that says why may still be on its way.
    socket.destroySoon();
  };

  const readHello = (bytes: Buffer): void => {
    hello = bytes;
    caller = readCaller(bytes, options.callers);
    if (caller === undefined) {
      refuse('a caller that has no role here');
      return;
    }
    const expected = options.expectedHello(caller);
    const taken = options.isConnected(caller);
    const status = taken ? 'has this connection already' : judgeHello(bytes, expected);
    const { sessionId } = expected;
    reply = encodeReply(options.authKey, bytes, { status, sessionId, clockMs: monotonicMs() });
    socket.write(reply);
    if (status !== 'accepted') refuse(`${peerName(caller)} was refused: this end ${status}`);
  };

  const readProof = (proof: Buffer): void => {
    if (caller === undefined || hello === undefined || reply === undefined) return;
    if (!checkProof(options.authKey, hello, reply, proof)) {
      refuse(`a caller that says to be ${peerName(caller)} did not prove that it knows the key`);
    } else if (options.isConnected(caller)) {
      refuse(`${peerName(caller)} connected twice`);
    } else {
      over = true;
      socket.setTimeout(0);
      options.onAccepted(caller, socket);
    }
  };

  socket.setNoDelay(true);
  socket.setTimeout(options.timeoutMs, () => {
    refuse('a caller that did not finish the handshake in time');
    socket.destroy();
  });
  socket.on('error', (error) => refuse(`a caller's connection broke: ${error.message}`));
  socket.on('close', () =>
    refuse(
      caller === undefined
        ? 'a caller that closed the connection'
        : `${peerName(caller)} broke off the handshake (does it know the key of this run?)`,
    ),
  );
  socket.on('data', (chunk) => {
    // After the handshake a receiver has nothing to say on this connection.
    if (over) {
      socket.destroy();
      return;
    }
    collected = Buffer.concat([collected, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    if (hello === undefined && collected.length >= helloHeadBytes) {
      const fault = judgeHelloHead(collected);
      if (fault !== undefined) {
        refuse(`a caller ${fault}`);
        return;
      }
    }
    if (hello === undefined && collected.length >= helloBytes) {
      readHello(collected.subarray(0, helloBytes));
    }
    if (!over && collected.length >= helloBytes + proofBytes) {
      if (collected.length > helloBytes + proofBytes) refuse('a caller that sent too much');
      else readProof(collected.subarray(helloBytes));
    }
  });
}
