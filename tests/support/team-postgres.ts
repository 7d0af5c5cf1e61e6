/**
 * A team's own PostgreSQL: version 15 of Debian's package postgresql-15, started on a free port in a
 * temporary folder, without fsync. It refuses to run as root, so root runs it as `nobody`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const programs = '/usr/lib/postgresql/15/bin';
const nobody = 65534;

export const hasTeamPostgres = (): boolean => existsSync(join(programs, 'postgres'));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** @returns the address of a database whose user may create others, and how to end it */
export async function startTeamPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const folder = mkdtempSync(join(tmpdir(), 'parley-pg15-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster, { mode: 0o700 });
  if (process.getuid?.() === 0)
    for (const path of [folder, cluster]) chownSync(path, nobody, nobody);
  const options = { ...identity, cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  execFileSync(
    join(programs, 'initdb'),
    [
      '-D',
      cluster,
      '--username=parley',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...options, stdio: 'ignore' },
  );
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' };
  const server = spawn(
    join(programs, 'postgres'),
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...options, stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const url = `postgresql://parley@127.0.0.1:${port}/postgres`;
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      break;
    } catch (error) {
      if (attempt > 100 || server.exitCode !== null) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
  return {
    url,
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
