/**
 * Plain JavaScript that runs on any Node from 18 on: refuses machines that cannot work, in words, and
 * finds the Node that can. TypeScript is run by Node itself, which needs 22.18; npm installs a Node 24
 * beside the other packages, so an older system Node does no harm.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const isRecent = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
};

/** Why this machine cannot run Parley, with what to do; undefined when it can. */
export function refusal() {
  if (process.platform === 'win32') {
    return 'Parley does not run on native Windows. Install WSL2 (wsl --install) and run it there.';
  }
  if (process.platform === 'linux') {
    if (process.report) process.report.excludeNetwork = true;
    const report = process.report?.getReport();
    const header = (typeof report === 'string' ? JSON.parse(report) : report)?.header;
    if (header && !header.glibcVersionRuntime) {
      return (
        'Parley needs a Linux with glibc; this one has musl (Alpine?), for which there is no embedded ' +
        'PostgreSQL. Use a Debian, Ubuntu or Fedora image.'
      );
    }
  }
  return undefined;
}

/** Path of a Node that runs TypeScript: this one, or the one that npm installed. */
export function findNode() {
  if (isRecent(process.version)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const installed = join(root, 'node_modules', name, 'bin', 'node');
  if (!existsSync(installed)) return undefined;
  const { status, stdout } = spawnSync(installed, ['--version'], { encoding: 'utf8' });
  return status === 0 && isRecent(stdout.trim()) ? installed : undefined;
}

/** The same for people, ending the process when there is none. */
export function requireNode() {
  const problem = refusal();
  if (problem !== undefined) {
    console.error(problem);
    process.exit(1);
  }
  const node = findNode();
  if (node === undefined) {
    const why = existsSync(join(root, 'node_modules'))
      ? 'and npm has not installed its own: run "npm ci" without --omit=optional, or install Node 24'
      : 'and the packages are not installed yet: run "npm ci" first';
    console.error(`This is Node ${process.version}; Parley needs 22.18 or newer, ${why}.`);
    process.exit(1);
  }
  if (!existsSync(join(root, 'node_modules', 'pg'))) {
    console.error('The packages are not installed: run "npm ci" first.');
    process.exit(1);
  }
  return node;
}

/** Runs a TypeScript file of ours under the right Node, with this process's arguments, and ends with it. */
export async function runUnderNode(file) {
  const node = requireNode();
  if (node === process.execPath) {
    await import(file);
    return;
  }
  const child = spawn(node, [file, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by the terminal; it decides when to end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
