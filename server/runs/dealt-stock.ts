/**
 * Stock of what was dealt ahead of time: a folder per session to come, under `dealt/` of the data
 * folder, with a folder per party inside. A run claims one by renaming it into its own folder, which
 * either succeeds or not: no two runs have the same, and a run that fails has burnt what it claimed.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dealtOnce, type DealtAhead } from '../engine/correlations/dealt-ahead.ts';
import { memoryCorrections } from '../engine/correlations/store.ts';
import type { Terms } from '../network/handshake.ts';
import { openDealtFile } from './dealt-file.ts';
import { RunError } from './errors.ts';
import type { RoleResult } from './launch-types.ts';
import { roleFileName } from './roles.ts';

/** In a party's folder; `key` holds the key of its stream and the name of the dealing. */
export const dealtFiles = {
  key: 'dealt.key',
  corrections: 'dealt.bin',
  times: 'dealt.json',
} as const;

const manifestName = 'stock.json';
const parties = [0, 1] as const;

const manifestSchema = z.object({
  id: z.string(),
  /** Engine version and hash of plan and batches: only such a session may claim it. */
  terms: z.string(),
  createdAt: z.string(),
  dealer: z.custom<RoleResult>(
    (dealer) => typeof dealer === 'object' && dealer !== null && 'traces' in dealer,
  ),
});

export type StockManifest = Readonly<z.infer<typeof manifestSchema>>;

/** A stock that this run, and no other, has. */
export interface ClaimedStock extends StockManifest {
  readonly folder: string;
}

export const showTerms = ({ engine, planHash }: Terms): string =>
  `${engine} ${Buffer.from(planHash).toString('hex')}`;

export const stockFolder = (dataFolder: string): string => join(dataFolder, 'dealt');

/** Puts what a finished offline session left in `made` on the shelf. */
export function shelve(dataFolder: string, made: string, manifest: StockManifest): string {
  const folder = join(stockFolder(dataFolder), manifest.id);
  writeFileSync(join(made, manifestName), JSON.stringify(manifest), { mode: 0o600 });
  renameSync(made, folder);
  return folder;
}

/** What is ready, oldest first. A folder without a manifest is still being made and is left out. */
export function listStock(dataFolder: string): StockManifest[] {
  const shelf = stockFolder(dataFolder);
  if (!existsSync(shelf)) return [];
  return readdirSync(shelf)
    .map((id) => join(shelf, id, manifestName))
    .filter((path) => existsSync(path))
    .map((path): StockManifest => manifestSchema.parse(readJson(path)))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** Takes a stock for these terms into `into`, a folder of the run; null when there is none. */
export function claimStock(dataFolder: string, terms: Terms, into: string): ClaimedStock | null {
  const wanted = showTerms(terms);
  for (const manifest of listStock(dataFolder)) {
    if (manifest.terms !== wanted) continue;
    const folder = join(into, 'dealt');
    try {
      renameSync(join(stockFolder(dataFolder), manifest.id), folder);
    } catch (error) {
      // Another run was faster.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    return { ...manifest, folder };
  }
  return null;
}

/** Gives each party what is its own, and only that. */
export function handOut(stock: ClaimedStock, runFolder: string): void {
  for (const party of parties) {
    const name = roleFileName(party);
    for (const file of Object.values(dealtFiles)) {
      const from = join(stock.folder, name, file);
      if (existsSync(from)) renameSync(from, join(runFolder, name, file));
    }
  }
  rmSync(stock.folder, { recursive: true });
}

/** A party's own part, in its working folder; the key is deleted before anybody uses it. */
export function takeDealt(folder: string): DealtAhead & { close(): void } {
  const path = (name: string) => join(folder, name);
  const secret = new Uint8Array(readFileSync(path(dealtFiles.key)));
  rmSync(path(dealtFiles.key));
  const half = secret.length / 2;
  const [key, dealing] = [secret.slice(0, half), secret.slice(half)];
  const offlineMs = z.array(z.number()).parse(readJson(path(dealtFiles.times)));
  const file = existsSync(path(dealtFiles.corrections))
    ? openDealtFile(path(dealtFiles.corrections))
    : null;
  const corrections = file?.corrections ?? memoryCorrections();
  return {
    ...dealtOnce({ key, dealing, corrections, offlineMs }),
    close: () => {
      file?.close();
      rmSync(path(dealtFiles.corrections), { force: true });
    },
  };
}

/** A new folder in which an offline session works before it is shelved. */
export function workFolder(dataFolder: string, id: string): string {
  const folder = join(stockFolder(dataFolder), `making-${id}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Throws `RunError` 'invalid' for a file that is no JSON: the stock was damaged. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RunError('invalid', `${path} is damaged; delete the stock and deal again`);
  }
}
