/** `parley backup`, `parley restore` and `parley prune`: what an installation keeps, and for how long. */
import { resolve } from 'node:path';
import { dataFolder, sharedFolder } from '../../db/data-folder.ts';
import { findEmbedded, stopEmbedded } from '../../db/embedded-postgres.ts';
import { resolveDatabaseUrl } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { backup } from '../../keep/backup.ts';
import { KeepError } from '../../keep/errors.ts';
import { prune } from '../../keep/prune.ts';
import { restore } from '../../keep/restore.ts';
import { findApp } from '../app-record.ts';
import { exitCodes } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface BackupCommandOptions {
  readonly withoutKey?: boolean;
  readonly json?: boolean;
}

export interface PruneCommandOptions {
  readonly days: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** The database's address; one that was started for this command is ended with it. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = dataFolder();
  const external = (process.env['DATABASE_URL'] ?? '') !== '';
  const wasRunning = external || (await findEmbedded(folder)) !== undefined;
  const url = await resolveDatabaseUrl();
  try {
    return await work(url);
  } finally {
    if (!wasRunning) await stopEmbedded(folder);
  }
}

/** @throws KeepError where the folder is not empty */
export async function backupCommand(
  folder: string,
  options: BackupCommandOptions,
): Promise<number> {
  const say = options.json === true ? () => {} : (line: string) => console.log(`  ${line}`);
  const report = await withDatabase(async (url) => {
    await migrate(url);
    return backup({
      url,
      dataFolder: sharedFolder(),
      folder: resolve(folder),
      withoutKey: options.withoutKey ?? false,
      onProgress: say,
    });
  });
  if (options.json === true) console.log(JSON.stringify(report, null, 2));
  else {
    const { rows, files, bytes } = report;
    console.log(`${rows} rows and ${files} files (${(bytes / 1e6).toFixed(1)} MB) in ${folder}`);
  }
  for (const line of report.damaged) console.error(`  damaged: ${line}`);
  return report.damaged.length === 0 ? exitCodes.ok : exitCodes.failed;
}

/** @throws KeepError where Parley runs with this data folder, or what `restore` throws */
export async function restoreCommand(folder: string, { json = false }): Promise<number> {
  const say = json ? () => {} : (line: string) => console.log(`  ${line}`);
  const app = (await findApp(dataFolder(), 'all')) ?? (await findApp(dataFolder(), 'worker'));
  if (app !== undefined) {
    throw new KeepError('Parley is running with this data folder: stop it first.');
  }
  const report = await withDatabase((url) =>
    restore({ url, dataFolder: sharedFolder(), folder: resolve(folder), onProgress: say }),
  );
  if (json) console.log(JSON.stringify(report, null, 2));
  else {
    const { rows, files, migrated } = report;
    const later = migrated.length === 0 ? '' : `, then ${migrated.length} later migrations`;
    console.log(`${rows} rows and ${files} files are back, each as its hash says${later}`);
  }
  return exitCodes.ok;
}

export async function pruneCommand({
  days,
  dryRun = false,
  json,
}: PruneCommandOptions): Promise<number> {
  const session = await openSession();
  try {
    const before = new Date(Date.now() - days * 24 * 3600 * 1000);
    const options = { dataFolder: sharedFolder(), before, dryRun };
    const report = await prune(session.connection.db, options);
    if (json === true) console.log(JSON.stringify(report, null, 2));
    else {
      const { runs, files, bytes, orphans } = report;
      const verb = dryRun ? 'would go' : 'are gone';
      const left = orphans === 0 ? '' : `, ${orphans} of them files that no run speaks of`;
      console.log(`${files} files of ${runs} runs ${verb}, ${(bytes / 1e6).toFixed(1)} MB${left}`);
    }
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
