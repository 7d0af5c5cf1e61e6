/**
 * Engine `netem` of the kernel backend: the kernel's own link emulation, where the kernel has it, by
 * `ip` and `tc` in namespaces of our own (netem.sh says how they are laid out). TCP is the kernel's.
 *
 * netem delays each packet for as long as it is told to: so an RTT of d asks for d/2 per direction, and
 * measures a little more than d. Headers are real.
 */
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import type { NetBackend, NetRequest, ProbeResult, RunningNet } from '../backend.ts';
import { shapedLink } from '../link.ts';
import { kernelHelper } from './helper.ts';
import { HelperProcess } from './helper-process.ts';

// A bundler leaves this file's own folder undefined; the server runs in the repository.
const here =
  (import.meta.dirname as string | undefined) ?? join(process.cwd(), 'server/network/kernel');
const script = join(here, 'netem.sh');
const mtuBytes = 1500;
/** Own user, network and mount namespaces; root inside, nobody outside; ends with its parent. */
const unshare = ['--user', '--map-root-user', '--net', '--mount', '--kill-child', '--fork'];

/** The links as the script's arguments; pairs that are not shaped have no queue of their own. */
function linkArguments({ roles, link, topology }: NetRequest): string[] {
  const links = roles.flatMap((from, i) =>
    roles.flatMap((to, j) => {
      const shaped = from === to ? undefined : shapedLink(link, from, to);
      if (shaped === undefined) return [];
      const rate = shaped.bitsPerSecond === 'unlimited' ? 0 : Math.round(shaped.bitsPerSecond);
      return [`${i}:${j}:${rate}:${Math.round((shaped.rttMs / 2) * 1000)}`];
    }),
  );
  return [topology, String(mtuBytes), String(roles.length), ...links];
}

async function start(request: NetRequest): Promise<RunningNet> {
  const helper = await kernelHelper();
  const { roles, topology } = request;
  const args = [...unshare, '/bin/sh', script, ...linkArguments(request)];
  const holder = await HelperProcess.start('unshare', args);
  const inside = holder.ready['pid'];
  // `--fork`: the script is a child of the program that was started.
  const pid = typeof inside === 'number' ? inside : holder.pid;
  const shared = topology === 'shared';
  let stopped: Promise<Readonly<Record<string, never>>> | undefined;
  return {
    engine: 'netem',
    hosts: shared
      ? undefined
      : Object.fromEntries(roles.map((role, i) => [String(role), `10.211.0.${i + 1}`])),
    // On lo there is no way around the queue, not even for the owner.
    facts: { mtuBytes, queueLimitPackets: 100_000, emulation: 'netem', ownerShaped: shared },
    entrance: (role) => {
      const at = shared ? 0 : roles.indexOf(role);
      if (at < 0) throw new EngineError('channel', `no network end for ${role}`);
      const netns = `/proc/${pid}/root/run/netns/np${at}`;
      return { command: helper, args: ['enter', `/proc/${pid}/ns/user`, netns] };
    },
    broken: holder.broken,
    // The kernel does it all.
    cpuMs: () => 0,
    stop: () => (stopped ??= holder.stop().then(() => ({}))),
  };
}

/** Makes a network of two ends with one delayed link, and takes it down again. */
async function probe(): Promise<ProbeResult> {
  const link = {
    name: 'probe',
    bitsPerSecond: 1e9,
    rttMs: 2,
    overheadFactor: 1,
    topology: 'pair' as const,
  };
  try {
    const net = await start({ roles: [0, 1], link, topology: 'pair' });
    await net.stop();
    return { ok: true, facts: net.facts };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ok: false, why: error.message };
  }
}

export const netemBackend: NetBackend = { engine: 'netem', probe, start };
