/**
 * `npm start`: builds what is missing, starts the database, then web and worker, and keeps them
 * running until Ctrl-C. One line per step with its seconds; the URL is printed once it answers.
 *
 * `--only web` or `--only worker` starts one of the two (a team with DATABASE_URL starts as many as
 * wanted). `--prepare` builds and ends. `--share HOST:PORT` opens a second listener that serves
 * published permalinks only. `--host ADDRESS` lets others reach all of it, and needs accounts.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { dataFolder } from '../../db/data-folder.ts';
import { ensureEmbedded, findEmbedded, stopEmbedded } from '../../db/embedded-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { readShareAddress } from '../../permalinks/share-listener.ts';
import { repositoryRoot } from '../../zoo/root.ts';
import { accountsOn, isLoopbackHost, refusalToListen } from '../../accounts/mode.ts';
import { claimApp, isInUse, releaseApp, updateApp, type AppKind } from '../app-record.ts';
import { buildAddon, buildPages, checkPages, generateClient, linkCommand } from '../prepare.mjs';
import { checkMachine, choosePort } from './machine.ts';
import { SupervisedChild, type ChildPlan } from './supervisor.ts';

const root = repositoryRoot();
const databaseWatchMs = 3000;
const answerTimeoutMs = 120_000;
const endWithParent = ['--import', new URL('end-with-parent.mjs', import.meta.url).href];

const print = (line: string): void => console.log(line);

/** Runs one step and prints its line; nothing is printed for a step that had nothing to do. */
async function step<T>(
  name: string,
  body: () => Promise<T>,
  { quiet = false, note }: { quiet?: boolean; note?: (result: T) => string } = {},
): Promise<T> {
  const startedAtMs = performance.now();
  try {
    const result = await body();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const said = note?.(result).split('\n')[0] ?? '';
    const line = `  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`;
    if (!quiet || seconds >= 1) print(said === '' ? line : `${line}  ${said}`);
    return result;
  } catch (error) {
    print(`  ${name.padEnd(28)} failed`);
    throw error;
  }
}

/** Kernels, database client, command link and pages: whatever is missing or stale, side by side. */
async function prepare(withPages: boolean): Promise<void> {
  const kernels = step('kernels', buildAddon, { note: (said) => said });
  const rest = (async () => {
    await step('database client', generateClient, { quiet: true });
    await step('command link', linkCommand, { quiet: true });
    if (!withPages) return;
    const pages = await checkPages();
    if (!pages.stale) return;
    print('  pages: building, about a minute the first time');
    await step('pages (next build)', () => buildPages(pages));
  })();
  await Promise.all([kernels, rest]);
}

const externalDatabase = (): string | undefined => process.env['DATABASE_URL'] || undefined;

async function startDatabase(folder: string): Promise<void> {
  const external = externalDatabase();
  const url = await step(
    external === undefined ? 'embedded PostgreSQL' : 'database of DATABASE_URL',
    async () => external ?? (await ensureEmbedded(folder)).url,
  );
  await step('migrations', () => migrate(url), { note: (applied) => applied.join(', ') });
}

/** Names by which others may ask: those of PARLEY_HOSTS, and the address listened on where it is one. */
function servedHosts(host: string): readonly string[] {
  const named = (process.env['PARLEY_HOSTS'] ?? '').split(',').filter((name) => name !== '');
  const isServedAnyway = isEverywhere(host) || ['localhost', '127.0.0.1', '::1'].includes(host);
  const name = bracketed(host);
  return isServedAnyway || named.includes(name) ? named : [...named, name];
}

const isEverywhere = (host: string): boolean => ['0.0.0.0', '::'].includes(host);

/** As an address writes it. */
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** @throws Error where others could reach Parley and it has no accounts, naming the fix */
async function requireListening(host: string, accounts: boolean): Promise<void> {
  const hosts = servedHosts(host);
  const admins = isLoopbackHost(host) || !accounts ? 0 : await readAdmins();
  const refusal = refusalToListen(host, { accounts, admins, hosts });
  if (refusal !== null) throw new Error(refusal);
}

async function readAdmins(): Promise<number> {
  const { connect, disconnect } = await import('../../db/client.ts');
  const { countAdmins } = await import('../../accounts/admins.ts');
  try {
    return await countAdmins((await connect()).db);
  } finally {
    await disconnect();
  }
}

function webPlan(host: string, port: number, folder: string): ChildPlan {
  return {
    name: 'web',
    command: process.execPath,
    args: [
      ...endWithParent,
      join(root, 'node_modules', 'next', 'dist', 'bin', 'next'),
      'start',
      '--hostname',
      host,
      '--port',
      String(port),
    ],
    cwd: root,
    ipc: false,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      PARLEY_DATA: folder,
      PARLEY_HOSTS: servedHosts(host).join(','),
    },
    ignore: /Next\.js|- Local:|- Network:|Ready in|Starting\.\.\./,
  };
}

function workerPlan(folder: string): ChildPlan {
  return {
    name: 'worker',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(root, 'server', 'runs', 'worker-main.ts')],
    cwd: root,
    ipc: true,
    env: { ...process.env, NODE_ENV: 'production', PARLEY_DATA: folder },
    ignore: /^$/,
  };
}

