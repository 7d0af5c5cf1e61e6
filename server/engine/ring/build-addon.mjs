/**
 * Builds the native kernels: server/engine/ring/build/addon.node, with the system's C++ compiler.
 *
 * Called by npm's postinstall and by `npm start`, so it must never stand in the way: on any failure
 * it prints one line and exits 0, and the WebAssembly kernels are used instead. It does nothing when
 * sources, compiler and flags are those of the existing build. No network: the Node-API headers come
 * from the package `node-api-headers`. (node-gyp is not used because it downloads headers.)
 *
 * The result is tried in a child process before it replaces the old one, since a bad addon can only
 * crash. Options: --verbose, --force. Environment: CXX.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const sources = join(here, 'native');
const output = join(here, 'build');
const addon = join(output, 'addon.node');
const stamp = join(output, 'addon.json');
const verbose = process.argv.includes('--verbose');
/** CXX may hold options: `ccache g++`. */
const compiler = (process.env.CXX?.trim() || 'c++').split(/\s+/);

const common = [
  '-std=c++17',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-strict-aliasing',
  // The rounding of `encode` relies on separate multiply and subtract.
  '-ffp-contract=off',
];
const avx2 = ['-mavx2', '-mbmi', '-mbmi2', '-mpopcnt'];
const avx512 = [...avx2, '-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl'];
const units = {
  'addon.cc': [],
  // GCC turns the scalar tile of the matrix product into slower SSE2 code.
  'k_base.cc': ['-fno-tree-slp-vectorize'],
  ...(process.arch === 'x64' && {
    'k_avx2.cc': avx2,
    'k_avx512.cc': [...avx512, '-mprefer-vector-width=512'],
    'k_aesni.cc': ['-maes', '-msse4.1'],
    'k_vaes.cc': [...avx512, '-maes', '-mvaes'],
  }),
};
const link =
  process.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup']
    : ['-shared', '-Wl,--as-needed', '-Wl,--gc-sections', '-s'];

/** Runs a command and returns what it printed; rejects with the first lines of its complaint. */
function run([command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.stderr.on('data', (data) => (text += data));
    child.on('error', (error) =>
      reject(error.code === 'ENOENT' ? new Error(`no C++ compiler (${command} not found)`) : error),
    );
    child.on('close', (code, signal) => {
      if (verbose && text) console.error(text);
      if (code === 0) return resolve(text);
      const first =
        text.split('\n').find((line) => /error|cannot/i.test(line)) ?? text.split('\n')[0];
      reject(
        new Error(`${command} failed (${signal ?? `exit code ${code}`}) ${first}`.slice(0, 300)),
      );
    });
  });
}

/** Identity of the sources; this script counts, for its flags. */
function hashSources() {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const name of readdirSync(sources).sort()) {
    hash.update(name).update(readFileSync(join(sources, name)));
  }
  return hash.digest('hex');
}

/** What the present build was made from, as kept beside it; null if there is none. */
function readStamp() {
  try {
    return existsSync(addon) ? JSON.parse(readFileSync(stamp, 'utf8')) : null;
  } catch {
    return null;
  }
}

/** Runs in the child process: two products and a key stream, for every instruction set it has. */
const selfTest = `
const loaded = { exports: {} };
process.dlopen(loaded, process.argv[1]);
const addon = loaded.exports;
const crypto = process.getBuiltinModule('node:crypto');
const bytes = (words) => new Uint8Array(new BigUint64Array(words).buffer);
for (const isa of [0, 1, 2]) {
  const kernels = addon.open(isa);
  if (!kernels) { if (isa === 0) throw new Error('no baseline kernels'); continue; }
  const n = 40, x = new BigUint64Array(n * n).map((_, i) => (BigInt(i) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn);
  const out = new BigUint64Array(n * n);
  kernels.matmul(64, 1, 1, n, n, n, 0, bytes(x), bytes(x), new Uint8Array(out.buffer));
  for (const at of [0, 41, n * n - 1]) {
    let sum = 0n;
    for (let k = 0; k < n; k++) sum += x[Math.floor(at / n) * n + k] * x[k * n + (at % n)];
    if (out[at] !== BigInt.asUintN(64, sum)) throw new Error('wrong product, instruction set ' + isa);
  }
  if (kernels.aesCtr) {
    const key = new Uint8Array(16).fill(7), stream = new Uint8Array(1000);
    kernels.aesCtr(key, key, stream);
    const expected = crypto.createCipheriv('aes-128-ctr', key, key).update(new Uint8Array(1000));
    if (Buffer.compare(expected, stream) !== 0) throw new Error('wrong key stream');
  }
}
`;

async function build(wanted) {
  const headers = join(
    createRequire(import.meta.url).resolve('node-api-headers/package.json'),
    '../include',
  );
  mkdirSync(output, { recursive: true });
  const work = mkdtempSync(join(output, 'work-'));
  try {
    const objects = await Promise.all(
      Object.entries(units).map(async ([file, flags]) => {
        const object = join(work, `${file}.o`);
        const args = [...common, ...flags, '-I', headers, '-c', join(sources, file), '-o', object];
        await run([...compiler, ...args]);
        return object;
      }),
    );
    const result = join(work, 'addon.node');
    await run([...compiler, ...link, ...objects, '-o', result]);
    await run([process.execPath, '-e', selfTest, result]);
    renameSync(result, addon);
    writeFileSync(stamp, `${JSON.stringify(wanted)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const wanted = {
  sources: hashSources(),
  compiler: compiler.join(' '),
  platform: process.platform,
  arch: process.arch,
};
const present = readStamp();
const same = (key) => present?.[key] === wanted[key];

if (Object.keys(wanted).every(same) && !process.argv.includes('--force')) {
  if (verbose) console.log('native kernels: up to date');
} else {
  try {
    await build(wanted);
    console.log('native kernels: built');
  } catch (error) {
    const reason = String(error?.message ?? error).replaceAll(/\s+/g, ' ');
    // An addon of other sources would not fit the code that calls it.
    const usable = ['sources', 'platform', 'arch'].every(same);
    if (!usable) rmSync(addon, { force: true });
    const instead = usable ? 'the earlier build' : 'the portable WebAssembly backend';
    console.log(`native kernels: not built, ${instead} will be used (${reason})`);
  }
}
