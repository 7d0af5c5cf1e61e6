/**
 * The network of a run spec: which backend imposes which link between the roles. Browser-safe. A field
 * that is absent means its default, and a default that is written out is left out of the hash.
 *
 * An RTT is one of the application: both directions of the link together, half of it each. The rate is
 * that of the wire, headers included, of one direction.
 */
import { z } from 'zod';
import {
  unlimitedBitsPerSecond,
  leastBitsPerSecond,
  mostRttMs,
  networkBackendIds,
  topologyIds,
  tcpIds,
  leastInlineRttMs,
  leastKernelRttMs,
  mostKernelBytesOnTheWay,
} from './network-limits.ts';

export * from './network-limits.ts';

const matrixOf = (entry: z.ZodNumber) => z.array(z.array(entry).min(2).max(3)).min(2).max(3);

export const networkMatrixSchema = z.strictObject({
  /** Row = sender, column = receiver: parties by number, then the dealer. The diagonal is 0. */
  bitsPerSecond: matrixOf(z.number().min(0).max(unlimitedBitsPerSecond)).exactOptional(),
  /** RTT of the pair as this direction has it: this direction takes half of its own entry. */
  rttMs: matrixOf(z.number().min(0).max(mostRttMs)).exactOptional(),
});

export type NetworkMatrix = z.infer<typeof networkMatrixSchema>;

const networkShape = z.strictObject({
  /** Name of the profile, free text for a custom link. */
  name: z.string().min(1).max(60),
  backend: z.enum(networkBackendIds),
  bitsPerSecond: z.number().min(leastBitsPerSecond).max(unlimitedBitsPerSecond),
  rttMs: z.number().min(0).max(mostRttMs),
  topology: z.enum(topologyIds),
  tcp: z.enum(tcpIds).exactOptional(),
  /** Wire bytes charged per payload byte. The kernel backend charges real headers. */
  overhead: z.number().min(1).max(2).exactOptional(),
  /** Overrides rate and RTT link by link. */
  matrix: networkMatrixSchema.exactOptional(),
});

export type NetworkSpec = z.infer<typeof networkShape>;

export interface NetworkFault {
  /** Below `network`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

/** Every fault that concerns more than one field; each names the value and what to do. */
export function networkFaults(network: NetworkSpec): NetworkFault[] {
  const { backend, topology, tcp, overhead, matrix } = network;
  const faults: NetworkFault[] = [];
  const refuse = (path: NetworkFault['path'], message: string, fix: string): void =>
    void faults.push({ path, message, fix });

  if (backend === 'inline' && topology === 'shared') {
    refuse(
      ['topology'],
      'shared needs one queue for all parties, and inline emulates in each party by itself',
      'Use backend kernel, or topology pair or nic and look at shared in the what-if.',
    );
  }
  if (backend === 'inline' && tcp === 'real') {
    refuse(['tcp'], 'real is the TCP of backend kernel', 'Use warm or cubic, or backend kernel.');
  }
  if (backend !== 'inline' && tcp !== undefined && tcp !== 'real') {
    refuse(['tcp'], `${tcp} is a model that only inline applies`, 'Remove it, or use inline.');
  }
  if (backend !== 'inline' && overhead !== undefined) {
    refuse(
      ['overhead'],
      `${overhead} is charged by inline only: ${backend} has real headers`,
      'Remove it.',
    );
  }
  if (backend === 'none' && matrix !== undefined) {
    refuse(['matrix'], 'backend none imposes nothing', 'Remove it, or use inline or kernel.');
  }
  faults.push(...rttFaults(network, ['rttMs'], network.bitsPerSecond, network.rttMs));
  for (const [field, rows] of Object.entries(matrix ?? {})) {
    faults.push(...squareFaults(['matrix', field], rows));
    rows.forEach((row, from) => {
      row.forEach((value, to) => {
        const path = ['matrix', field, from, to];
        if (from === to && value !== 0) {
          refuse(path, `${value} is a link of a role to itself`, 'Write 0 on the diagonal.');
        } else if (from !== to && field === 'rttMs') {
          const rate = matrix?.bitsPerSecond?.[from]?.[to] ?? network.bitsPerSecond;
          faults.push(...rttFaults(network, path, rate, value));
        } else if (from !== to && value < leastBitsPerSecond) {
          const fix = `Use at least ${leastBitsPerSecond}, or ${unlimitedBitsPerSecond} for no limit.`;
          refuse(path, `${value} bit/s is no rate`, fix);
        }
      });
    });
  }
  return faults;
}

function squareFaults(path: NetworkFault['path'], rows: readonly (readonly number[])[]) {
  const wrong = rows.findIndex((row) => row.length !== rows.length);
  if (wrong === -1) return [];
  const message = `row ${wrong} has ${rows[wrong]?.length} entries of ${rows.length}: not square`;
  return [{ path: [...path, wrong], message, fix: 'Give one row and one column for each role.' }];
}

/** A round trip that the backend cannot hold. */
function rttFaults(
  { backend }: NetworkSpec,
  path: NetworkFault['path'],
  bitsPerSecond: number,
  rttMs: number,
): NetworkFault[] {
  if (backend === 'none') return [];
  if (backend === 'inline' && rttMs > 0 && rttMs < leastInlineRttMs) {
    const message = `${rttMs} ms is shorter than inline can hold (${leastInlineRttMs} ms)`;
    return [{ path, message, fix: 'Use 0 for a rate only, or look at it in the what-if.' }];
  }
  if (backend === 'kernel' && rttMs < leastKernelRttMs) {
    const message = `${rttMs} ms is shorter than a packet's own way (${leastKernelRttMs} ms)`;
    return [{ path, message, fix: 'Use a longer one, or backend inline.' }];
  }
  const onTheWay = (bitsPerSecond / 8000) * rttMs;
  if (backend === 'kernel' && bitsPerSecond < unlimitedBitsPerSecond) {
    if (onTheWay <= mostKernelBytesOnTheWay) return [];
    const message =
      `${bitsPerSecond} bit/s x ${rttMs} ms is ${Math.round(onTheWay)} bytes on the way, ` +
      `and socket buffers hold ${mostKernelBytesOnTheWay}`;
    return [{ path, message, fix: 'Use a lower rate or RTT, or backend inline.' }];
  }
  return [];
}

export const networkSchema = networkShape.superRefine((network, context) => {
  for (const { path, message, fix } of networkFaults(network)) {
    context.addIssue({ code: 'custom', path: [...path], message, params: { fix } });
  }
});
