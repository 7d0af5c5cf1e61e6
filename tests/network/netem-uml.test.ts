/**
 * Engine netem of the kernel backend on a kernel that has it: Debian's user-mode Linux, a kernel that
 * runs as a process. Its packages are taken from PARLEY_UML (a folder into which they were unpacked), or
 * fetched with apt-get; where neither works, the test says why and the probe's own words are checked.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../server/network/backend.ts';
import type { LinkCertificate } from '../../server/network/certificate.ts';
import { foreignShare, markLoad } from '../../server/network/host-load.ts';
import { netemBackend } from '../../server/network/kernel/netem.ts';

const run = promisify(execFile);
const here = join(import.meta.dirname, 'uml');
const folder = mkdtempSync(join(tmpdir(), 'parley-uml-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Folder with usr/bin/linux.uml in it, or a sentence why there is none. */
async function findUml(): Promise<{ root: string } | { why: string }> {
  const given = process.env['PARLEY_UML'];
  if (given !== undefined && existsSync(join(given, 'usr/bin/linux.uml'))) return { root: given };
  const root = join(folder, 'root');
  try {
    await mkdir(root, { recursive: true });
    const packages = ['user-mode-linux', 'busybox-static'];
    await run('apt-get', ['download', ...packages], { cwd: folder, timeout: 60_000 });
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(folder, name), root], { timeout: 60_000 });
    }
    return { root };
  } catch (error) {
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { why: `user-mode Linux cannot be fetched: ${text}` };
  }
}

interface GuestResult {
  readonly probe?: ProbeResult;
  readonly certificates?: readonly LinkCertificate[];
  readonly error?: string;
}

/** Boots the guest, which measures and halts. */
async function boot(root: string): Promise<GuestResult> {
  const modules = join(root, 'usr/lib/uml/modules');
  const [version = ''] = readdirSync(modules);
  const out = join(folder, 'result.json');
  const options = [
    'mem=2G',
    `uml_dir=${join(folder, 'uml')}`,
    'rootfstype=hostfs',
    'rootflags=/',
    'rw',
    'root=/dev/root',
    `init=${join(here, 'init.sh')}`,
    'con=null',
    'con0=null,null',
    'ssl=null',
    'quiet',
    `parley_modules=${join(modules, version)}`,
    `parley_busybox=${join(root, 'bin/busybox')}`,
    `parley_node=${process.execPath}`,
    `parley_guest=${join(here, 'guest.ts')}`,
    `parley_out=${out}`,
  ];
  await mkdir(join(folder, 'uml'), { recursive: true });
  // The guest's memory is a file, which is best on a memory disk.
  const memory = existsSync('/dev/shm') ? '/dev/shm' : folder;
  const env = { ...process.env, TMPDIR: memory };
  const child = run(join(root, 'usr/bin/linux.uml'), options, {
    env,
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  child.child.stdin?.end();
  // A guest that halts leaves with any code; what counts is the file.
  await child.catch(() => undefined);
  if (!existsSync(out)) {
    const log = existsSync(`${out}.log`)
      ? readFileSync(`${out}.log`, 'utf8').slice(-500)
      : 'no log';
    return { error: `the guest left no result: ${log}` };
  }
  return JSON.parse(readFileSync(out, 'utf8')) as GuestResult;
}

describe('netem', () => {
  it('says what this kernel lacks, or works', async () => {
    const probe = await netemBackend.probe();
    if (!probe.ok)
      expect(probe.why).toMatch(/the kernel backend (cannot make|needs)|helper cannot/);
    else expect(probe.facts['emulation']).toBe('netem');
  });

  it('holds its links in user-mode Linux, in every topology', { timeout: 400_000 }, async () => {
    const uml = await findUml();
    if ('why' in uml) {
      console.warn(uml.why);
      expect(uml.why).toMatch(/cannot be fetched: .{10}/);
      return;
    }
    const from = markLoad();
    const { probe, certificates, error } = await boot(uml.root);
    const to = markLoad();
    // The guest has one core of ours: what it asks for at most is not others' work.
    const busy = (foreignShare(from, to, to.atMs - from.atMs) ?? 0) > 0.1;
    expect(error).toBeUndefined();
    expect(probe).toMatchObject({ ok: true });
    const [wan, ...slow] = certificates ?? [];
    expect(wan?.engine).toBe('netem');
    expect(wan?.measured).toHaveLength(2);
    for (const { rttMs, bitsPerSecond } of wan?.measured ?? []) {
      expect(rttMs.min).toBeGreaterThanOrEqual(40);
      expect(bitsPerSecond).toBeLessThan(400e6 * 1.05);
      // How slow it may be is the machine's: other tests run beside this one.
      if (busy) continue;
      expect(rttMs.p50).toBeLessThan(200);
      expect(bitsPerSecond).toBeGreaterThan(10e6);
    }
    // Three parties at once at 40 Mbit/s: who shares a rate decides, and nobody is faster than that.
    expect(slow.map(({ requested }) => requested.topology)).toEqual(['pair', 'nic', 'shared']);
    const [pair, nic, shared] = slow.map(({ allToAll }) => allToAll);
    for (const { measured, allToAll } of slow) {
      expect(measured).toHaveLength(6);
      for (const { rttMs, bitsPerSecond } of measured) {
        expect(rttMs.min).toBeGreaterThanOrEqual(10);
        expect(bitsPerSecond).toBeLessThan(40e6 * 1.05);
      }
      expect(allToAll?.ratio).toBeGreaterThan(0.95);
      if (!busy) expect(allToAll?.ratio).toBeLessThan(5);
    }
    expect(nic?.ms).toBeGreaterThan(1.6 * (pair?.idealMs ?? Infinity));
    expect(shared?.ms).toBeGreaterThan(4 * (pair?.idealMs ?? Infinity));
  });
});
