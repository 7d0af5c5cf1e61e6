/**
 * What must end in a named error and leave nothing behind: a probe that hangs, and a worker that is
 * killed in the middle of a run. The other bad inputs are where their subject is tested.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { HelperProcess } from '../../server/network/kernel/helper-process.ts';
import { switchBackend } from '../../server/network/kernel/switch.ts';
import { pairLink } from '../../server/network/link.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { probeFloor } from '../../server/network/probe-floor.ts';
import { probeLinks } from '../../server/network/probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const works = await switchBackend.probe();

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (holds()) return true;
    await sleep(50);
  }
  return false;
}
const gone = (pid: number): Promise<boolean> => eventually(() => !existsSync(`/proc/${pid}`));

/** Network namespaces in which a process is, this user's. */
function namespacesInUse(pids: readonly string[]): string[] {
  return pids.flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/net`)];
    } catch {
      return [];
    }
  });
}

describe('a probe that hangs', () => {
  it('of an engine is named, and its process is gone', async () => {
    const pidFile = join(folder, 'pid');
    const script = `echo $$ > ${pidFile}; exec sleep 60`;
    await expect(HelperProcess.start('/bin/sh', ['-c', script], 500)).rejects.toThrow(
      /the kernel backend cannot make its network: it said nothing for 0.5 s/,
    );
    expect(await gone(Number(readFileSync(pidFile, 'utf8')))).toBe(true);
  });

  it('of a link is named by who says nothing', async () => {
    const link = pairLink('test', 1e9, 1);
    const [p0] = memoryChannels([0, 1], { link, receiveTimeoutMs: 200 });
    if (p0 === undefined) throw new Error('no channel');
    // Party 1 never answers.
    await expect(probeLinks(p0, link)).rejects.toThrow('nothing came from party 1 in 200 ms');
  });

  it('of the floor is named when its plain connection is accepted and then silent', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = Buffer.alloc(2);
    port.writeUInt16LE(address !== null && typeof address === 'object' ? address.port : 0);
    const [p0, p1] = memoryChannels([0, 1]);
    if (p0 === undefined || p1 === undefined) throw new Error('no channels');
    p1.send(0, [port]);
    await expect(probeFloor(p0, 200)).rejects.toThrow(
      /the probe's plain connection broke: nothing came in time/,
    );
    server.close();
  });
});

describe('a worker that is killed in the middle of a run', { timeout: 120_000 }, () => {
  it.each(['inline', 'kernel'] as const)(
    '%s: no process and no namespace is left',
    async (backend) => {
      if (backend === 'kernel' && !works.ok) {
        expect(works.why.length).toBeGreaterThan(20);
        return;
      }
      const network = { name: 'test', backend, bitsPerSecond: 1e9, rttMs: 20, topology: 'pair' };
      const own = mkdtempSync(join(folder, backend));
      const script = join(import.meta.dirname, 'run-worker.ts');
      const worker = fork(script, [JSON.stringify(network), own], { execArgv: [] });
      const { pids } = await new Promise<{ pids: number[] }>((resolve, reject) => {
        worker.once('message', (message: { pids: number[] }) => resolve(message));
        worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)));
      });
      // Two parties, the dealer and the owner; in the kernel also who carries the packets.
      expect(pids.length).toBeGreaterThanOrEqual(backend === 'kernel' ? 5 : 4);
      const ours = namespacesInUse(['self']);
      const theirs = namespacesInUse(pids.map(String)).filter((one) => !ours.includes(one));
      expect(theirs.length > 0).toBe(backend === 'kernel');
      worker.kill('SIGKILL');
      for (const pid of pids) expect(await gone(pid), `process ${pid}`).toBe(true);
      const left = namespacesInUse(readdirSync('/proc').filter((name) => /^\d+$/.test(name)));
      expect(left.filter((one) => theirs.includes(one))).toEqual([]);
    },
  );
});
