/**
 * Key agreement: how the generators of a session come to be.
 *
 * Each pair of parties agrees on a key by X25519 over their own channel; the owner deals the keys
 * from which it and a party draw the components of inputs. With `insecureSeed` every key follows
 * from that string instead: repeatable, and without any privacy, for tests and debugging only.
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
import type { Channel, PartyId, Peer } from './channel.ts';
import { EngineError } from './errors.ts';
import type { Kernels } from './ring/kernels.ts';
import { Prg } from './ring/prg.ts';
import { asPartyId, type Generators, type Holder } from './session.ts';

const keyBytes = 16;
const publicKeyBytes = 44;

/** Everything party `self` needs to draw randomness; exchanges one message with every peer. */
export async function agreeKeys(
  channel: Channel,
  kernels: Kernels,
  self: PartyId,
  parties: number,
  insecureSeed: string | null,
): Promise<Generators> {
  const generators = new Map<Holder, Prg>();
  const others = partyIds(parties).filter((party) => party !== self);
  if (insecureSeed !== null) {
    for (const other of others) {
      generators.set(other, prgOf(kernels, pairKey(insecureSeed, self, other)));
    }
    generators.set('private', prgOf(kernels, seeded(insecureSeed, `private ${self}`)));
  } else {
    const own = generateKeyPairSync('x25519');
    const published = own.publicKey.export({ type: 'spki', format: 'der' });
    for (const other of others) channel.send(other, [published]);
    for (const other of others) {
      const received = await channel.receive(other);
      const secret = sharedSecret(own.privateKey, received, other);
      // Bound to who agreed and on what: a key passed on to somebody else gives another result.
      const ends = [
        { party: self, key: published },
        { party: other, key: received },
      ].toSorted((a, b) => a.party - b.party);
      const info = Buffer.concat([
        Buffer.from(`parley pair key ${ends.map(({ party }) => party).join(' ')} `),
        ...ends.map(({ key }) => key),
      ]);
      const key = hkdfSync('sha256', secret, '', info, keyBytes);
      generators.set(other, prgOf(kernels, new Uint8Array(key)));
    }
    generators.set('private', prgOf(kernels, randomBytes(keyBytes)));
  }
  const dealt = await channel.receive('owner');
  if (dealt.length !== 2 * keyBytes) {
    throw new EngineError(
      'channel',
      `owner dealt ${dealt.length} bytes of keys, not ${2 * keyBytes}`,
    );
  }
  generators.set('owner', prgOf(kernels, dealt.slice(0, keyBytes)));
  generators.set('ownerNext', prgOf(kernels, dealt.slice(keyBytes)));
  return generators;
}

/** The owner's side: one generator per component; component j is known to parties j and j - 1. */
export function dealKeys(
  channel: Channel,
  kernels: Kernels,
  parties: number,
  insecureSeed: string | null,
): Prg[] {
  const keys = partyIds(parties).map((component) =>
    insecureSeed === null ? randomBytes(keyBytes) : seeded(insecureSeed, `owner ${component}`),
  );
  for (const party of partyIds(parties)) {
    const own = keys[party];
    const next = keys[(party + 1) % parties];
    if (own === undefined || next === undefined) throw new RangeError('one key per component');
    channel.send(party, [Uint8Array.from([...own, ...next])]);
  }
  return keys.map((key) => prgOf(kernels, key));
}

export function partyIds(parties: number): PartyId[] {
  return Array.from({ length: parties }, (_, index) => asPartyId(index));
}

function prgOf(kernels: Kernels, key: Uint8Array): Prg {
  return new Prg(kernels, Uint8Array.from(key));
}

function pairKey(seed: string, a: number, b: number): Uint8Array {
  return seeded(seed, `pair ${Math.min(a, b)} ${Math.max(a, b)}`);
}

function seeded(seed: string, label: string): Uint8Array {
  return createHash('sha256').update(`${label}\n${seed}`).digest().subarray(0, keyBytes);
}

/** Throws `EngineError('channel')` for anything that is not a usable X25519 public key. */
function sharedSecret(privateKey: KeyObject, received: Uint8Array, peer: Peer): Buffer {
  if (received.length !== publicKeyBytes) {
    throw new EngineError(
      'channel',
      `party ${peer} sent ${received.length} bytes for a public key`,
    );
  }
  try {
    const publicKey = createPublicKey({ key: Buffer.from(received), format: 'der', type: 'spki' });
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new EngineError('channel', `party ${peer} sent no X25519 public key`, { cause });
  }
}
