/**
 * Names of the classes out of the card of a data set on the Hub. They stand in its front matter as
 * "class_label: names: '0': negative ...", under the column's name; nothing else of that text is read.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Undefined where the card names none, or has none. */
export async function readClassNames(
  folder: string,
  column: string,
): Promise<string[] | undefined> {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return undefined;
  const [, matter = ''] = /^---\n([\s\S]*?)\n---/.exec(await readFile(file, 'utf8')) ?? [];
  const lines = matter.split('\n');
  const start = lines.findIndex((line) => line.trim() === `- name: ${column}`);
  if (start < 0) return undefined;
  const names: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\s*- name:/.test(line)) break;
    const [, index, name] = /^\s*['"]?(\d+)['"]?:\s*['"]?(.*?)['"]?\s*$/.exec(line) ?? [];
    if (index !== undefined && name !== undefined && Number(index) === names.length)
      names.push(name);
  }
  return names.length < 2 ? undefined : names;
}
