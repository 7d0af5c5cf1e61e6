/**
 * The handshake of one connection: both ends prove that they know the run's key before any frame.
 *
 *   dialler  -> acceptor   hello: magic, version, from, to, session, link, nonce, engine, plan
 *   acceptor -> dialler    reply: magic, status, session, clock, nonce, HMAC(key, 'accept' hello reply)
 *   dialler  -> acceptor   proof: HMAC(key, 'dial' hello reply)
 *
 * HMAC-SHA256; the labels differ and the roles are in the hello, so no message can be reflected.
 * It keeps other local processes out at the start; it does not encrypt or sign the frames that
 * follow (links between hosts go through TLS, not through this). Both ends must run the same version
 * of the engine on the same plan, and ask for the same link; and for an emulated link their clocks must be one clock: the acceptor's clock is read between
 * the dialler's sending and receiving, so it must lie between.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { tcpModes, topologies } from './link.ts';
import type { Link } from './link.ts';
import { sessionName } from './peer-name.ts';

export const helloBytes = 128;
export const replyBytes = 88;
export const proofBytes = 32;
export const authKeyBytes = 32;

const helloMagic = 0x4853_5250;
const replyMagic = 0x5252_5250;
const version = 2;
const engineBytes = 24;
const planHashBytes = 32;

/** Why an acceptor refuses; the position is the status byte. */
export const refusals = [
  'accepted',
  'is of another session',
  'expects another role on this connection',
  'has this connection already',
  'was asked for another link',
  'runs another version of the engine',
  'was given another plan',
] as const;
export type Refusal = (typeof refusals)[number];

/** What both ends must agree on before anything is shared. */
export interface Terms {
  /** Version of the engine: 1 to 24 bytes of text. */
  readonly engine: string;
  /** SHA-256 of the plan, 32 bytes. */
  readonly planHash: Uint8Array;
}

/** Of channels without a plan (tests, benchmarks). */
export const noTerms: Terms = { engine: 'none', planHash: new Uint8Array(planHashBytes) };

/** Returns the terms; throws `EngineError('range')` for a text or a hash that does not fit. */
export function checkTerms(terms: Terms): Terms {
  const { engine, planHash } = terms;
  const length = Buffer.byteLength(engine);
  if (length < 1 || length > engineBytes) {
    const allowed = `allowed: 1 to ${engineBytes} bytes`;
    throw new EngineError('range', `channel: terms.engine is '${engine}', ${allowed}`);
  }
  if (planHash.length !== planHashBytes) {
    const allowed = `allowed: ${planHashBytes}`;
    const text = `channel: terms.planHash.length is ${planHash.length}, ${allowed}`;
    throw new EngineError('range', text);
  }
  return terms;
}

export interface Hello {
  readonly from: Peer;
  readonly to: Peer;
  readonly sessionId: Uint8Array;
  /** The link that will shape the frames of this connection. */
  readonly link: Link | undefined;
  readonly terms: Terms;
}

function roleByte(peer: Peer): number {
  if (peer === 'owner') return 255;
  return peer === 'dealer' ? 254 : peer;
}

export function encodeHello(hello: Hello): Buffer {
  const bytes = Buffer.alloc(helloBytes);
  bytes.writeUInt32LE(helloMagic, 0);
  bytes.writeUInt8(version, 4);
  bytes.writeUInt8(roleByte(hello.from), 5);
  bytes.writeUInt8(roleByte(hello.to), 6);
  bytes.set(hello.sessionId, 8);
  if (hello.link !== undefined) {
    const { bitsPerSecond, rttMs, overheadFactor, topology, tcp = 'warm' } = hello.link;
    bytes.writeUInt8(topologies.indexOf(topology) + 16 * tcpModes.indexOf(tcp), 7);
    bytes.writeDoubleLE(bitsPerSecond === 'unlimited' ? Infinity : bitsPerSecond, 16);
    bytes.writeDoubleLE(rttMs, 24);
    bytes.writeDoubleLE(overheadFactor, 32);
  }
  randomBytes(32).copy(bytes, 40);
  bytes.write(hello.terms.engine, 72, engineBytes);
  bytes.set(hello.terms.planHash, 96);
  return bytes;
}

