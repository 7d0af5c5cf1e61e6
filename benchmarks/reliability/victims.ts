/** Which processes an installation consists of, found as an operator would: by /proc, from outside. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Whom a fault may hit. */
export const victims = [
  'web',
  'worker',
  'database',
  'owner',
  'party 0',
  'party 1',
  'party 2',
  'dealer',
] as const;
export type Victim = (typeof victims)[number];

const roleFolders: Readonly<Partial<Record<Victim, string>>> = {
  owner: 'owner',
  'party 0': 'party-0',
  'party 1': 'party-1',
  'party 2': 'party-2',
  dealer: 'dealer',
};

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

const processes = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** Processes that work in the folder of a live run. */
export const rolesAlive = (dataFolder: string): number[] =>
  processes()
    .filter((pid) => workingFolder(pid).startsWith(join(dataFolder, 'runs/')))
    .map(Number);

/** Process id, or null where there is none now. */
export function findVictim(victim: Victim, dataFolder: string): number | null {
  if (victim === 'database') {
    const pid = Number(textOf(join(dataFolder, 'postgres', 'postmaster.pid')).split('\n')[0]);
    return pid > 0 ? pid : null;
  }
  if (victim === 'web' || victim === 'worker') return findServer(victim, dataFolder);
  const found = processes().find((pid) => {
    const folder = workingFolder(pid);
    const ofRun = folder.startsWith(join(dataFolder, 'runs/'));
    return ofRun && folder.endsWith(`/${roleFolders[victim] ?? ''}`);
  });
  return found === undefined ? null : Number(found);
}

const servers = {
  web: /next-server|next\/dist\/bin\/next/,
  worker: /server\/runs\/worker-main\.ts/,
};

/** The web or worker process on this data folder; the parent where one has started another. */
export function findServer(name: keyof typeof servers, dataFolder: string): number | null {
  const found = processes().find(
    (pid) =>
      servers[name].test(textOf(`/proc/${pid}/cmdline`)) &&
      textOf(`/proc/${pid}/environ`).includes(`PARLEY_DATA=${dataFolder}\0`),
  );
  return found === undefined ? null : Number(found);
}
