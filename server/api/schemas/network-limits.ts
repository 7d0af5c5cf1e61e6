/**
 * What a network's fields may be: names and limits, without the checks (network-spec.ts), so that a page
 * which only shows networks need not load them. Browser-safe.
 */
import type { NetworkSpec } from './network-spec.ts';

/** What a spec writes for a link without a rate limit. */
export const unlimitedBitsPerSecond = 1e12;
export const leastBitsPerSecond = 1e4;
export const mostRttMs = 2000;

/**
 * inline: the parties' own transport holds frames back until they are due. kernel: real TCP through
 * network namespaces, delayed by netem or by Parley's packet switch. none: nothing is imposed.
 */
export const networkBackendIds = ['inline', 'kernel', 'none'] as const;
/** Who shares a rate; the first one is usual. */
export const topologyIds = ['pair', 'nic', 'shared'] as const;
/** The first one is meant where a spec with an emulated link names none; `kernel` is always `real`. */
export const tcpIds = ['warm', 'cubic', 'real'] as const;
/** 1514 bytes of Ethernet frame carry 1448 bytes of TCP payload. */
export const defaultOverhead = 1.0456;

/** Below it this machine's wake-ups are longer than the link, so that nearly every frame is late. */
export const leastInlineRttMs = 0.1;
/** What a packet takes through the switch with no delay asked for, and more. */
export const leastKernelRttMs = 0.2;
/** Bytes on the way (rate x RTT) that the kernel backend's socket buffers hold. */
export const mostKernelBytesOnTheWay = 16_000_000;

/** How many rows a matrix has; undefined without one. */
export const matrixSizeOf = ({ matrix }: Pick<NetworkSpec, 'matrix'>): number | undefined =>
  (matrix?.bitsPerSecond ?? matrix?.rttMs)?.length;

/** The network as it is hashed and stored: a default that is written out is left out. */
export function normaliseNetwork(network: NetworkSpec): NetworkSpec {
  const { tcp, overhead, matrix, ...rest } = network;
  const usualTcp = network.backend === 'inline' ? 'warm' : 'real';
  const hasMatrix = matrix?.bitsPerSecond !== undefined || matrix?.rttMs !== undefined;
  return {
    ...rest,
    ...(tcp === undefined || tcp === usualTcp ? {} : { tcp }),
    ...(overhead === undefined || overhead === defaultOverhead ? {} : { overhead }),
    ...(hasMatrix ? { matrix } : {}),
  };
}
