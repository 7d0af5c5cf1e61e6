/**
 * The helper program of the kernel backend, compiled at its first use with the system's C++ compiler
 * (`CXX`, default `c++`). It is named by the hash of its source, so that another version never meets an
 * old program.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../../engine/errors.ts';

const run = promisify(execFile);
// A bundler leaves this file's own folder undefined; the server runs in the repository.
const here =
  (import.meta.dirname as string | undefined) ?? join(process.cwd(), 'server/network/kernel');
const source = join(here, 'native', 'parley-net.cc');
const folder = join(here, 'build');
const compileTimeoutMs = 120_000;

/**
 * Path of the program.
 * @throws EngineError 'backend' in words for people: not Linux, no compiler, or what it complained of
 */
export async function kernelHelper(): Promise<string> {
  if (process.platform !== 'linux') {
    const fix = 'use backend inline';
    throw new EngineError(
      'backend',
      `the kernel backend needs Linux, this is ${process.platform}; ${fix}`,
    );
  }
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const program = join(folder, `parley-net-${hash}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  const [compiler = 'c++', ...options] = (process.env['CXX']?.trim() || 'c++').split(/\s+/);
  const args = [...options, '-std=c++17', '-O2', '-o', fresh, source];
  try {
    await run(compiler, args, { timeout: compileTimeoutMs });
    // Two workers may compile at once: each puts a whole program in place.
    await rename(fresh, program);
    return program;
  } catch (error) {
    await rm(fresh, { force: true });
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const text = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : '';
    const why = missing ? `no C++ compiler (${compiler} not found)` : text;
    const fix = 'install one, or set CXX, or use backend inline';
    throw new EngineError(
      'backend',
      `the kernel backend's helper cannot be built: ${why}; ${fix}`,
      {
        cause: error,
      },
    );
  }
}
