/**
 * Prisma's CLI settings. Its schema engine is a binary that cannot be downloaded offline, so the CLI
 * is pointed at server/db/schema-engine.mjs, which speaks the same protocol over WebAssembly.
 *
 * The CLI needs a database only for `migrate`: DATABASE_URL, or the embedded one while it runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(
  new URL('./server/db/schema-engine.mjs', import.meta.url),
);

/** Where the embedded database listens, as its launcher recorded it; a dead address when it never ran. */
function embeddedUrl(): string {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const folder = process.env['PARLEY_DATA'] ?? join(root, '.parley');
  try {
    const { port } = JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as {
      port: number;
    };
    const password = readFileSync(join(folder, 'postgres.password'), 'utf8').trim();
    return `postgresql://parley:${password}@127.0.0.1:${port}/parley`;
  } catch {
    return 'postgresql://parley@127.0.0.1:1/parley';
  }
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? embeddedUrl() },
});
