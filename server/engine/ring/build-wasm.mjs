/**
 * Builds server/engine/ring/kernels.wasm, the portable kernels, from the sources of the addon.
 *
 * The result is committed: users never run this, authors do after a change in native/. The compiler
 * is clang, itself compiled to WebAssembly, from the npm package @yowasp/clang in the version below
 * (100 MB, no native parts); it is no dependency of the project but is installed into a folder under
 * the system's temporary directory, or taken from the folder in YOWASP_CLANG. It has no executable,
 * so it is imported. The same version gives the same bytes.
 *
 * The module carries the hash of its sources; `--check` compares it without building and exits 1 if
 * the sources have changed since.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const version = '21.1.4-3';
const sources = join(import.meta.dirname, 'native');
const result = join(import.meta.dirname, 'kernels.wasm');

const flags = [
  '--target=wasm32-unknown-unknown',
  '-msimd128',
  '-mbulk-memory',
  '-mnontrapping-fptoint',
  '-std=c++17',
  '-O3',
  '-ffreestanding',
  '-nostdlib',
  '-nostdinc++',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-strict-aliasing',
  '-ffp-contract=off',
  '-Wl,--no-entry',
  '-Wl,--strip-all',
  '-Wl,--export-table',
  '-Wl,--export=__heap_base',
  '-Wl,-z,stack-size=131072',
];

/** Folder of the compiler's package, installed there if it is missing. */
function installClang() {
  const folder = process.env.YOWASP_CLANG ?? join(tmpdir(), `parley-yowasp-clang-${version}`);
  const clang = join(folder, 'node_modules/@yowasp/clang');
  if (existsSync(join(clang, 'gen/bundle.js'))) return clang;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder];
  const { status } = spawnSync('npm', [...args, `@yowasp/clang@${version}`], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm could not install @yowasp/clang@${version}`);
  return clang;
}

const files = Object.fromEntries(
  readdirSync(sources)
    .filter((name) => name.endsWith('.h') || name === 'wasm.cc')
    .sort()
    .map((name) => [name, readFileSync(join(sources, name), 'utf8')]),
);
const section = 'parley.sources';
const hash = createHash('sha256')
  .update(JSON.stringify([version, flags, files]))
  .digest();

/** The hash as a custom section: id 0, size, length of the name, name, content. */
function hashSection() {
  const name = Buffer.from(section);
  const content = Buffer.concat([Buffer.of(name.length), name, hash]);
  return Buffer.concat([Buffer.of(0, content.length), content]);
}

function isCurrent() {
  if (!existsSync(result)) return false;
  const built = new WebAssembly.Module(readFileSync(result));
  const [found] = WebAssembly.Module.customSections(built, section);
  return found !== undefined && hash.equals(Buffer.from(found));
}

async function build() {
  const { runClang } = await import(pathToFileURL(join(installClang(), 'gen/bundle.js')).href);
  const command = ['clang++', ...flags, 'wasm.cc', '-o', 'kernels.wasm'];
  const built = await runClang(command, files, { fetchProgress: () => {} });
  writeFileSync(result, Buffer.concat([built['kernels.wasm'], hashSection()]));
  console.log(`kernels.wasm: built, ${built['kernels.wasm'].length} bytes`);
}

if (process.argv.includes('--check')) {
  if (isCurrent()) {
    console.log('kernels.wasm: up to date');
  } else {
    console.error('kernels.wasm: older than native/; run `npm run build:wasm` and commit it');
    process.exitCode = 1;
  }
} else {
  try {
    await build();
  } catch (error) {
    // The compiler has printed its complaint; its exception would print all sources again.
    console.error(`kernels.wasm: not built: ${error.message}`);
    process.exitCode = 1;
  }
}
