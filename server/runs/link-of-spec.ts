/** The network part of a spec as the links that are asked for. */
import { defaultOverhead, unlimitedBitsPerSecond } from '../api/schemas/network-spec.ts';
import type { NetworkSpec } from '../api/schemas/network-spec.ts';
import { linkChoiceOf, unlimitedLink } from '../network/link.ts';
import type { Link, LinkChoice, LinkMatrix } from '../network/link.ts';

const rateOf = (bitsPerSecond: number): Link['bitsPerSecond'] =>
  bitsPerSecond >= unlimitedBitsPerSecond ? 'unlimited' : bitsPerSecond;

/** The asked link; backend `none` asks for nothing, its probe only measures. */
export function linkOfSpec(network: NetworkSpec): Link {
  const { name, backend, bitsPerSecond, rttMs, topology, tcp, overhead } = network;
  if (backend === 'none') return unlimitedLink;
  return {
    name,
    bitsPerSecond: rateOf(bitsPerSecond),
    rttMs,
    overheadFactor: overhead ?? defaultOverhead,
    topology,
    ...(backend === 'kernel' ? { tcp: 'real' } : tcp === undefined ? {} : { tcp }),
  };
}

/** What single links are asked for instead; undefined where all are alike. */
export function matrixOfSpec({ backend, matrix }: NetworkSpec): LinkMatrix | undefined {
  if (backend === 'none' || matrix === undefined) return undefined;
  const { bitsPerSecond, rttMs } = matrix;
  return {
    ...(bitsPerSecond === undefined
      ? {}
      : { bitsPerSecond: bitsPerSecond.map((row) => row.map(rateOf)) }),
    ...(rttMs === undefined ? {} : { rttMs }),
  };
}

/** Every link of the network, as channel, probe and replay take it. */
export const linkChoiceOfSpec = (network: NetworkSpec): LinkChoice =>
  linkChoiceOf(linkOfSpec(network), matrixOfSpec(network));
