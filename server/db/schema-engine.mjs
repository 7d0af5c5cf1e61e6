#!/usr/bin/env node
/**
 * Stand-in for Prisma's schema-engine binary, which cannot be downloaded offline.
 *
 * The Prisma CLI starts it and speaks JSON-RPC over stdin and stdout, a message a line. It answers
 * with @prisma/schema-engine-wasm over @prisma/adapter-pg. The shadow database of `migrate dev` and
 * `migrate diff` is a throw-away database beside the real one, made by the adapter itself.
 *
 * Plain JavaScript: the CLI executes this file by its first line, under any Node that npm offers.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    version: { type: 'boolean' },
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
  },
});

if (values.version) {
  console.log('schema-engine-cli 59be4fda12412a79eeb9c2ae727b6aa723593323');
  process.exit(0);
}

const url = values.datasource ? (JSON.parse(values.datasource).url ?? undefined) : undefined;

/** Catalog types that adapter-pg does not know, and ones that it reads the same way. */
const knownTypes = new Map([
  [18, 1042], // "char" as char(n)
  [1003, 1009], // name[] as text[]
]);
/** Number of a single character among the driver adapters' column types. */
const characterColumn = 6;

/**
 * Lets the engine's introspection read catalog columns of type "char" and name[] (prisma/orm#27403):
 * the adapter sees a type that it knows, and "char" columns are then given their real type back.
 */
function teachCatalogTypes(connection) {
  const base = Object.getPrototypeOf(Object.getPrototypeOf(connection));
  if (base.parleyPatched) return;
  base.parleyPatched = true;
  const { performIO, queryRaw } = base;
  base.queryRaw = async function queryCatalog(query) {
    const characters = [];
    const reader = Object.create(this);
    reader.performIO = async (inner) => {
      const result = await performIO.call(this, inner);
      (result.fields ?? []).forEach((field, index) => {
        if (field.dataTypeID === 18) characters.push(index);
        field.dataTypeID = knownTypes.get(field.dataTypeID) ?? field.dataTypeID;
      });
      return result;
    };
    const result = await queryRaw.call(reader, query);
    for (const index of characters) result.columnTypes[index] = characterColumn;
    return result;
  };
}

/** The adapter that the engine talks to, with its types patched and its shadow database mended. */
async function createAdapter(connectionString) {
  const { PrismaPg } = await import('@prisma/adapter-pg');
  // In parts, because a connection string would win over the shadow database's name.
  const { hostname, port, username, password, pathname } = new URL(connectionString);
  const config = {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
  const open = async (database) => {
    const connection = await new PrismaPg({ ...config, database }).connect();
    teachCatalogTypes(connection);
    return connection;
  };
  const factory = new PrismaPg(config);
  factory.connect = () => open(config.database);
  // The adapter's own drops the database while its pool is still connected, which PostgreSQL refuses.
  factory.connectToShadowDb = async () => {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    const admin = await open(config.database);
    await admin.executeScript(`CREATE DATABASE "${name}"`);
    const shadow = await open(name);
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await admin.executeScript(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  };
  return factory;
}

/** The engine reports a panic through this global, then traps; its text is what the CLI has to show. */
let panic;
process.on('uncaughtException', (error) => {
  logError('P0000', panic ?? String(error?.stack ?? error));
  process.exit(1);
});
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => {
    panic = message;
  },
};

async function loadEngine() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = require.resolve('@prisma/schema-engine-wasm').replace(/schema_engine\.js$/, '');
  const compiled = new WebAssembly.Module(readFileSync(`${file}schema_engine_bg.wasm`));
  const instance = new WebAssembly.Instance(compiled, { './schema_engine_bg.js': bindings });
  // Names that wasm-bindgen gave.
  bindings['__wbg_set_wasm'](instance.exports);
  instance.exports['__wbindgen_start']();
  const { bindErrors } = await import('@prisma/driver-adapter-utils').then((utils) => ({
    bindErrors: utils.bindMigrationAwareSqlAdapterFactory,
  }));
  const datamodels = (values.datamodels ?? []).map((path) => [path, readFileSync(path, 'utf8')]);
  const adapter = bindErrors(await createAdapter(url ?? 'postgresql://127.0.0.1:1/none'));
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  const engine = await bindings.SchemaEngine.new(options, () => {}, adapter);
  return { engine, errors: adapter.errorRegistry };
}

/** One line of the engine's log, the only form in which the CLI reads errors of its `cli` commands. */
function logError(errorCode, message) {
  const fields = { error_code: errorCode, message };
  const line = { level: 'ERROR', target: 'schema_engine::logger', fields };
  process.stderr.write(`\n${JSON.stringify(line)}`);
}

/** `cli can-connect-to-database | create-database | drop-database`. */
async function runCommand(command) {
  const { default: pg } = await import('pg');
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  const admin = new URL(url);
  if (command !== 'can-connect-to-database') admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  try {
    await client.connect();
    if (command === 'create-database') await client.query(`CREATE DATABASE "${name}"`);
    if (command === 'drop-database') await client.query(`DROP DATABASE IF EXISTS "${name}"`);
  } catch (error) {
    const code = error.code === '3D000' ? 'P1003' : 'P1001';
    logError(code, `${target.host}/${name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Splits the engine's "code: message" errors the way the CLI wants them in its RPC answer. */
function describeError(error) {
  const text = panic ?? String(error?.message ?? error);
  const code = error?.code ?? /\b(P\d{4})\b/.exec(text)?.[1];
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: { is_panic: false, message: text, meta: null, error_code: code ?? null },
  };
}

async function serve() {
  let started;
  const answer = async (request) => {
    if (request.method === 'getDatabaseVersion') return 'PostgreSQL';
    if (request.method === 'createDatabase') return { databaseName: '' };
    started ??= loadEngine();
    const { engine } = await started;
    const call = engine[request.method];
    if (typeof call !== 'function') throw new Error(`unknown method ${request.method}`);
    const result = await call.call(engine, request.params ?? {});
    if (request.method === 'diff' && typeof result.stdout === 'string') {
      const params = { content: result.stdout };
      process.stdout.write(
        `${JSON.stringify({ jsonrpc: '2.0', id: request.id, method: 'print', params })}\n`,
      );
    }
    return result ?? null;
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const request = JSON.parse(line);
    if (request.method === undefined) continue;
    let reply;
    try {
      reply = { result: await answer(request) };
    } catch (error) {
      reply = { error: describeError(error) };
    }
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, ...reply })}\n`);
  }
  process.exit(0);
}

if (positionals[0] === 'cli') await runCommand(positionals[1]);
else await serve();
