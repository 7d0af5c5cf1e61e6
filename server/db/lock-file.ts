/**
 * A lock file between processes of one machine: whoever creates it holds it. A file whose process is
 * gone, or that is older than the longest thing done under it, is taken over.
 */
import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const longestHoldMs = 120_000;

/** Whether a process with this id exists (perhaps of another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const ageMs = Date.now() - mtimeMs;
    // An empty file is one that its owner has not written to yet.
    if (text.trim() === '') return ageMs > 5000;
    return !isAlive(Number(text)) || ageMs > longestHoldMs;
  } catch {
    return false;
  }
}

/**
 * Runs `body` while holding the lock at `path`.
 * @throws Error when another live process holds it for longer than two minutes
 */
export async function withLockFile<T>(path: string, body: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + longestHoldMs + 10_000;
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isStale(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (Date.now() > deadline) throw new Error(`${path} is held by another process; remove it.`);
    await sleep(100);
  }
  try {
    return await body();
  } finally {
    await rm(path, { force: true });
  }
}