/** The second listener: published permalinks only, read-only, on an address that others can reach. */
function sharePlan(share: string, folder: string): ChildPlan {
  return {
    name: 'share',
    command: process.execPath,
    args: [
      ...endWithParent,
      '--disable-warning=ExperimentalWarning',
      join(root, 'server', 'permalinks', 'share-main.ts'),
      share,
    ],
    cwd: root,
    ipc: false,
    env: { ...process.env, NODE_ENV: 'production', PARLEY_DATA: folder },
    ignore: /^$/,
  };
}

/**
 * Links are built of PARLEY_PUBLIC_URL; where nobody set it, the second listener's own address will do,
 * unless it listens everywhere and so has no single one.
 */
function namePublicUrl(share: string): void {
  const { host } = readShareAddress(share);
  if (['0.0.0.0', '::'].includes(host) || (process.env['PARLEY_PUBLIC_URL'] ?? '') !== '') return;
  process.env['PARLEY_PUBLIC_URL'] = `http://${share}`;
}

/** Resolves when the pages answer; false when they did not within two minutes. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + answerTimeoutMs;
  while (performance.now() < deadline && !signal.aborted) {
    const status = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return true;
    await sleep(150);
  }
  return false;
}

/** The embedded database is not our child: look after it, and bring it back where it was. */
function watchDatabase(folder: string): NodeJS.Timeout {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    (async () => {
      if ((await findEmbedded(folder)) !== undefined) return;
      print('database | does not answer, starting it again');
      await ensureEmbedded(folder);
    })()
      .catch((error: unknown) => print(`database | ${String(error)}`))
      .finally(() => (busy = false));
  }, databaseWatchMs);
  return timer;
}

async function run(
  kind: Exclude<AppKind, 'cli'>,
  startedAtMs: number,
  { share, host }: { share: string | undefined; host: string },
): Promise<void> {
  const folder = dataFolder();
  const ending = new AbortController();
  const children: SupervisedChild[] = [];
  let watch: NodeJS.Timeout | undefined;
  let ended: Promise<never> | undefined;
  const end = (code: number): Promise<never> => {
    ended ??= (async () => {
      ending.abort();
      clearInterval(watch);
      print('\nStopping ...');
      await Promise.all(children.map((child) => child.stop()));
      await releaseApp(folder, kind);
      if (externalDatabase() === undefined && !(await isInUse(folder, kind)))
        await stopEmbedded(folder);
      print('Stopped.');
      process.exit(code);
    })();
    return ended;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void end(0));
  }
  try {
    await Promise.all([prepare(kind !== 'worker'), startDatabase(folder)]);
    if (externalDatabase() === undefined) watch = watchDatabase(folder);
    if (kind !== 'worker') await requireListening(host, accountsOn());
    const port = kind === 'worker' ? 0 : await choosePort();
    if (kind !== 'worker') children.push(new SupervisedChild(webPlan(host, port, folder), print));
    for (const child of children) child.start();
    if (kind !== 'worker') {
      const named = isEverywhere(host) || isLoopbackHost(host) ? 'localhost' : bracketed(host);
      const url = `http://${named}:${port}`;
      const asked = isEverywhere(host) ? '127.0.0.1' : bracketed(host);
      const ok = await step('web', () => answers(`http://${asked}:${port}/`, ending.signal));
      if (!ok) throw new Error(`the pages do not answer at ${url}; see the lines above.`);
      await updateApp(folder, kind, { url });
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      print(`\nParley is ready after ${seconds} s:  ${url}\n`);
      if (share !== undefined) {
        const listener = new SupervisedChild(sharePlan(share, folder), print);
        children.push(listener);
        listener.start();
        print(`Published permalinks, read-only, for others:  http://${share}/s/...\n`);
      }
    }
    // After the URL, so that the first run of an installation does not delay the first page.
    if (kind !== 'web') {
      const worker = new SupervisedChild(workerPlan(folder), print);
      children.push(worker);
      worker.start();
    }
    const pids = children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    await updateApp(folder, kind, { children: pids });
  } catch (error) {
    if (ending.signal.aborted) return;
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    await end(1);
  }
}

async function main(): Promise<void> {
  const startedAtMs = performance.now();
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      prepare: { type: 'boolean' },
      share: { type: 'string' },
      host: { type: 'string' },
    },
  });
  const { only, share, host = '127.0.0.1' } = values;
  if (only !== undefined && only !== 'web' && only !== 'worker') {
    console.error(`--only is "${only}": use web or worker.`);
    process.exit(2);
  }
  if (share !== undefined) {
    if (only === 'worker') throw new Error('--share needs the web: leave --only worker out.');
    namePublicUrl(share);
  }
  if (values.host !== undefined && only === 'worker') {
    throw new Error('--host needs the web: leave --only worker out.');
  }
  // What can be refused without asking the database is refused in the first second.
  const early = refusalToListen(host, { accounts: accountsOn(), admins: 1, hosts: [host] });
  if (early !== null) throw new Error(early);
  const folder = dataFolder();
  const problems = await checkMachine(folder, existsSync(join(root, '.next', 'BUILD_ID')));
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
  if (values.prepare === true) {
    await prepare(true);
    return;
  }
  // A PORT that is none is refused now, not after a minute of building.
  if (only !== 'worker') await choosePort();
  const kind = only ?? 'all';
  const running = await claimApp(folder, kind);
  if (running !== undefined) {
    const where = running.url ?? 'and is still starting';
    print(`Parley already runs on ${folder} (process ${running.pid}): ${where}`);
    return;
  }
  print(`Starting Parley (data in ${folder})`);
  await run(kind, startedAtMs, { share, host });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
