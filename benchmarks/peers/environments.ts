/**
 * The peers' Python environments, made once in the git-ignored `build/` beside this file, from public packages:
 * SPU from the Python registry; CrypTen from there on Debian's PyTorch (`python3-torch`). Where one
 * cannot be made, the reason is kept and its rows are left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Environment = { readonly python: string } | { readonly missing: string };

const here = import.meta.dirname;

/** The last line of what a failed command said. */
function attempt(command: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return null;
  const said = stderr?.trim().split('\n').at(-1) ?? '';
  return error?.message ?? (said === '' ? `${command} ended with ${status}` : said);
}

function environment(
  name: string,
  interpreter: string,
  options: readonly string[],
  install: readonly string[],
  check: string,
): Environment {
  const folder = join(here, 'build', name);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python) && attempt(python, ['-c', check]) === null) return { python };
  rmSync(folder, { recursive: true, force: true });
  console.error(`${name}: making its Python environment in ${folder}`);
  const failed =
    attempt(interpreter, ['-m', 'venv', ...options, folder]) ??
    attempt(python, ['-m', 'pip', 'install', '--quiet', ...install]) ??
    attempt(python, ['-c', check]);
  return failed === null ? { python } : { missing: `${name}: ${failed}` };
}

export function spuEnvironment(): Environment {
  const requirements = join(here, 'requirements-spu.txt');
  return environment('spu', 'python3', [], ['-r', requirements], 'import spu, jax');
}

export function cryptenEnvironment(): Environment {
  const torch = attempt('/usr/bin/python3', ['-c', 'import torch']);
  if (torch !== null) {
    return { missing: `crypten: needs Debian's python3-torch and libopenblas0-pthread (${torch})` };
  }
  const requirements = join(here, 'requirements-crypten.txt');
  // Its own requirements name tensorboard and torchvision, which nothing here uses.
  return environment(
    'crypten',
    '/usr/bin/python3',
    ['--system-site-packages'],
    ['--no-deps', '-r', requirements],
    'import crypten',
  );
}
