/**
 * Key agreement: how the generators of a session come to be.
 *
 * Each pair of parties agrees on a key by X25519 over their own channel, and each party with the
 * dealer where there is one; the owner deals the keys from which it and a party draw the components
 * of inputs. With `insecureSeed` every key follows from that string instead: repeatable, and without
 * any privacy, for tests and debugging only.
 */
import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import type { Generators, Holder } from './branch.ts';
import { asPartyId, type Channel, type PartyId, type Peer } from './channel.ts';
import { EngineError } from './errors.ts';
import { peerName } from './peer-name.ts';
import type { CorrelationsId } from './plan.ts';
import type { Kernels } from './ring/kernels.ts';
import { Prg } from './ring/prg.ts';

const keyBytes = 16;
const publicKeyBytes = 44;
const dealingBytes = 16;

/** What a party keeps of its agreement with the dealer: the key of their stream, and of what dealing. */
export interface DealtKey {
  readonly key: Uint8Array;
  /** Random, the same for both parties; no secret. */
  readonly dealing: Uint8Array;
}

export interface KeyOptions {
  readonly channel: Channel;
  readonly kernels: Kernels;
  readonly parties: number;
  /** Null in protocols that need no correlations. */
  readonly correlations: CorrelationsId | null;
  readonly insecureSeed: string | null;
}

/**
 * Everything party `self` needs to draw randomness; exchanges one message with every peer.
 * `components` is how many components of an input a party holds: 1 or 2.
 */
export async function agreeKeys(
  options: KeyOptions & {
    readonly self: PartyId;
    readonly components: 1 | 2;
    /** Agreed with the dealer ahead of time; then the dealer is no peer. */
    readonly dealt?: DealtKey | undefined;
  },
): Promise<Generators> {
  const { channel, kernels, self, parties, correlations, insecureSeed, dealt } = options;
  const others: Peer[] = partyIds(parties).filter((party) => party !== self);
  if (correlations === 'dealer' && dealt === undefined) others.push('dealer');
  const keys = await pairKeys(channel, self, others, insecureSeed);
  const generators = new Map<Holder, Prg>();
  for (const [peer, key] of keys) generators.set(peer, prgOf(kernels, key));
  generators.set('private', prgOf(kernels, ownKey(insecureSeed, `private ${self}`)));
  if (dealt !== undefined) generators.set('dealer', prgOf(kernels, dealt.key));
  if (correlations === 'dealer') {
    await compareDealings(channel, self, dealt?.dealing ?? (await receiveDealing(channel)));
  }
  if (correlations === 'insecureFirstParty') {
    // Party 1's half of every correlation comes from a key that party 0 has too: hence insecure.
    const shared = keys.get(self === 0 ? 1 : 0);
    if (shared === undefined) throw new EngineError('plan', 'two parties share the dealt key');
    const key = labelled(shared, 'parley first party deals');
    generators.set(self === 0 ? 'dealtToOther' : 'dealer', prgOf(kernels, key));
    if (self === 0) generators.set('dealer', prgOf(kernels, ownKey(insecureSeed, 'first party')));
  }
  const owned = await channel.receive('owner');
  if (owned.length !== options.components * keyBytes) {
    throw new EngineError(
      'channel',
      `owner dealt ${owned.length} bytes of keys, not ${options.components * keyBytes}`,
    );
  }
  generators.set('owner', prgOf(kernels, owned.slice(0, keyBytes)));
  if (options.components === 2) {
    generators.set('ownerNext', prgOf(kernels, owned.slice(keyBytes)));
  }
  return generators;
}

/** The key of the stream that a party shares with the dealer, agreed before a session. */
export async function agreeDealtKey(
  channel: Channel,
  self: PartyId,
  insecureSeed: string | null,
): Promise<DealtKey> {
  const key = (await pairKeys(channel, self, ['dealer'], insecureSeed)).get('dealer');
  if (key === undefined) throw new EngineError('channel', 'no key was agreed with the dealer');
  return { key, dealing: await receiveDealing(channel) };
}

async function receiveDealing(channel: Channel): Promise<Uint8Array> {
  const dealing = await channel.receive('dealer');
  if (dealing.length === dealingBytes) return dealing;
  throw new EngineError(
    'channel',
    `the dealer sent ${dealing.length} bytes for its dealing's name`,
  );
}

