/**
 * Where the repository lies.
 *
 * Source runs from server/zoo/, the bundled worker from dist/: neither may count folders upwards. So
 * everyone who needs a file of the repository asks here, and this walks up to our own package.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * Absolute path of the folder whose package.json is named "parley-workbench".
 *
 * Next's standalone build carries a copy of package.json in .next/standalone; a folder below `.next`
 * is therefore passed over, the real root lies above it.
 *
 * @throws ZooError when no such folder lies above this file
 */
export function repositoryRoot(): string {
  if (cached !== undefined) return cached;
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'package.json');
    if (!folder.includes('.next') && existsSync(candidate) && isOurPackage(candidate)) {
      cached = folder;
      return folder;
    }
    if (dirname(folder) === folder) {
      throw new ZooError(
        'missing',
        `no package.json named "parley-workbench" above ${import.meta.dirname}: ` +
          `run Parley from its repository.`,
      );
    }
  }
}
