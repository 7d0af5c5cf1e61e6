/**
 * Where the repository lies.
 *
 * The worker and the command line run this very source, Next a bundle of it in .next/: neither may
 * count folders upwards. Who needs a file of the repository asks here, and this walks up to our own
 * package.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ZooError } from './errors.ts';

let cached: string | undefined;

function isOurPackage(path: string): boolean {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return (
    typeof parsed === 'object' &&
    parsed !== null &&
    'name' in parsed &&
    parsed.name === 'parley-workbench'
  );
}

/**
 * The nearest folder at or above `start` that holds our package.json; never one inside a build.
 */
function findRootAbove(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'package.json');
    const isBuildOutput = folder.split(sep).includes('.next');
    if (!isBuildOutput && existsSync(candidate) && isOurPackage(candidate)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Absolute path of the folder whose package.json is named "parley-workbench".
 *
 * Looks above this file, then above the working directory: a bundler may leave the first undefined.
 *
 * @throws ZooError when neither finds it
 */
export function repositoryRoot(): string {
  const here: unknown = import.meta.dirname;
  const starts = [here, process.cwd()].filter((start) => typeof start === 'string');
  for (const start of starts) {
    cached ??= findRootAbove(start);
  }
  if (cached === undefined) {
    throw new ZooError(
      'missing',
      `no package.json named "parley-workbench" above ${starts.join(' or ')}: run Parley from its repository.`,
    );
  }
  return cached;
}
