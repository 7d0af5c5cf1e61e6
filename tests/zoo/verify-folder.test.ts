/** Folders in the Hub's layout: a whole one passes, and each thing that is wrong is refused by name. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryRoot } from '../../server/zoo/root.ts';
import { verifyFolder } from '../../server/zoo/verify-folder.ts';

const shipped = join(repositoryRoot(), 'server/zoo/embedded/models/minilm-2l-imdb');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  await cp(shipped, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(change: (config: Record<string, unknown>) => void): Promise<void> {
  const file = join(folder, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  change(config);
  await writeFile(file, JSON.stringify(config));
}

test('a whole folder passes with its counts', async () => {
  const found = await verifyFolder(folder);
  expect(found.architecture).toBe('bert');
  expect(found.parameters).toBeGreaterThan(1_000_000);
});

test('weights that are cut short', async () => {
  const file = join(folder, 'model.safetensors');
  await writeFile(file, (await readFile(file)).subarray(0, 100_000));
  await expect(verifyFolder(folder)).rejects.toThrow(/model\.safetensors, tensor .*cut short/);
});

test('a layer that the weights do not have', async () => {
  await edit((config) => (config['num_hidden_layers'] = 3));
  await expect(verifyFolder(folder)).rejects.toThrow(/no tensor "bert\.encoder\.layer\.2\./);
});

test('a width that the weights do not have', async () => {
  await edit((config) => (config['intermediate_size'] = 1024));
  await expect(verifyFolder(folder)).rejects.toThrow(/shape \[1536, 384\], the config says \[1024/);
});

test('no weights at all', async () => {
  await rm(join(folder, 'model.safetensors'));
  await expect(verifyFolder(folder)).rejects.toThrow(/model\.safetensors: cannot read it/);
});
