/**
 * Where the repository lies.
 *
 * Source runs from server/zoo/, the bundled worker from dist/: neither may count folders upwards. So
 * everyone who needs a file of the repository asks here, and this walks up to our own package.json.
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
 * The nearest folder at or above `start` that holds our package.json. Next's standalone build carries
 * a copy of it in .next/standalone; folders inside .next are passed over, the real root lies above.
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