/** Enough of a hello to tell whether the rest of it can be read. */
export const helloHeadBytes = 5;

/** What is wrong with the first bytes of a hello, to follow "a caller"; undefined = nothing. */
export function judgeHelloHead(bytes: Buffer): string | undefined {
  if (bytes.readUInt32LE(0) !== helloMagic) return 'that does not speak this protocol';
  const theirs = bytes.readUInt8(4);
  if (theirs === version) return undefined;
  return `that speaks version ${theirs} of this protocol, this is version ${version}`;
}

/** Who says to be calling; undefined when that role has no part here. */
export function readCaller(bytes: Buffer, callers: readonly Peer[]): Peer | undefined {
  return callers.find((peer) => roleByte(peer) === bytes.readUInt8(5));
}

/** Compares a hello with the one expected from this caller. */
export function judgeHello(bytes: Buffer, expected: Hello): Refusal {
  const own = encodeHello(expected);
  if (!bytes.subarray(8, 16).equals(own.subarray(8, 16))) return refusals[1];
  if (!bytes.subarray(5, 7).equals(own.subarray(5, 7))) return refusals[2];
  if (!bytes.subarray(72, 96).equals(own.subarray(72, 96))) return refusals[5];
  if (!bytes.subarray(96, 128).equals(own.subarray(96, 128))) return refusals[6];
  const sameKind = bytes[7] === own[7];
  if (!sameKind || !bytes.subarray(16, 40).equals(own.subarray(16, 40))) return refusals[4];
  return refusals[0];
}

const sign = (key: Uint8Array, label: string, ...parts: Uint8Array[]): Buffer => {
  const hmac = createHmac('sha256', key).update(label);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
};

const replySigned = replyBytes - proofBytes;

export function encodeReply(
  key: Uint8Array,
  hello: Buffer,
  reply: { status: Refusal; sessionId: Uint8Array; clockMs: number },
): Buffer {
  const bytes = Buffer.alloc(replyBytes);
  bytes.writeUInt32LE(replyMagic, 0);
  bytes.writeUInt8(refusals.indexOf(reply.status), 4);
  bytes.set(reply.sessionId, 8);
  bytes.writeDoubleLE(reply.clockMs, 16);
  randomBytes(32).copy(bytes, 24);
  sign(key, 'parley accept', hello, bytes.subarray(0, replySigned)).copy(bytes, replySigned);
  return bytes;
}

/**
 * What is wrong with the reply to `hello`, to follow the acceptor's name in a sentence; undefined =
 * nothing. `sentMs` and `receivedMs` enclose the exchange.
 */
export function judgeReply(
  key: Uint8Array,
  hello: Buffer,
  reply: Buffer,
  context: { expected: Hello; sentMs: number; receivedMs: number },
): string | undefined {
  if (reply.readUInt32LE(0) !== replyMagic) return 'does not speak this protocol';
  const { sessionId, link } = context.expected;
  const session = reply.subarray(8, 16);
  if (!session.equals(sessionId)) {
    return `is of session ${sessionName(session)}, this is session ${sessionName(sessionId)}`;
  }
  const signature = sign(key, 'parley accept', hello, reply.subarray(0, replySigned));
  if (!timingSafeEqual(signature, reply.subarray(replySigned))) {
    return 'did not prove that it knows the key of this run';
  }
  const status = reply.readUInt8(4);
  if (status !== 0) return refusals[status] ?? `refused for an unknown reason (${status})`;
  const clockMs = reply.readDoubleLE(16);
  if (link !== undefined && !(clockMs >= context.sentMs && clockMs <= context.receivedMs)) {
    return 'has another clock: an emulated link needs all parties on one host';
  }
  return undefined;
}

export const encodeProof = (key: Uint8Array, hello: Buffer, reply: Buffer): Buffer =>
  sign(key, 'parley dial', hello, reply);

export const checkProof = (
  key: Uint8Array,
  hello: Buffer,
  reply: Buffer,
  proof: Uint8Array,
): boolean => timingSafeEqual(encodeProof(key, hello, reply), proof);