/** Both parties tell each other what was dealt to them: halves of two dealings fit nowhere. */
async function compareDealings(
  channel: Channel,
  self: PartyId,
  dealing: Uint8Array,
): Promise<void> {
  const other = self === 0 ? 1 : 0;
  channel.send(other, [dealing]);
  const theirs = await channel.receive(other);
  if (Buffer.from(theirs).equals(dealing)) return;
  throw new EngineError(
    'protocol',
    `correlations: party ${other} holds halves of another dealing; deal to both parties at once`,
  );
}

/** The dealer's streams with both parties, and its own. */
export async function agreeDealerKeys(options: KeyOptions): Promise<Generators> {
  const { channel, kernels, parties, insecureSeed } = options;
  const keys = await pairKeys(channel, 'dealer', partyIds(parties), insecureSeed);
  const generators = new Map<Holder, Prg>();
  for (const [peer, key] of keys) generators.set(peer, prgOf(kernels, key));
  generators.set('private', prgOf(kernels, ownKey(insecureSeed, 'private dealer')));
  const dealing = ownKey(insecureSeed, 'dealing').subarray(0, dealingBytes);
  for (const party of partyIds(parties)) channel.send(party, [dealing]);
  return generators;
}

/** The owner's side: one generator per component; party i holds components i to i + `components` - 1. */
export function dealKeys(
  channel: Channel,
  kernels: Kernels,
  parties: number,
  components: 1 | 2,
  insecureSeed: string | null,
): Prg[] {
  const keys = partyIds(parties).map((component) => ownKey(insecureSeed, `owner ${component}`));
  for (const party of partyIds(parties)) {
    const held = Array.from({ length: components }, (_, step) => keys[(party + step) % parties]);
    channel.send(party, [Uint8Array.from(held.flatMap((key) => [...(key ?? [])]))]);
  }
  return keys.map((key) => prgOf(kernels, key));
}

export function partyIds(parties: number): PartyId[] {
  return Array.from({ length: parties }, (_, index) => asPartyId(index));
}

async function pairKeys(
  channel: Channel,
  self: Peer,
  others: readonly Peer[],
  insecureSeed: string | null,
): Promise<Map<Peer, Uint8Array>> {
  if (insecureSeed !== null) {
    return new Map(
      others.map((other) => {
        const ends = [String(self), String(other)].toSorted();
        return [other, seeded(insecureSeed, `pair ${ends.join(' ')}`)];
      }),
    );
  }
  const own = generateKeyPairSync('x25519');
  const published = own.publicKey.export({ type: 'spki', format: 'der' });
  for (const other of others) channel.send(other, [published]);
  const keys = new Map<Peer, Uint8Array>();
  for (const other of others) {
    const received = await channel.receive(other);
    const secret = sharedSecret(own.privateKey, received, other);
    // Bound to who agreed and on what: a key passed on to somebody else gives another result.
    const ends = [
      { role: String(self), key: published },
      { role: String(other), key: received },
    ].toSorted((a, b) => (a.role < b.role ? -1 : 1));
    const info = Buffer.concat([
      Buffer.from(`parley pair key ${ends.map(({ role }) => role).join(' ')} `),
      ...ends.map(({ key }) => key),
    ]);
    keys.set(other, new Uint8Array(hkdfSync('sha256', secret, '', info, keyBytes)));
  }
  return keys;
}

function prgOf(kernels: Kernels, key: Uint8Array): Prg {
  return new Prg(kernels, Uint8Array.from(key));
}

function labelled(key: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', Buffer.from(label), keyBytes));
}

/** From the operating system, or from the insecure seed. */
function ownKey(insecureSeed: string | null, label: string): Uint8Array {
  return insecureSeed === null ? randomBytes(keyBytes) : seeded(insecureSeed, label);
}

function seeded(seed: string, label: string): Uint8Array {
  return createHash('sha256').update(`${label}\n${seed}`).digest().subarray(0, keyBytes);
}

/** Throws `EngineError('channel')` for anything that is not a usable X25519 public key. */
function sharedSecret(privateKey: KeyObject, received: Uint8Array, peer: Peer): Buffer {
  if (received.length !== publicKeyBytes) {
    throw new EngineError(
      'channel',
      `${peerName(peer)} sent ${received.length} bytes for a public key`,
    );
  }
  try {
    const publicKey = createPublicKey({ key: Buffer.from(received), format: 'der', type: 'spki' });
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new EngineError('channel', `${peerName(peer)} sent no X25519 public key`, { cause });
  }
}
