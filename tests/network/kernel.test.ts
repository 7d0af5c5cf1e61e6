/**
 * The kernel backend: real TCP through namespaces, without privileges. Where a probe says that it cannot
 * work here, that is the assertion: a named reason, and no other backend in its place.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { NetBackend } from '../../server/network/backend.ts';
import { findKernelEngine, kernelEngines, openBackend } from '../../server/network/backends.ts';
import { HelperProcess } from '../../server/network/kernel/helper-process.ts';
import { switchBackend } from '../../server/network/kernel/switch.ts';
import type { Link } from '../../server/network/link.ts';
import type { ProbeReport } from '../../server/network/probe-network.ts';
import { certify } from '../../server/network/certificate.ts';
import { runParties } from './party-messages.ts';

/** WAN of MPCViT: 400 Mbit/s and 40 ms. */
const wan: Link = {
  name: 'w2',
  bitsPerSecond: 400e6,
  rttMs: 40,
  overheadFactor: 1.0456,
  topology: 'pair',
  tcp: 'real',
};
const works = await switchBackend.probe();

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!existsSync(`/proc/${pid}`)) return true;
    await sleep(50);
  }
  return false;
}

describe('the kernel backend', { timeout: 120_000 }, () => {
  it('finds an engine, or says what each of them needs', async () => {
    const probes = await Promise.all(kernelEngines.map((engine) => engine.probe()));
    if (probes.some(({ ok }) => ok)) {
      expect((await findKernelEngine()).engine).toMatch(/^(switch|netem)$/);
    } else {
      await expect(openBackend('kernel')).rejects.toThrow(/cannot work here .*use backend inline/);
    }
  });

  it('is an error where nothing works, and never something else', async () => {
    const broken = (engine: 'switch' | 'netem', why: string): NetBackend => ({
      engine,
      probe: () => Promise.resolve({ ok: false, why }),
      start: () => Promise.reject(new Error('not reached')),
    });
    const engines = [broken('netem', 'no sch_netem'), broken('switch', 'no user namespace')];
    await expect(findKernelEngine(engines)).rejects.toThrow(
      'the kernel backend cannot work here (netem: no sch_netem; switch: no user namespace); use backend inline',
    );
  });

  it('names a program that says nothing sensible, or cannot be started', async () => {
    await expect(HelperProcess.start('/bin/sh', ['-c', 'echo oops >&2; exit 3'])).rejects.toThrow(
      /cannot make its network: (oops|it ended with code 3)/,
    );
    await expect(HelperProcess.start('/no/such/program', [])).rejects.toThrow(/ENOENT/);
    await expect(HelperProcess.start('/bin/sleep', ['60'], 300)).rejects.toThrow(
      /it said nothing for 0.3 s/,
    );
    await expect(
      HelperProcess.start('/bin/sh', ['-c', `echo '{"error":"no TUN"}'`]),
    ).rejects.toThrow(/no TUN/);
  });

  it('carries two roles over real TCP at 400 Mbit/s and 40 ms, and is gone afterwards', async () => {
    if (!works.ok) {
      expect(works.why.length).toBeGreaterThan(20);
      return;
    }
    const net = await switchBackend.start({ roles: [0, 1], link: wan, topology: 'pair' });
    const [, userNs = ''] = net.entrance(0)?.args ?? [];
    const pid = Number(userNs.split('/')[2]);
    try {
      const messages = await runParties([0, 1], { probe: wan }, 'network', net);
      const reports = messages.map((message) => {
        if (message?.result === undefined) throw new Error(message?.error ?? 'a party died');
        // Our own process wrote it.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return message.result as ProbeReport;
      });
      const rest = { engine: 'switch', foreignCpuShare: null, facts: net.facts } as const;
      const certificate = certify({ link: wan, reports, attempts: 1, ...rest });
      for (const { rttMs, bitsPerSecond } of certificate.measured) {
        // The compensation of the switch's own time may take a little too much.
        expect(rttMs.min).toBeGreaterThan(39.8);
        // Upper bounds are the machine's: other tests run beside this one.
        expect(rttMs.p50).toBeLessThan(200);
        expect(bitsPerSecond).toBeLessThan(400e6 * 1.02);
        expect(bitsPerSecond).toBeGreaterThan(10e6);
      }
    } finally {
      const end = await net.stop();
      expect(Number(end['frames'])).toBeGreaterThan(1000);
      expect(end['dropped']).toBe(0);
    }
    expect(await gone(pid)).toBe(true);
    expect(await net.stop()).toMatchObject({ dropped: 0 });
  });

  it('leaves nothing behind when its worker is killed', async () => {
    if (!works.ok) {
      expect(works.why.length).toBeGreaterThan(20);
      return;
    }
    const worker = fork(join(import.meta.dirname, 'kernel-worker.ts'), { execArgv: [] });
    const { pids } = await new Promise<{ pids: number[] }>((resolve) =>
      worker.once('message', (message: { pids: number[] }) => resolve(message)),
    );
    // What carries the packets, and a role inside.
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(true);
    worker.kill('SIGKILL');
    for (const pid of pids) expect(await gone(pid)).toBe(true);
  });

  it('tells when its network ends by itself', async () => {
    if (!works.ok) {
      expect(works.why.length).toBeGreaterThan(20);
      return;
    }
    const net = await switchBackend.start({ roles: [0, 1], link: wan, topology: 'shared' });
    const [, userNs = ''] = net.entrance(0)?.args ?? [];
    process.kill(Number(userNs.split('/')[2]), 'SIGKILL');
    expect(await net.broken).toMatch(/the emulated network ended \(SIGKILL\)/);
    await net.stop();
  });
});
