/**
 * The embedded database: a real PostgreSQL in the data folder, for people who have none.
 *
 * `ensureEmbedded` attaches to the one that runs on this data folder or starts it, from any process
 * and in any order: a lock file keeps two first starts apart. It listens on 127.0.0.1 only, on a free
 * port that is kept over restarts, behind a random password in a file of mode 0600. It runs detached,
 * so that a crash of web or worker does not take it along; `stopEmbedded` ends it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DatabaseError } from './errors.ts';
import { isAlive, withLockFile } from './lock-file.ts';
import { postgresRunner } from './postgres-binaries.ts';

export interface EmbeddedDatabase {
  readonly url: string;
  readonly port: number;
  /** Whether this call started it (else it was running already). */
  readonly started: boolean;
}

export interface EmbeddedOptions {
  /** Tests only: no fsync, so a power loss may corrupt the cluster. */
  readonly volatile?: boolean;
}

const databaseName = 'parley';
const startTimeoutMs = 60_000;

const paths = (folder: string) => ({
  cluster: join(folder, 'postgres'),
  password: join(folder, 'postgres.password'),
  record: join(folder, 'postgres.json'),
  lock: join(folder, 'postgres.lock'),
  log: join(folder, 'logs', 'postgres.log'),
});

const urlOf = (password: string, port: number, database: string): string =>
  `postgresql://parley:${password}@127.0.0.1:${port}/${database}`;

/** Process id and port of the postmaster that the cluster's own pid file names, if it lives. */
async function readPostmaster(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port } : undefined;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The running database of this data folder, or undefined; never starts one. */
export async function findEmbedded(folder: string): Promise<EmbeddedDatabase | undefined> {
  const { cluster, password: passwordFile } = paths(folder);
  const postmaster = await readPostmaster(cluster);
  if (postmaster === undefined) return undefined;
  const password = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const { port } = postmaster;
  const url = urlOf(password, port, databaseName);
  return (await answers(url)) ? { url, port, started: false } : undefined;
}

const portIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const anyFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** The port of last time while it is free, so that a database that crashed comes back where it was. */
async function choosePort(record: string): Promise<number> {
  const last = await readFile(record, 'utf8')
    .then((text) => (JSON.parse(text) as { port?: number }).port)
    .catch(() => undefined);
  return last !== undefined && (await portIsFree(last)) ? last : anyFreePort();
}

/** Creates the cluster beside its place and renames it, so that a half-made one is never used. */
async function createCluster(folder: string): Promise<void> {
  const { cluster, password: passwordFile } = paths(folder);
  const runner = postgresRunner();
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  const handover = join(draft, '..', 'postgres.password.new');
  await writeFile(handover, password, { mode: 0o600 });
  runner.own(draft);
  if (runner.identity !== undefined) spawnSync('chown', [String(runner.identity.uid), handover]);
  const [command, args] = runner.command('initdb', [
    '-D',
    draft,
    '--username=parley',
    `--pwfile=${handover}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ]);
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    ...runner.identity,
  });
  await rm(handover, { force: true });
  if (result.status !== 0) {
    const said = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`;
    await rm(draft, { recursive: true, force: true });
    const hidden = runner.identity !== undefined && /permission denied/i.test(said);
    const fix = hidden
      ? ' PostgreSQL cannot run as root, and user "nobody" cannot enter this folder: choose another with PARLEY_DATA, or run Parley as a plain user.'
      : '';
    throw new DatabaseError('start', `initdb failed in ${folder}: ${lastLines(said)}${fix}`);
  }
  await rename(draft, cluster);
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-4).join(' | ');

/** Starts the postmaster and waits until it answers. */
async function startPostmaster(folder: string, options: EmbeddedOptions): Promise<number> {
  const { cluster, log, record, password: passwordFile } = paths(folder);
  await mkdir(join(folder, 'logs'), { recursive: true });
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const runner = postgresRunner();
  for (let attempt = 0; ; attempt += 1) {
    const port = await choosePort(record);
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '32MB',
      max_connections: '80',
      ...(options.volatile === true
        ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }
        : {}),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [command, args] = runner.command('postgres', ['-D', cluster, ...flags]);
    const output = openSync(log, 'a', 0o600);
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      ...runner.identity,
    });
    const life = { ended: false };
    child.once('error', () => (life.ended = true));
    child.once('exit', () => (life.ended = true));
    child.unref();
    const deadline = Date.now() + startTimeoutMs;
    while (!life.ended && Date.now() < deadline) {
      if (await answers(urlOf(password, port, 'postgres'))) {
        await writeFile(record, `${JSON.stringify({ port, pid: child.pid })}\n`);
        return port;
      }
      await sleep(50);
    }
    if (attempt === 2) {
      const said = await readFile(log, 'utf8').catch(() => '');
      throw new DatabaseError(
        'start',
        `PostgreSQL did not start in ${folder}: ${lastLines(said)} (whole log: ${log}).`,
      );
    }
    await rm(record, { force: true });
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      databaseName,
    ]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

/**
 * The database of this data folder, started when it does not run.
 * @throws DatabaseError 'missing' without PostgreSQL's programs, 'start' when it does not come up
 */
export async function ensureEmbedded(
  folder: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const running = await findEmbedded(folder);
  if (running !== undefined) return running;
  const { cluster, lock, password: passwordFile } = paths(folder);
  return withLockFile(lock, async () => {
    const meanwhile = await findEmbedded(folder);
    if (meanwhile !== undefined) return meanwhile;
    if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(folder);
    const port = (await readPostmaster(cluster))?.port ?? (await startPostmaster(folder, options));
    const password = (await readFile(passwordFile, 'utf8')).trim();
    await createDatabase(urlOf(password, port, 'postgres'));
    return { url: urlOf(password, port, databaseName), port, started: true };
  });
}

/** Ends the database of this data folder: clients are cut off, everything acknowledged is kept. */
export async function stopEmbedded(folder: string): Promise<void> {
  const postmaster = await readPostmaster(paths(folder).cluster);
  if (postmaster === undefined) return;
  process.kill(postmaster.pid, 'SIGINT');
  const deadline = Date.now() + 15_000;
  while (isAlive(postmaster.pid) && Date.now() < deadline) await sleep(50);
  if (isAlive(postmaster.pid)) process.kill(postmaster.pid, 'SIGQUIT');
}
