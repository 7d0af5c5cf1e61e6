/**
 * Between the owner and the three parties. The owner splits x into three components; two come from
 * generators that the owner shares with their holders, the third is sent to its two holders.
 * Which one is sent rotates, so that no party receives more than the others over a model.
 */
import { EngineError } from '../../errors.ts';
import { asPartyId, type PartyId } from '../../channel.ts';
import type { Talk } from '../../session.ts';
import { elementCount, type Shape, type Tensor } from '../../ring/tensor.ts';
import type { Prg } from '../../ring/prg.ts';
import type { Kernels, RingBits } from '../../ring/kernels.ts';
import { Words } from '../../ring/words.ts';
import type { Pair } from './arithmetic.ts';

/** This party's pair of the next tensor that the owner shares. */
export async function receiveInput(talk: Talk, shape: Shape): Promise<Pair> {
  const { party, ring } = talk.session;
  if (talk.branch.route !== 0) {
    throw new EngineError(
      'protocol',
      'input: the owner shares outside of concurrent branches only',
    );
  }
  const sentComponent = talk.takeTurn() % 3;
  const length = (elementCount(shape) * ring.bits) / 8;
  const received = async (): Promise<Uint8Array> => {
    const bytes = await talk.receive('owner', length);
    talk.sawMessage(bytes);
    return bytes;
  };
  const component = async (index: number, holder: 'owner' | 'ownerNext'): Promise<Tensor> => ({
    elementBits: ring.bits,
    shape,
    bytes: index === sentComponent ? await received() : talk.random(holder, length),
  });
  return [await component(party, 'owner'), await component((party + 1) % 3, 'ownerNext')];
}

/** Each party sends its first component; the owner adds the three. */
export function sendReveal(talk: Talk, x: Pair): void {
  talk.send('owner', x[0].bytes);
}

/** The owner's side of `receiveInput`: what is to be sent to whom for its `turn`-th tensor. */
export function splitForParties(
  kernels: Kernels,
  bits: RingBits,
  generators: readonly Prg[],
  turn: number,
  x: Uint8Array,
): { to: PartyId; bytes: Uint8Array }[] {
  const words = new Words(kernels, bits);
  const sentComponent = turn % 3;
  let rest = x;
  generators.forEach((generator, index) => {
    if (index !== sentComponent) rest = words.sub(rest, generator.bytes(x.length));
  });
  const holders = [sentComponent, (sentComponent + 2) % 3];
  return holders.map((holder) => ({ to: asPartyId(holder), bytes: rest }));
}

/** The owner's side of `sendReveal`. */
export function joinReveal(
  kernels: Kernels,
  bits: RingBits,
  components: readonly Uint8Array[],
): Uint8Array {
  const words = new Words(kernels, bits);
  return components.reduce((sum, component) => words.add(sum, component));
}
