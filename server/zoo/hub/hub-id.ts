/** What `parley models add` is given: a folder, or an id of the Hub with a revision. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ZooError } from '../errors.ts';

export type Given =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'hub'; readonly id: string; readonly revision: string };

/** One or two names; a revision is a branch, a tag, a commit or refs/pr/N. */
const hubId = /^([A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?)(?:@([\w][\w./-]*))?$/;

/** @throws ZooError for what is neither */
export function parseGiven(text: string): Given {
  const isPath = /^[./~]/.test(text) || (existsSync(text) && statSync(text).isDirectory());
  if (isPath) return { kind: 'folder', folder: resolve(text) };
  const [, id, revision = 'main'] = hubId.exec(text) ?? [];
  if (id !== undefined && !revision.includes('..')) return { kind: 'hub', id, revision };
  throw new ZooError(
    'range',
    `"${text}" is neither a folder here nor an id of the Hub: give ./FOLDER, or OWNER/NAME or OWNER/NAME@REVISION.`,
  );
}

/** Name in specs: the Hub allows no "--" in a name, so nothing else becomes the same. */
export const idOfHub = (id: string): string => id.replace('/', '--');
