/**
 * Who runs on a data folder: a small file per kind of process, so that a second start can say where
 * the first one is, and the command line knows whether it has to bring its own worker.
 */
import { readFileSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../db/lock-file.ts';

/** all = web and worker under one supervisor; cli = a command with its own worker. */
export const appKinds = ['all', 'web', 'worker', 'cli'] as const;
export type AppKind = (typeof appKinds)[number];

export interface AppRecord {
  readonly kind: AppKind;
  readonly pid: number;
  readonly startedAt: string;
  /** Set once the pages answer. */
  readonly url: string | null;
  /** Processes to end should the supervisor have been killed. */
  readonly children: readonly number[];
}

const fileOf = (folder: string, kind: AppKind): string =>
  join(folder, kind === 'all' ? 'app.json' : `app-${kind}.json`);

/** Whether the process is one of ours; a process id may have been given to somebody else since. */
function isOurs(pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return /server\/cli\/|server\/runs\/worker|next|vitest|parley/.test(command);
  } catch {
    return false;
  }
}

/** The record of a kind whose process is alive. */
export async function findApp(folder: string, kind: AppKind): Promise<AppRecord | undefined> {
  const text = await readFile(fileOf(folder, kind), 'utf8').catch(() => '');
  try {
    const record = JSON.parse(text) as AppRecord;
    return isOurs(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the children of a supervisor that was killed and could not. */
async function endLeftovers(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  let children: readonly number[] = [];
  try {
    children = (JSON.parse(text) as Partial<AppRecord>).children ?? [];
  } catch {
    return;
  }
  for (const pid of children.filter(isOurs)) process.kill(pid, 'SIGTERM');
}

/** Takes the place of `kind` on this folder, or returns the living one that has it. */
export async function claimApp(folder: string, kind: AppKind): Promise<AppRecord | undefined> {
  const path = fileOf(folder, kind);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const running = await findApp(folder, kind);
    if (running !== undefined && running.pid !== process.pid) return running;
    await endLeftovers(path);
    await rm(path, { force: true });
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(JSON.stringify(blank(kind)));
      await file.close();
      return undefined;
    } catch (error) {
      // Somebody was faster: look again who it is.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return findApp(folder, kind);
}

const blank = (kind: AppKind): AppRecord => ({
  kind,
  pid: process.pid,
  startedAt: new Date().toISOString(),
  url: null,
  children: [],
});

export async function updateApp(
  folder: string,
  kind: AppKind,
  change: Partial<Pick<AppRecord, 'url' | 'children'>>,
): Promise<void> {
  const now = (await findApp(folder, kind)) ?? blank(kind);
  await writeFile(fileOf(folder, kind), JSON.stringify({ ...now, ...change }), { mode: 0o600 });
}

export async function releaseApp(folder: string, kind: AppKind): Promise<void> {
  await rm(fileOf(folder, kind), { force: true });
}

/** Whether anybody but `except` runs on this folder and needs its database. */
export async function isInUse(folder: string, except: AppKind): Promise<boolean> {
  const others = appKinds.filter((kind) => kind !== except);
  const found = await Promise.all(others.map((kind) => findApp(folder, kind)));
  return found.some((record) => record !== undefined);
}
