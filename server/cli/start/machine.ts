/** Whether this machine has room for Parley, before anything is built or downloaded into it. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { createServer } from 'node:net';

const gib = 2 ** 30;
/** A "4 GB" machine reports less than 4 GiB: firmware and kernel take their part. */
const leastMemoryBytes = 3.5 * gib;
const leastDiskBytes = 2 * gib;
/** Once everything is built, only runs and the database need room. */
const leastDiskWhenBuiltBytes = 0.5 * gib;

/** Memory that this process may use: the machine's, or less inside a container. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** What is missing, in sentences; empty when all is well. PARLEY_SKIP_CHECKS=1 silences it. */
export async function checkMachine(folder: string, built: boolean): Promise<string[]> {
  if (process.env['PARLEY_SKIP_CHECKS'] === '1') return [];
  const problems: string[] = [];
  const memory = memoryBytes();
  if (memory < leastMemoryBytes) {
    problems.push(
      `Parley needs 4 GB of memory, this machine has ${(memory / gib).toFixed(1)} GiB. Close it down to small runs at your own risk with PARLEY_SKIP_CHECKS=1.`,
    );
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const wanted = built ? leastDiskWhenBuiltBytes : leastDiskBytes;
  if (existsSync(folder) && free < wanted) {
    problems.push(
      `Parley needs ${wanted / gib} GiB of free disk, ${folder} has ${(free / gib).toFixed(1)} GiB. Free some space, or choose another disk with PARLEY_DATA.`,
    );
  }
  return problems;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * PORT or 4300, or the next free one after it.
 * @throws Error when PORT is no port, or a hundred in a row are taken
 */
export async function choosePort(): Promise<number> {
  const asked = process.env['PORT'];
  const first = asked === undefined || asked === '' ? 4300 : Number(asked);
  if (!Number.isInteger(first) || first < 1 || first > 65_535) {
    throw new Error(`PORT is "${asked}": give a number from 1 to 65535.`);
  }
  for (let port = first; port < Math.min(first + 100, 65_536); port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${first} on: set PORT.`);
}
