/**
 * Engine `switch` of the kernel backend: each role in a network namespace of its own, whose only way
 * out is a TUN device, and a small program (native/parley-net.cc) that carries the packets between
 * them and is the link. Needs no privilege where user namespaces are allowed, and no kernel module but
 * TUN. TCP is the kernel's own, with cubic.
 */
import type { Peer } from '../../engine/channel.ts';
import { EngineError } from '../../engine/errors.ts';
import type { NetBackend, NetFacts, NetRequest, ProbeResult, RunningNet } from '../backend.ts';
import { processCpuMs } from '../host-load.ts';
import { shapedLink } from '../link.ts';
import { kernelHelper } from './helper.ts';
import { HelperProcess } from './helper-process.ts';

/**
 * What a packet takes on its way through both TUN devices beyond what is asked: taken off the delay of
 * each direction. Measured on the development machine; the certificate shows what is left.
 */
const compensateUs = 60;
const mtuBytes = 1500;

const addressOf = (index: number): string => `10.211.0.${index + 1}`;

const factsOf = (line: Readonly<Record<string, unknown>>): NetFacts =>
  Object.fromEntries(
    Object.entries(line).flatMap(([key, value]) =>
      typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
        ? [[key, value] as const]
        : [],
    ),
  );

/** The links as the program's arguments: rate in bit/s (0 = no limit), delay in microseconds. */
function linkArguments({ roles, link, topology }: NetRequest): string[] {
  const links = roles.flatMap((from) =>
    roles.map((to) => {
      const shaped = from === to ? undefined : shapedLink(link, from, to);
      const rate =
        shaped === undefined || shaped.bitsPerSecond === 'unlimited' ? 0 : shaped.bitsPerSecond;
      return `${rate}:${((shaped?.rttMs ?? 0) / 2) * 1000}`;
    }),
  );
  return ['switch', String(roles.length), topology, String(compensateUs), ...links];
}

async function start(request: NetRequest): Promise<RunningNet> {
  const program = await kernelHelper();
  const process = await HelperProcess.start(program, linkArguments(request));
  const { netns, cubic, buffers } = process.ready;
  const descriptors: readonly unknown[] = Array.isArray(netns) ? netns : [];
  const entrances = new Map<Peer, string>(
    request.roles.map((role, at) => [role, `/proc/${process.pid}/fd/${String(descriptors[at])}`]),
  );
  let stopped: Promise<NetFacts> | undefined;
  return {
    engine: 'switch',
    hosts: Object.fromEntries(request.roles.map((role, at) => [String(role), addressOf(at)])),
    facts: {
      congestionControl: cubic === true ? 'cubic' : "the host's own",
      socketBuffersBytes: buffers === true ? 33_554_432 : "the host's own",
      mtuBytes,
      compensateUs,
    },
    entrance: (role) => {
      const netns = entrances.get(role);
      if (netns === undefined) throw new EngineError('channel', `no network end for ${role}`);
      return { command: program, args: ['enter', `/proc/${process.pid}/ns/user`, netns] };
    },
    broken: process.broken,
    cpuMs: () => processCpuMs(process.pid),
    stop: () => (stopped ??= process.stop().then(factsOf)),
  };
}

async function probe(): Promise<ProbeResult> {
  try {
    const net = await start({ roles: [0, 1], link: undefined, topology: 'pair' });
    await net.stop();
    return { ok: true, facts: net.facts };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ok: false, why: error.message };
  }
}

export const switchBackend: NetBackend = { engine: 'switch', probe, start };
