/** Which processes an installation consists of, found as an operator would: by /proc, from outside. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Whom a fault may hit. */
export const victims = [
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
  const own = (pid: string): boolean =>
    textOf(`/proc/${pid}/environ`).includes(`PARLEY_DATA=${dataFolder}\0`);
  const found =
    victim === 'worker'
      ? processes().find(
          (pid) =>
            textOf(`/proc/${pid}/cmdline`).includes('server/runs/worker-main.ts') && own(pid),
        )
      : processes().find((pid) => {
          const folder = workingFolder(pid);
          const ofRun = folder.startsWith(join(dataFolder, 'runs/'));
          return ofRun && folder.endsWith(`/${roleFolders[victim] ?? ''}`);
        });
  return found === undefined ? null : Number(found);
}
