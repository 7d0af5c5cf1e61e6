/**
 * Brings a checkout to where it can run: what npm's install scripts do, and what `npm start` does again
 * where they were blocked. Each step is quick when there is nothing to do.
 *
 * Plain JavaScript, because npm runs it under whatever Node the machine has.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findNode, root } from './find-node.mjs';

/** Runs one of our or npm's scripts; resolves with its exit code and what it printed. */
function runScript(file, args = [], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(findNode() ?? process.execPath, [join(root, file), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output = (output + data).slice(-20_000);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const read = (path) => readFile(path, 'utf8').catch(() => undefined);

/** SHA-256 over names and contents of files, in order of their names. */
async function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort((a, b) => (a < b ? -1 : 1))) {
    hash.update(`${relative(root, path)}\0`);
    await new Promise((resolve, reject) => {
      const stream = createReadStream(path);
      stream.on('data', (data) => hash.update(data));
      stream.on('end', resolve);
      stream.on('error', reject);
    });
  }
  return hash.digest('hex');
}

/** Native kernels; on failure the addon's own script has said why, and WebAssembly is used. */
export async function buildAddon() {
  const { output } = await runScript('server/engine/ring/build-addon.mjs');
  return output.trim();
}

/** Prisma's client from prisma/schema.prisma, when that has changed. */
export async function generateClient() {
  const folder = join(root, 'server', 'db', 'generated');
  const stamp = join(folder, '.hash');
  const lock = join(root, 'node_modules', 'prisma', 'package.json');
  const hash = await hashFiles([join(root, 'prisma', 'schema.prisma'), lock]);
  if ((await read(stamp)) === hash) return false;
  const { code, output } = await runScript('node_modules/prisma/build/index.js', ['generate'], {
    // Generating needs no schema engine; an empty file keeps the CLI from looking for a download.
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'server', 'db', 'schema-engine.mjs'),
  });
  if (code !== 0) throw new Error(`prisma generate failed: ${output.trim().slice(-500)}`);
  await mkdir(folder, { recursive: true });
  await writeFile(stamp, hash);
  return true;
}

/** node_modules/.bin/parley, so that `npx parley` works in the checkout without asking a registry. */
export async function linkCommand() {
  const path = join(root, 'node_modules', '.bin', 'parley');
  const target = join('..', '..', 'server', 'cli', 'parley.mjs');
  if ((await readlink(path).catch(() => undefined)) === target) return false;
  await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
  return true;
}

const notInBuild = /(^|\/)(node_modules|generated|embedded|build|native|cli)(\/|$)/;

/** Everything that the pages' build depends on. */
async function listPageSources() {
  const files = ['next.config.js', 'proxy.ts', 'package-lock.json', 'postcss.config.mjs'];
  const sources = [];
  for (const folder of ['app', 'server', 'prisma/migrations']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      if (entry.isFile() && !notInBuild.test(relative(root, path))) sources.push(path);
    }
  }
  for (const name of await readdir(root)) if (files.includes(name)) sources.push(join(root, name));
  return sources;
}

/** The state of the pages' build: `stale` when sources have changed since, or there is none. */
export async function checkPages() {
  const stamp = join(root, '.next', 'parley-sources.sha256');
  const hash = await hashFiles(await listPageSources());
  const built = (await read(join(root, '.next', 'BUILD_ID'))) !== undefined;
  return { stale: !built || (await read(stamp)) !== hash, hash, stamp };
}

/** Builds the pages. Throws with the end of Next's output when it fails. */
export async function buildPages({ hash, stamp }) {
  const { code, output } = await runScript('node_modules/next/dist/bin/next', ['build'], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  });
  if (code !== 0) throw new Error(`next build failed:\n${output.trim().slice(-3000)}`);
  await writeFile(stamp, hash);
}
