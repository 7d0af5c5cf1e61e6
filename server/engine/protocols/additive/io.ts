/**
 * Between the owner and the two parties. The owner splits x in two halves; one comes from a
 * generator shared with its holder, the other is sent. Which one is sent alternates.
 */
import { asPartyId, type PartyId } from '../../channel.ts';
import { EngineError } from '../../errors.ts';
import type { Kernels, RingBits } from '../../ring/kernels.ts';
import type { Prg } from '../../ring/prg.ts';
import { Words } from '../../ring/words.ts';
import type { Talk } from '../../session.ts';

/** This party's half of the next tensor that the owner shares. */
export async function receiveInput(talk: Talk, bytes: number): Promise<Uint8Array> {
  if (talk.branch.route !== 0) {
    throw new EngineError(
      'protocol',
      'input: the owner shares outside of concurrent branches only',
    );
  }
  const sentTo = talk.takeTurn() % 2;
  if (sentTo !== talk.session.party) return talk.random('owner', bytes);
  const half = await talk.receive('owner', bytes);
  talk.sawMessage(half);
  return half;
}

/** The owner's side of `receiveInput`: what is to be sent to whom for its `turn`-th tensor. */
export function splitForParties(
  kernels: Kernels,
  bits: RingBits,
  generators: readonly Prg[],
  turn: number,
  x: Uint8Array,
): { to: PartyId; bytes: Uint8Array }[] {
  const sentTo = turn % 2;
  const drawn = generators[1 - sentTo]?.bytes(x.length);
  if (drawn === undefined) throw new RangeError('one generator per party');
  return [{ to: asPartyId(sentTo), bytes: new Words(kernels, bits).sub(x, drawn) }];
}

/** The owner's side of a reveal: the parties' halves make the value. */
export function joinReveal(
  kernels: Kernels,
  bits: RingBits,
  components: readonly Uint8Array[],
): Uint8Array {
  const words = new Words(kernels, bits);
  return components.reduce((sum, component) => words.add(sum, component));
}
