/**
 * Whatever may change a number of a run on this machine, as short strings: stored with every run,
 * shown beside its figures, compared between runs.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../zoo/root.ts';

const run = promisify(execFile);

/** Version of Parley's package.json. */
export function packageVersion(): string {
  const text = readFileSync(join(repositoryRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Commit of the checkout, with `+changes` where tracked files differ; `unknown` without git. */
async function readCommit(): Promise<string> {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', repositoryRoot(), ...args], { timeout: 5000 })).stdout.trim();
  try {
    const commit = await git('rev-parse', '--short=12', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit}+changes`;
  } catch {
    return 'unknown';
  }
}

/** The environment of this process; kernels are the ones that the parties load. */
export async function readEnvironment(
  kernels: { readonly backend: string; readonly instructionSet: string } | null,
): Promise<Record<string, string>> {
  return {
    parley: packageVersion(),
    commit: await readCommit(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memoryGiB: (totalmem() / 2 ** 30).toFixed(1),
    kernel: `${process.platform} ${release()}`,
    architecture: process.arch,
    node: process.versions.node,
    kernels: kernels?.backend ?? 'unknown',
    instructionSet: kernels?.instructionSet ?? 'unknown',
  };
}
