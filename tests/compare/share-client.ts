/** Asks the second listener for what is published and for what is not, for share-namespaces.sh. */
import { setTimeout as sleep } from 'node:timers/promises';
import { privateSlug, publishedSlug } from './share-slugs.ts';

const [host = '127.0.0.1', port = '0', where = ''] = process.argv.slice(2);
const base = `http://${host}:${port}`;

/** The listener starts beside us. */
async function answers(): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const ready = await fetch(base).then(
      () => true,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${base}`);
}

await answers();
console.log(where);
for (const [method, path] of [
  ['GET', '/s/published'],
  ['GET', '/s/private'],
  ['GET', '/runs/private'],
  ['GET', '/api/trpc/runs.list'],
  ['POST', '/s/published'],
  ['POST', '/api/trpc/permalinks.revoke'],
] as const) {
  const real = path
    .replace('/s/published', `/s/${publishedSlug}`)
    .replace('/s/private', `/s/${privateSlug}`);
  const { status } = await fetch(`${base}${real}`, { method });
  console.log(`${method} ${path} ${status}`);
}
